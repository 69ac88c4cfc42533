import { type AnswerEvent, type AnswererDependencies, createAnswerer } from '../../src/answer/answerer.js'
import type { GeneratePart, GenerateRequest, Generator } from '../../src/answer/generator.js'
import { throwIfAborted } from '../../src/errors.js'
import type { SearchRequest } from '../../src/search/search-request.js'
import type { Searcher } from '../../src/search/searcher.js'
import type { Answer, Hit } from '../../src/types.js'
import { makeHit } from './make-hit.js'

export const passages = [
  makeHit(1, 'The heat pump was installed in 2021 by the firm Keller.'),
  makeHit(2, 'Bread is baked for forty minutes.', { relevance: 0.4 }),
]

export const text = (words: string, candidate = 0): GeneratePart => ({ type: 'text', text: words, candidate })
export const finish = (
  kind: Extract<GeneratePart, { type: 'finish' }>['kind'] = 'stop',
  facts: Partial<Extract<GeneratePart, { type: 'finish' }>> = {},
): GeneratePart => ({ type: 'finish', kind, reason: kind.toUpperCase(), ...facts })

/** One attempt of a generator: parts in order; an error is thrown where it stands. */
export type Script = readonly (GeneratePart | Error)[]

/** Facts of a generator that no fake writes for. */
export const generatorFacts = {
  modelId: 'fake-model',
  maxInputTokens: 20_000,
  maxOutputTokens: 8_000,
  extractive: false,
  seesImages: true,
} as const

export type FakeGenerator = Generator & {
  readonly requests: GenerateRequest[]
  readonly closed: () => number
}

/** Plays one script per call, the last one for all further calls. */
export function fakeGenerator(...scripts: readonly Script[]): FakeGenerator {
  const requests: GenerateRequest[] = []
  let closed = 0
  return {
    ...generatorFacts,
    requests,
    closed: () => closed,
    async *generate(request, { signal }) {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? []
      requests.push(request)
      try {
        for (const part of script) {
          throwIfAborted(signal)
          if (part instanceof Error) throw part
          yield part
        }
        throwIfAborted(signal)
      } finally {
        closed++
      }
    },
  }
}

export type Asked = {
  readonly events: readonly AnswerEvent[]
  readonly answer: Answer | undefined
  /** All deltas together. */
  readonly shown: string
  readonly searches: readonly SearchRequest[]
}

export type AskSetup = {
  readonly generator: Generator
  readonly hits?: readonly Hit[]
  readonly degraded?: string
  /** Found for each query, in place of `hits`. */
  readonly search?: (query: string) => readonly Hit[]
  readonly dependencies?: Partial<AnswererDependencies>
  readonly request?: Partial<Parameters<ReturnType<typeof createAnswerer>['ask']>[0]>
  /** Called with each event; may abort. */
  readonly onEvent?: (event: AnswerEvent) => void
}

/** Asks the fakes one question and collects what comes. */
export async function ask({
  hits = passages,
  degraded,
  onEvent,
  search,
  ...setup
}: AskSetup): Promise<Asked> {
  const searches: SearchRequest[] = []
  const searcher: Searcher = {
    async search(request) {
      searches.push(request)
      const { query } = request
      const found = search?.(query) ?? hits
      return {
        query,
        mode: 'hybrid',
        tookMs: 1,
        hits: found,
        ...(degraded === undefined ? {} : { degraded }),
      }
    },
    rankDocuments: async () => [],
    termWeights: async () => new Map([['pump', 2]]),
  }
  const answerer = createAnswerer({
    searcher,
    generator: () => setup.generator,
    minRelevance: 0.3,
    randomMark: () => 'm4rk',
    passageBudget: { tokens: 1000, passages: 12 },
    historyTokens: 500,
    settings: {},
    safety: [],
    withPrice: (usage) => usage,
    ...setup.dependencies,
  })
  const events: AnswerEvent[] = []
  let answer: Answer | undefined
  let shown = ''
  for await (const event of answerer.ask({ question: 'When was the pump installed?', ...setup.request })) {
    events.push(event)
    if (event.type === 'delta') shown += event.text
    if (event.type === 'done') answer = event.answer
    onEvent?.(event)
  }
  return { events, answer, shown, searches }
}
