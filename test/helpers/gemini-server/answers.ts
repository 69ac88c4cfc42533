import type { ApiError } from './errors.js'
import { type Content, estimateTokens, type GenerateContentRequest, type Part } from './rules.js'

/** How likely a text is harmful in one category. */
export interface SafetyRating {
  readonly category: string
  readonly probability: string
  readonly blocked?: boolean
}

/** One answer of a response; content or its parts may be missing, as in the API. */
export interface Candidate {
  readonly content?: Content
  readonly finishReason?: string
  readonly index?: number
  readonly safetyRatings?: readonly SafetyRating[]
  readonly [field: string]: unknown
}

/** A response, or one chunk of a streamed one. */
export interface GenerateContentResponse {
  readonly candidates?: readonly Candidate[]
  readonly promptFeedback?: {
    readonly blockReason?: string
    readonly safetyRatings?: readonly SafetyRating[]
  }
  /** Filled in by the server when absent; null leaves it out of the answer. */
  readonly usageMetadata?: Readonly<Record<string, unknown>> | null
  readonly [field: string]: unknown
}

/** What a handler of generation requests may answer. */
export type GenerateResult =
  | GenerateContentResponse
  | readonly GenerateContentResponse[]
  | AsyncIterable<GenerateContentResponse>

/**
 * Decides what the model says. May throw an `ApiError`. An iterable that throws
 * cuts the connection, and a client may lose chunks that it has not read by then.
 */
export type GenerateHandler = (
  body: GenerateContentRequest,
  call: { readonly model: string; readonly stream: boolean },
) => GenerateResult | Promise<GenerateResult>

/** Further fields of a text answer. */
export interface AnswerOptions {
  readonly finishReason?: string
  readonly safetyRatings?: readonly SafetyRating[]
  /** A thought part before the text. */
  readonly thought?: string
  readonly citationSources?: readonly Readonly<Record<string, unknown>>[]
  readonly usageMetadata?: GenerateContentResponse['usageMetadata']
}

function turn(parts: readonly Part[]): Content {
  return { parts, role: 'model' }
}

/** Responses as the API gives them, for `onGenerate`. */
export const answers = {
  /** One candidate with one text; finishReason STOP unless given. */
  text(text: string, options: AnswerOptions = {}): GenerateContentResponse {
    const { finishReason = 'STOP', safetyRatings, thought, citationSources, usageMetadata } = options
    const parts = [...(thought === undefined ? [] : [{ text: thought, thought: true }]), { text }]
    const candidate = {
      content: turn(parts),
      finishReason,
      index: 0,
      ...(safetyRatings && { safetyRatings }),
      ...(citationSources && { citationMetadata: { citationSources } }),
    }
    return { candidates: [candidate], ...(usageMetadata !== undefined && { usageMetadata }) }
  },

  /** The prompt was blocked: no candidates at all. */
  promptBlocked(
    blockReason = 'SAFETY',
    safetyRatings: readonly SafetyRating[] = [],
  ): GenerateContentResponse {
    return { promptFeedback: { blockReason, ...(safetyRatings.length > 0 && { safetyRatings }) } }
  },

  /** The answer was blocked: a candidate without content. */
  safetyBlocked(safetyRatings: readonly SafetyRating[] = []): GenerateContentResponse {
    return {
      candidates: [{ finishReason: 'SAFETY', index: 0, ...(safetyRatings.length > 0 && { safetyRatings }) }],
    }
  },

  /** Cut at maxOutputTokens; without a text all of it went into thinking and the content has no parts. */
  maxTokens(text?: string): GenerateContentResponse {
    if (text !== undefined) return answers.text(text, { finishReason: 'MAX_TOKENS' })
    return { candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }] }
  },

  /** Finished, with an empty text. */
  empty(): GenerateContentResponse {
    return answers.text('')
  },

  /** Neither candidates nor a reason for it. */
  noCandidates(): GenerateContentResponse {
    return {}
  },

  /** An error in the middle of a stream, under HTTP 200. */
  error(error: ApiError): GenerateContentResponse {
    return { ...error.envelope() }
  },

  /** Several candidates, one per text. */
  candidates(texts: readonly string[]): GenerateContentResponse {
    return {
      candidates: texts.map((text, index) => ({ content: turn([{ text }]), finishReason: 'STOP', index })),
    }
  },

  /** A text in that many chunks (fewer if it has fewer characters); the last one has the finishReason. */
  chunked(text: string, pieces: number, finishReason = 'STOP'): GenerateContentResponse[] {
    const characters = Array.from(text)
    const count = Math.max(1, Math.min(pieces, characters.length))
    return Array.from({ length: count }, (_, index) => {
      const start = Math.floor((index * characters.length) / count)
      const end = Math.floor(((index + 1) * characters.length) / count)
      const content = turn([{ text: characters.slice(start, end).join('') }])
      return { candidates: [{ content, index: 0, ...(index === count - 1 && { finishReason }) }] }
    })
  },
} as const

