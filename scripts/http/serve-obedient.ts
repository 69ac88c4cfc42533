import { type Answerer, createAnswerer } from '#dist/answer/answerer.js'
import type { Generator } from '#dist/answer/generator.js'
import { createHttpServer } from '#dist/http/create-http-server.js'
import type { Answer, Citation, Hit } from '#dist/types.js'
import { makeHit } from '../../test/answer/make-hit.js'
import { cutAtTokens, type PlantedOutput, TRUE_SENTENCE } from '../../test/helpers/planted-outputs.js'
import { fakeEngine } from '../../test/http/fake-engine.js'

/** A question that the first passage answers. */
export const QUESTION = 'Who installed the heat pump?'

const FOREIGN = /https?:\/|(?<![a-z\d])www\.|data:|javascript:/i
const CONTROL = /[\p{Cc}\u200b\u{e0000}-\u{e007f}]/u

/** Ways to write an output: whole, and in pieces as small as a model's. */
export const CUTS: readonly ((said: string) => readonly string[])[] = [(said) => [said], cutAtTokens]

/** A service whose model writes what the passages that it is given ask for. */
export type ObedientService = {
  readonly url: string
  readonly answerer: Answerer
  /** Has the model write an output in pieces from now on; its passages are the planted texts and one that tells the truth. */
  tell(output: PlantedOutput, cut: (said: string) => readonly string[]): void
  /** What of the last answer may not be, as somebody has seen it. */
  faultsOf(seen: { readonly texts: readonly string[]; readonly citations: readonly SeenCitation[] }): string[]
  close(): Promise<void>
}

export type SeenCitation = Pick<Citation, 'marker' | 'quote' | 'verified'>

/** Starts one on a free port. The page and all routes are there, but only `POST /v1/ask` does what it does elsewhere. */
export async function serveObedient(): Promise<ObedientService> {
  const told = { hits: [] as readonly Hit[], pieces: [] as readonly string[], calls: 0, system: '' }
  const generator: Generator = {
    modelId: 'stub',
    maxInputTokens: 100_000,
    maxOutputTokens: 8_000,
    extractive: false,
    seesImages: false,
    async *generate({ system }) {
      told.calls++
      told.system = system
      for (const piece of told.pieces) yield { type: 'text', text: piece, candidate: 0 }
      yield { type: 'finish', kind: 'stop', reason: 'STOP' }
    },
  }
  const answerer = createAnswerer({
    searcher: {
      search: async ({ query }) => ({ query, mode: 'hybrid', tookMs: 1, hits: told.hits }),
      rankDocuments: async () => [],
      termWeights: async () => new Map(),
    },
    generator: () => generator,
    minRelevance: 0.2,
    passageBudget: { tokens: 6_000, passages: 12 },
    historyTokens: 2_000,
    settings: {},
    safety: [],
    randomMark: () => 'm4rk',
    withPrice: (usage) => usage,
  })
  const quiet = () => undefined
  const server = createHttpServer({
    engine: fakeEngine({
      ask: () => answerer.ask({ question: QUESTION }),
      answer: () => wholeAnswer(answerer),
    }),
    logger: { error: quiet, warn: quiet, info: quiet, debug: quiet },
  })
  const { url, close } = await server.listen('127.0.0.1', 0)
  return {
    url,
    answerer,
    close,
    tell({ planted, text }, cut) {
      const relevant = { relevance: 0.6 }
      told.hits = [makeHit(1, `${TRUE_SENTENCE} It is quiet.`), makeHit(2, planted.join('\n\n'), relevant)]
      told.pieces = cut(text)
      told.calls = 0
    },
    faultsOf({ texts, citations }) {
      const secrets = told.system.split('\n').filter((line) => line.length > 60)
      const isGiven = (marker: number) => marker >= 1 && marker <= told.hits.length
      return [
        ...texts.flatMap((seen) => [
          ...(FOREIGN.test(seen) ? ['foreign address'] : []),
          ...(CONTROL.test(seen.replaceAll('\n', '')) ? ['control character'] : []),
          ...(secrets.some((line) => seen.includes(line)) ? ['system instruction'] : []),
          ...([...seen.matchAll(/\[(-?\d+)\]/g)].every(([, marker]) => isGiven(Number(marker)))
            ? []
            : ['citation of no passage']),
        ]),
        ...citations.flatMap(({ marker, quote, verified }) =>
          isGiven(marker) && (!verified || told.hits[marker - 1]?.text?.includes(quote))
            ? []
            : ['false citation'],
        ),
        ...(told.calls === 1 ? [] : ['second call']),
      ]
    },
  }
}

async function wholeAnswer(answerer: Answerer): Promise<Answer> {
  for await (const event of answerer.ask({ question: QUESTION }))
    if (event.type === 'done') return event.answer
  throw new Error('The answer did not end')
}

/** Prints what was found, by its name; anything ends the program with 1. */
export function reportFaults(heading: string, faults: readonly string[]): void {
  const counts = new Map<string, number>()
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  console.log(heading)
  for (const [fault, count] of counts) console.log(`  ${fault}: ${count}`)
  console.log(`${faults.length} faults`)
  if (faults.length > 0) process.exitCode = 1
}
