import { withRetry } from '../embed/retry.js'
import { GemdexError } from '../errors.js'
import type { Searcher } from '../search/searcher.js'
import type { Answer, AnswerStatus, Citation, Hit, PromptFeedback } from '../types.js'
import { buildPrompt, numberPassages } from './build-prompt.js'
import {
  type GeneratePart,
  type GenerateRequest,
  type GenerationSettings,
  type Generator,
  NOT_IN_PASSAGES,
  type SafetySetting,
} from './generator.js'
import { resolveCitations } from './resolve-citations.js'

const PASSAGES = 8
const START_ATTEMPTS = 3
const START_TOTAL_MS = 60_000

export type AskRequest = {
  readonly question: string
  readonly collection?: string
  /** Passages of other collections are not there. */
  readonly collections?: readonly string[]
  readonly settings?: GenerationSettings
  readonly safety?: readonly SafetySetting[]
  readonly signal?: AbortSignal
}

/** `delta` is provisional: `done` carries the final status and text, which replace what was shown. */
export type AnswerEvent =
  | { readonly type: 'sources'; readonly sources: readonly Hit[] }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'done'; readonly answer: Answer }

export type AnswererDependencies = {
  readonly searcher: Searcher
  /** Asked when an answer is: only then is a key, or a model's name that fits, needed. */
  readonly generator: () => Generator
  /** Weights of the question's terms, as the search weighs them. */
  readonly termWeights: (question: string) => Promise<ReadonlyMap<string, number>>
  /** Least relevance of the best passage, below which nothing is asked of the generator. */
  readonly minRelevance: number
  /** A word that cannot be guessed, new at each call. */
  readonly randomMark: () => string
  readonly settings: GenerationSettings
  readonly safety: readonly SafetySetting[]
}

type Finish = Extract<GeneratePart, { type: 'finish' }>

export interface Answerer {
  ask(request: AskRequest): AsyncIterable<AnswerEvent>
}

/**
 * Answers from the passages found. Refused when none is relevant, when the generator says so, or when nothing it wrote
 * cites a passage. Throws BAD_INPUT, store errors, and what the generator throws; an answer that broke off is INCOMPLETE.
 */
export function createAnswerer(dependencies: AnswererDependencies): Answerer {
  const { searcher } = dependencies
  return {
    async *ask(request) {
      const generator = dependencies.generator()
      const signal = request.signal === undefined ? {} : { signal: request.signal }
      const collection = request.collection === undefined ? {} : { collection: request.collection }
      const found = await searcher.search({
        query: request.question,
        limit: PASSAGES,
        full: true,
        ...collection,
        ...(request.collections === undefined ? {} : { collections: request.collections }),
        ...signal,
      })
      const base = {
        standaloneQuestion: request.question,
        model: generator.modelId,
        sources: found.hits,
        ...(found.degraded === undefined ? {} : { degraded: found.degraded }),
      }
      yield { type: 'sources', sources: found.hits }
      const best = Math.max(0, ...found.hits.map((hit) => hit.relevance))
      if (best < dependencies.minRelevance || found.hits.length === 0) {
        const reason =
          found.hits.length === 0
            ? 'No passage matches the question.'
            : 'No passage is close enough to the question.'
        yield { type: 'done', answer: { ...base, status: 'refused', answer: '', citations: [], reason } }
        return
      }
      const passages = numberPassages(found.hits)
      const termWeights = await dependencies.termWeights(request.question)
      const generation: GenerateRequest = {
        ...buildPrompt(request.question, passages, dependencies.randomMark()),
        grounding: { question: request.question, passages, termWeights },
        settings: { ...dependencies.settings, ...request.settings },
        safety: request.safety ?? dependencies.safety,
      }
      const texts: string[] = []
      let finish: Finish | undefined
      let shown = 0
      for await (const part of startWithRetry(generator, generation, request.signal)) {
        if (part.type === 'finish') {
          finish = part
          continue
        }
        texts[part.candidate] = (texts[part.candidate] ?? '') + part.text
        const first = texts[0] ?? ''
        if (part.candidate !== 0 || isOrMayBecomeRefusal(first)) continue
        yield { type: 'delta', text: first.slice(shown) }
        shown = first.length
      }
      if (finish === undefined)
        throw new GemdexError('INCOMPLETE', 'The answer ended without a finish', { retryable: true })
      const outcome = decideOutcome(texts[0] ?? '', finish, found.hits)
      for (const citation of outcome.citations) yield { type: 'citation', citation }
      yield { type: 'done', answer: { ...base, ...outcome, ...extrasOf(texts, finish) } }
    },
  }
}

