import type { FinishKind, GeneratePart } from '../answer/generator.js'
import { GemdexError } from '../errors.js'
import type { PromptFeedback, SafetyRating, Usage } from '../types.js'
import { asList, asNumber, asText, isRecord } from './is-record.js'

const BLOCKING_REASONS: readonly string[] = [
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
]

/** What kind of end a model's finish reason is; one that nobody has heard of yet is `other`, never `stop`. */
export function finishKind(reason: string): FinishKind {
  if (reason === 'STOP') return 'stop'
  if (reason === 'MAX_TOKENS') return 'length'
  return BLOCKING_REASONS.includes(reason) || reason.startsWith('IMAGE_') ? 'blocked' : 'other'
}

/**
 * Puts an answer together from GenerateContentResponses: one, or the chunks of a stream in order. Made because the
 * SDK's own aggregate merges candidates, doubles parts and keeps the model's thoughts.
 */
export class AnswerReader {
  private readonly call: string
  /** The responses so far, as JSON. */
  private readonly seen = new Set<string>()
  private reason: string | undefined
  private usage: Usage | undefined
  private safetyRatings: readonly SafetyRating[] | undefined
  private promptFeedback: PromptFeedback | undefined

  /** `call` names the call in errors: method and model. */
  constructor(call: string) {
    this.call = call
  }

  /** Whether the model has said how the answer, or its refusal of the prompt, ended. */
  get finished(): boolean {
    return this.reason !== undefined || this.promptFeedback !== undefined
  }

  /**
   * Takes in one response and yields its texts, without thoughts, under their candidate's number. What comes with a reason
   * that blocks it is left out: nobody is to be shown it. So is what comes twice: a candidate of one response, and behind the
   * end of the answer a response that has come before.
   */
  *read(response: unknown): Generator<GeneratePart, void, undefined> {
    if (!isRecord(response) || this.isRepeated(response)) return
    const given = new Set<number>()
    this.usage = readUsage(response.usageMetadata) ?? this.usage
    this.promptFeedback = readPromptFeedback(response.promptFeedback) ?? this.promptFeedback
    for (const [position, entry] of asList(response.candidates).entries()) {
      if (!isRecord(entry)) continue
      const candidate = asNumber(entry.index) ?? position
      if (given.has(candidate)) continue
      given.add(candidate)
      const reason = asText(entry.finishReason)
      // The finish part tells of the first candidate: it is the answer.
      if (candidate === 0) {
        this.reason = reason ?? this.reason
        this.safetyRatings = readSafetyRatings(entry.safetyRatings) ?? this.safetyRatings
      }
      if (reason !== undefined && finishKind(reason) === 'blocked') continue
      for (const text of textsOf(entry.content)) yield { type: 'text', text, candidate }
    }
  }

  private isRepeated(response: Readonly<Record<string, unknown>>): boolean {
    const json = JSON.stringify(response)
    const isRepeated = this.finished && this.seen.has(json)
    this.seen.add(json)
    return isRepeated
  }

  /** The last part. Throws INCOMPLETE when no response gave a reason to end. */
  finish(): GeneratePart {
    const { reason, promptFeedback, usage, safetyRatings } = this
    const facts = { ...(usage && { usage }), ...(safetyRatings && { safetyRatings }) }
    if (promptFeedback) {
      return { type: 'finish', kind: 'blocked', reason: promptFeedback.blockReason, promptFeedback, ...facts }
    }
    if (reason !== undefined) return { type: 'finish', kind: finishKind(reason), reason, ...facts }
    throw new GemdexError('INCOMPLETE', `The answer of ${this.call} ended without a reason to end`, {
      hint: 'Ask again: what has arrived may not be the whole answer',
      retryable: true,
    })
  }
}

/** A candidate may have no content, and a content no parts. */
function textsOf(content: unknown): string[] {
  const parts = isRecord(content) ? asList(content.parts) : []
  return parts.flatMap((part) => (isRecord(part) && part.thought !== true ? (asText(part.text) ?? []) : []))
}

function readUsage(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined
  const promptTokens = asNumber(value.promptTokenCount) ?? 0
  const answerTokens = asNumber(value.candidatesTokenCount) ?? 0
  const thinkingTokens = asNumber(value.thoughtsTokenCount) ?? 0
  const totalTokens = asNumber(value.totalTokenCount) ?? promptTokens + answerTokens + thinkingTokens
  return { promptTokens, answerTokens, thinkingTokens, totalTokens }
}

function readSafetyRatings(value: unknown): SafetyRating[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter(isRecord).map((rating) => ({
    category: asText(rating.category) ?? 'HARM_CATEGORY_UNSPECIFIED',
    probability: asText(rating.probability) ?? 'HARM_PROBABILITY_UNSPECIFIED',
    ...(typeof rating.blocked === 'boolean' && { blocked: rating.blocked }),
  }))
}

/** Feedback without a reason to block came with every good answer of older models: it blocks nothing. */
function readPromptFeedback(value: unknown): PromptFeedback | undefined {
  const blockReason = isRecord(value) ? asText(value.blockReason) : undefined
  if (!isRecord(value) || blockReason === undefined) return undefined
  return { blockReason, safetyRatings: readSafetyRatings(value.safetyRatings) ?? [] }
}
