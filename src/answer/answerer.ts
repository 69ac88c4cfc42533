import { addUsage } from '../add-usage.js'
import { type Clock, systemClock } from '../embed/clock.js'
import { GemdexError } from '../errors.js'
import { createLexicon, type Lexicon } from '../text/lexicon.js'
import type { Answer, Citation, Hit, InlineData, QuestionPart, Usage } from '../types.js'
import { buildPrompt, numberPassages } from './build-prompt.js'
import { type CandidateText, createCandidateText } from './candidate-text.js'
import { createAnswerChecker } from './check-answer.js'
import { readQuestion } from './check-images.js'
import { type FindDependencies, type FoundPassages, findPassages } from './find-passages.js'
import type {
  FinishPart,
  GenerateRequest,
  GenerationSettings,
  Generator,
  SafetySetting,
} from './generator.js'
import { fitHistory, type PastTurn } from './history.js'
import { decideOutcome, type Outcome, refuse } from './outcome.js'
import { withPauses } from './with-pauses.js'
import { type WriteOptions, withPartialAnswer, writeAnswer } from './write-answer.js'

/** How long an answer's first letters may wait for the next piece, which tells whether they begin an address. */
const MAX_HELD_MS = 40

export type AskRequest = {
  readonly question: string | readonly QuestionPart[]
  /** Images that belong to the question, beside those among its parts. */
  readonly images?: readonly InlineData[]
  readonly collection?: string
  /** Passages of other collections are not there. */
  readonly collections?: readonly string[]
  readonly settings?: GenerationSettings
  readonly safety?: readonly SafetySetting[]
  /** Restricts the passages; see `SearchRequest`. */
  readonly filter?: unknown
  /** The conversation so far, oldest first, as far as it is to go on. */
  readonly past?: readonly PastTurn[]
  readonly signal?: AbortSignal
}

/** `delta` is provisional: `done` carries the final status and text, which replace what was shown. */
export type AnswerEvent =
  | { readonly type: 'sources'; readonly sources: readonly Hit[]; readonly standaloneQuestion: string }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'done'; readonly answer: Answer }

export type AnswererDependencies = FindDependencies & {
  /** Asked when an answer is: only then is a key, or a model's name that fits, needed. */
  readonly generator: () => Generator
  /** Estimated tokens of the conversation that go with a question. */
  readonly historyTokens: number
  readonly settings: GenerationSettings
  readonly safety: readonly SafetySetting[]
  /** What waits between tries are measured with; the machine's unless given. */
  readonly clock?: Clock
  /** Adds the price to what the model used, where it is known. */
  readonly withPrice: (usage: Usage) => Usage
}

export interface Answerer {
  ask(request: AskRequest): AsyncIterable<AnswerEvent>
}

/**
 * Answers from the passages found. Refused when none is near, when the generator says so, or when nothing it wrote is
 * borne by a passage it cites. Throws BAD_INPUT, store errors, and what the generator throws; an answer that broke off
 * throws with what had come of it as `partialAnswer`, INCOMPLETE when nobody said why.
 */
export function createAnswerer(dependencies: AnswererDependencies): Answerer {
  const lexicon = createLexicon()
  return {
    async *ask(request) {
      const generator = dependencies.generator()
      const { text, images } = readQuestion(request.question, request.images)
      refuseUnseen(images, generator)
      const past = request.past ?? []
      const safety = request.safety ?? dependencies.safety
      const found = await findPassages({ ...request, text, images, past, safety }, generator, dependencies)
      yield { type: 'sources', sources: found.passages, standaloneQuestion: found.question }
      const writing = {
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        ...(dependencies.clock === undefined ? {} : { clock: dependencies.clock }),
      }
      const written = found.isNear
        ? yield* write(
            generator,
            await prepare({ ...request, images, past, safety }, found, generator, dependencies),
            found,
            { ...writing, lexicon },
          )
        : { outcome: refuse(whyNotAsked(found)), facts: {}, usage: undefined }
      const usage = addUsage([...found.usage, written.usage])
      const answer: Answer = {
        ...written.outcome,
        ...written.facts,
        standaloneQuestion: found.question,
        sessionId: null,
        model: generator.modelId,
        sources: found.passages,
        ...(usage === undefined ? {} : { usage: dependencies.withPrice(usage) }),
        ...(found.degraded === undefined ? {} : { degraded: found.degraded }),
      }
      yield { type: 'done', answer }
    },
  }
}