/** Whether a text as far as it has come says that the passages do not hold the answer, or still may. */
function isOrMayBecomeRefusal(text: string): boolean {
  const begun = text.trim()
  return NOT_IN_PASSAGES.startsWith(begun) || begun.startsWith(NOT_IN_PASSAGES)
}

/** Tries again while nothing has been written yet; what was begun is never begun anew. */
async function* startWithRetry(
  generator: Generator,
  request: GenerateRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<GeneratePart> {
  const options = signal === undefined ? {} : { signal }
  const { first, parts } = await withRetry(
    async () => {
      const parts = generator.generate(request, options)[Symbol.asyncIterator]()
      return { first: await parts.next(), parts }
    },
    { attempts: START_ATTEMPTS, maxTotalMs: START_TOTAL_MS, ...options },
  )
  try {
    for (let next = first; !next.done; next = await parts.next()) yield next.value
  } finally {
    await parts.return?.()
  }
}

type Outcome = Pick<Answer, 'status' | 'answer' | 'citations' | 'reason'>

function decideOutcome(text: string, finish: Finish, hits: readonly Hit[]): Outcome {
  const none = { answer: '', citations: [] }
  if (finish.kind === 'blocked') return { ...none, status: 'blocked', reason: whyBlocked(finish) }
  if (text.trim() === '') {
    if (finish.kind !== 'length')
      return { ...none, status: 'empty', reason: `The model gave no text (${finish.reason}).` }
    return {
      ...none,
      status: 'truncated',
      reason: 'The output limit was reached before any text. Raise GEMDEX_MAX_OUTPUT_TOKENS.',
    }
  }
  if (text.trim().startsWith(NOT_IN_PASSAGES)) {
    return { ...none, status: 'refused', reason: 'The passages found do not hold the answer.' }
  }
  const { text: answer, citations } = resolveCitations(text.trim(), hits)
  if (finish.kind !== 'stop') {
    const reason =
      finish.kind === 'length'
        ? 'The output limit was reached.'
        : `The model stopped early (${finish.reason}).`
    return { status: 'truncated', answer, citations, reason }
  }
  if (citations.length === 0) {
    return { ...none, status: 'refused', reason: 'The model named no passage for what it wrote.' }
  }
  return { status: 'answered' satisfies AnswerStatus, answer, citations }
}

function whyBlocked(finish: Finish): string {
  const feedback: PromptFeedback | undefined = finish.promptFeedback
  const ratings = feedback?.safetyRatings ?? finish.safetyRatings ?? []
  const worst = ratings.filter(
    ({ blocked, probability }) => blocked || probability === 'HIGH' || probability === 'MEDIUM',
  )
  const named = worst.map(({ category, probability }) => `${category} ${probability}`).join(', ')
  const what =
    feedback === undefined
      ? `The answer was blocked (${finish.reason})`
      : `The question was blocked (${feedback.blockReason})`
  return named === '' ? `${what}.` : `${what}: ${named}.`
}

function extrasOf(texts: readonly string[], finish: Finish): Partial<Answer> {
  return {
    finishReason: finish.reason,
    ...(texts.length > 1 ? { candidates: Array.from(texts, (text) => text ?? '') } : {}),
    ...(finish.usage === undefined ? {} : { usage: finish.usage }),
    ...(finish.safetyRatings === undefined ? {} : { safetyRatings: finish.safetyRatings }),
    ...(finish.promptFeedback === undefined ? {} : { promptFeedback: finish.promptFeedback }),
  }
}