/** What the server answers unless `onGenerate` says otherwise. */
export function defaultHandler(): GenerateContentResponse {
  return answers.text('According to the documents, this is so [1].')
}

/** The chunks of a result, with the fields that the API adds: usage so far, modelVersion and responseId. */
export async function* completeChunks(
  result: GenerateResult,
  request: GenerateContentRequest,
  model: string,
): AsyncGenerator<GenerateContentResponse> {
  const promptTokenCount = countPromptTokens(request)
  const responseId = `response-${++responseCount}`
  let said = ''
  for await (const chunk of chunksOf(result)) {
    if (chunk.error !== undefined) {
      yield chunk
      continue
    }
    const parts = (chunk.candidates ?? []).flatMap((candidate) => candidate.content?.parts ?? [])
    said += parts.map((part) => part.text ?? '').join('')
    const candidatesTokenCount = estimateTokens(said)
    const totalTokenCount = promptTokenCount + candidatesTokenCount
    const { usageMetadata = { promptTokenCount, candidatesTokenCount, totalTokenCount }, ...rest } = chunk
    yield { ...rest, ...(usageMetadata && { usageMetadata }), modelVersion: model, responseId }
  }
}

let responseCount = 0

function chunksOf(
  result: GenerateResult,
): AsyncIterable<GenerateContentResponse> | readonly GenerateContentResponse[] {
  return isAsyncIterable(result) || Array.isArray(result) ? result : [result as GenerateContentResponse]
}

function isAsyncIterable(result: GenerateResult): result is AsyncIterable<GenerateContentResponse> {
  return Symbol.asyncIterator in result
}

/** One response out of the chunks of a stream: texts joined, the last word of every other field. */
export async function mergeChunks(
  chunks: AsyncIterable<GenerateContentResponse>,
): Promise<GenerateContentResponse> {
  let merged: GenerateContentResponse = {}
  const candidates = new Map<number, Candidate>()
  for await (const chunk of chunks) {
    merged = { ...merged, ...chunk }
    for (const candidate of chunk.candidates ?? []) {
      const index = candidate.index ?? 0
      candidates.set(index, mergeCandidate(candidates.get(index), candidate))
    }
  }
  return { ...merged, ...(candidates.size > 0 && { candidates: [...candidates.values()] }) }
}

function mergeCandidate(before: Candidate | undefined, next: Candidate): Candidate {
  if (!before) return next
  const parts = joinTexts([...(before.content?.parts ?? []), ...(next.content?.parts ?? [])])
  const content =
    parts.length > 0 ? { ...before.content, ...next.content, parts } : (before.content ?? next.content)
  return { ...before, ...next, ...(content && { content }) }
}

function joinTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last?.text !== undefined && part.text !== undefined && last.thought === part.thought) {
      joined[joined.length - 1] = { ...last, ...part, text: last.text + part.text }
    } else {
      joined.push(part)
    }
  }
  return joined
}

/** The tokens of a request's contents and system instruction, roughly. */
export function countPromptTokens({ contents, systemInstruction }: GenerateContentRequest): number {
  return countTokens([...contents, ...(systemInstruction ? [systemInstruction] : [])])
}

function countTokens(contents: readonly Content[]): number {
  const parts = contents.flatMap((content) => content.parts ?? [])
  return parts.reduce((sum, part) => sum + (part.text === undefined ? 258 : estimateTokens(part.text)), 0)
}