function refuseUnseen(images: readonly InlineData[], { seesImages, modelId }: Generator): void {
  if (images.length === 0 || seesImages) return
  throw new GemdexError('BAD_INPUT', `${modelId} cannot look at images`, {
    hint: 'Set GOOGLE_API_KEY to have a Gemini model answer, or ask without images.',
    field: 'images',
  })
}

function whyNotAsked({ passages }: FoundPassages): string {
  return passages.length === 0
    ? 'No passage matches the question.'
    : 'No passage is close enough to the question.'
}

type MarkedRequest = GenerateRequest & { readonly mark: string }

async function prepare(
  request: Pick<AskRequest, 'settings'> & Required<Pick<AskRequest, 'images' | 'past' | 'safety'>>,
  found: FoundPassages,
  { extractive }: Generator,
  { searcher, randomMark, historyTokens, settings }: AnswererDependencies,
): Promise<MarkedRequest> {
  const passages = numberPassages(found.passages)
  const mark = randomMark()
  const prompt = buildPrompt({
    question: found.question,
    images: request.images,
    passages,
    history: fitHistory(request.past, historyTokens),
    mark,
  })
  return {
    ...prompt,
    mark,
    grounding: {
      question: found.question,
      passages,
      termWeights: extractive ? await searcher.termWeights(found.question) : new Map(),
    },
    settings: { ...settings, ...request.settings },
    safety: request.safety,
  }
}

type Written = {
  readonly outcome: Outcome
  readonly facts: Pick<Answer, 'finishReason' | 'candidates' | 'safetyRatings' | 'promptFeedback'>
  readonly usage: Usage | undefined
}

/** Has the answer written, and gives what may be shown of it, and each citation checked, as they come. */
async function* write(
  generator: Generator,
  { mark, ...request }: MarkedRequest,
  { passages, question }: FoundPassages,
  { lexicon, ...writing }: WriteOptions & { readonly lexicon: Lexicon },
): AsyncGenerator<AnswerEvent, Written> {
  const options = { passages: passages.length, mark, system: request.system }
  const first = createCandidateText(options)
  const candidates: CandidateText[] = [first]
  const checker = createAnswerChecker(passages, question, lexicon)
  const leave = new AbortController()
  const signal = writing.signal === undefined ? leave.signal : AbortSignal.any([writing.signal, leave.signal])
  const parts = withPauses(writeAnswer(generator, request, { ...writing, signal }), {
    afterMs: MAX_HELD_MS,
    isWaitedFor: () => first.isHolding,
    clock: writing.clock ?? systemClock,
    abort: () => leave.abort(),
  })
  let finish: FinishPart | undefined
  try {
    for await (const part of parts) {
      if (part === undefined) {
        const text = first.release()
        yield* events(text, checker.push(text))
      } else if (part.type === 'finish') finish = part
      else {
        const candidate = candidates[part.candidate] ?? createCandidateText(options)
        candidates[part.candidate] = candidate
        const text = candidate.push(part.text)
        if (candidate === first) yield* events(text, checker.push(text))
        if (first.isFull) break
      }
    }
  } catch (error) {
    throw withPartialAnswer(error, first.shown)
  }
  finish ??= { type: 'finish', kind: 'length', reason: 'TOO_LONG' }
  const rest = candidates.map((candidate) => candidate?.end() ?? '')[0] ?? ''
  const citations = [...checker.push(rest), ...checker.end()]
  if (finish.kind !== 'blocked') yield* events(rest, citations)
  return {
    outcome: decideOutcome(first.said, first.shown, finish, checker.result()),
    facts: factsOf(candidates, finish),
    usage: finish.usage,
  }
}

function* events(text: string, citations: readonly Citation[]): IterableIterator<AnswerEvent> {
  if (text !== '') yield { type: 'delta', text }
  for (const citation of citations) yield { type: 'citation', citation }
}

function factsOf(candidates: readonly CandidateText[], finish: FinishPart): Written['facts'] {
  return {
    finishReason: finish.reason,
    ...(candidates.length > 1 ? { candidates: Array.from(candidates, (text) => text?.shown ?? '') } : {}),
    ...(finish.safetyRatings === undefined ? {} : { safetyRatings: finish.safetyRatings }),
    ...(finish.promptFeedback === undefined ? {} : { promptFeedback: finish.promptFeedback }),
  }
}
