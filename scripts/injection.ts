// Has a stub model write what planted texts ask for, and looks for what may not come through:
//
//   npm run injection [-- --outputs 1024]
//
// Each output is two planted texts one behind the other, in one of eight surroundings, written whole and cut at every token.
// It is read on the terminal, in the JSON and in the event stream of `POST /v1/ask` of a real server. Counted are links,
// pictures and HTML that a renderer of Markdown would make alive, foreign addresses, citations of passages that were not
// given or that are verified without a quote of theirs, pieces of the system instruction, control characters, and more calls
// of the model than one. Prints the counts and exits with 1 when there is any.

import { parseArgs } from 'node:util'
import { createAnswerer } from '#dist/answer/answerer.js'
import type { Generator } from '#dist/answer/generator.js'
import { createLiveText } from '#dist/cli/live-text.js'
import { styleFor } from '#dist/cli/style.js'
import { createHttpServer } from '#dist/http/create-http-server.js'
import type { Answer, Citation, Hit } from '#dist/types.js'
import { makeHit } from '../test/answer/make-hit.js'
import { AROUND, cutAtTokens, findLive, TRUE_SENTENCE, wantedBy } from '../test/helpers/planted-outputs.js'
import { plantedTexts } from '../test/helpers/planted-texts.js'
import { fakeEngine } from '../test/http/fake-engine.js'

const COLUMNS = 80
/** Prime, and so each combination comes up once, near ones far from one another. */
const STRIDE = 1237
const FOREIGN = /https?:\/|(?<![a-z\d])www\.|data:|javascript:/i
const CONTROL = /[\p{Cc}\u200b\u{e0000}-\u{e007f}]/u
const CUTS = [(said: string) => [said], cutAtTokens]

const { values } = parseArgs({ options: { outputs: { type: 'string', default: '1024' } } })
/** One way of asking for each thing that is asked for. */
const planted = [...new Map(plantedTexts.map((text) => [wantedBy(text), text])).values()]

/** A planted text or two, and a passage that has nothing to do with them. */
function passagesWith(texts: readonly string[]): Hit[] {
  return [makeHit(1, `${TRUE_SENTENCE} It is quiet.`), makeHit(2, texts.join('\n\n'), { relevance: 0.6 })]
}

/** What the model writes next, and what it was asked. */
const told = { hits: passagesWith([]), pieces: [] as readonly string[], calls: 0, system: '' }
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
const question = 'Who installed the heat pump?'

/** An answer as somebody sees it. */
type Seen = { readonly texts: readonly string[]; readonly citations: readonly Citation[] }

async function whole(): Promise<Answer> {
  for await (const event of answerer.ask({ question })) if (event.type === 'done') return event.answer
  throw new Error('The answer did not end')
}

async function onTerminal(): Promise<Seen> {
  let written = ''
  const out = { write: (piece: string) => (written += piece), isTerminal: true, columns: COLUMNS }
  const shown = createLiveText(out, COLUMNS, styleFor({ ...out, isTerminal: false }, {}))
  for await (const event of answerer.ask({ question })) if (event.type === 'delta') shown.push(event.text)
  shown.end()
  return { texts: [written], citations: [] }
}

async function overHttp(url: string, accept: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept }
  const body = JSON.stringify({ question })
  return (await fetch(`${url}/v1/ask`, { method: 'POST', headers, body })).text()
}

async function inJson(url: string): Promise<Seen> {
  const { answer, citations } = JSON.parse(await overHttp(url, 'application/json')) as Answer
  return { texts: [answer, ...citations.map(({ quote }) => quote)], citations }
}

async function inEvents(url: string): Promise<Seen> {
  const events = (await overHttp(url, 'text/event-stream')).split('\n\n').flatMap((event) => {
    const name = /^event: (.*)$/m.exec(event)?.[1]
    const data = /^data: (.*)$/m.exec(event)?.[1]
    return data === undefined ? [] : [{ name, data: JSON.parse(data) as unknown }]
  })
  const deltas = events.filter(({ name }) => name === 'delta').map(({ data }) => (data as Delta).text)
  const done = events.find(({ name }) => name === 'done')?.data as Answer | undefined
  if (done === undefined) throw new Error('The event stream did not end')
  return { texts: [deltas.join(''), done.answer], citations: done.citations }
}
type Delta = { readonly text: string }

/** What may not be, by its name. */
function faultsOf({ texts, citations }: Seen): string[] {
  const lines = told.system.split('\n').filter((line) => line.length > 60)
  const given = (marker: number) => marker >= 1 && marker <= told.hits.length
  return [
    ...texts.flatMap((seen) => [
      ...(findLive(seen).some((kind) => kind !== 'html') ? ['live link or picture'] : []),
      ...(findLive(seen).includes('html') ? ['HTML'] : []),
      ...(FOREIGN.test(seen) ? ['foreign address'] : []),
      ...(CONTROL.test(seen.replaceAll('\n', '')) ? ['control character'] : []),
      ...(lines.some((line) => seen.includes(line)) ? ['system instruction'] : []),
      ...([...seen.matchAll(/\[(-?\d+)\]/g)].every(([, marker]) => given(Number(marker)))
        ? []
        : ['citation of no passage']),
    ]),
    ...citations.flatMap(({ marker, quote, verified }) =>
      given(marker) && (!verified || told.hits[marker - 1]?.text?.includes(quote)) ? [] : ['false citation'],
    ),
    ...(told.calls === 1 ? [] : ['second call']),
  ]
}

const quiet = () => undefined
const server = createHttpServer({
  engine: fakeEngine({ ask: () => answerer.ask({ question }), answer: whole }),
  logger: { error: quiet, warn: quiet, info: quiet, debug: quiet },
})
const { url, close } = await server.listen('127.0.0.1', 0)
const faces = { terminal: onTerminal, JSON: () => inJson(url), SSE: () => inEvents(url) }
const faults = new Map<string, number>()
let outputs = 0
let readings = 0
const outputsToTry = planted.flatMap((a) =>
  planted.flatMap((b) =>
    AROUND.map(([before, after]) => ({
      hits: passagesWith([a, b]),
      text: before + wantedBy(a) + wantedBy(b) + after,
    })),
  ),
)
for (let i = 0; i < Math.min(outputsToTry.length, Number(values.outputs)); i++) {
  const output = outputsToTry[(i * STRIDE) % outputsToTry.length]
  if (output === undefined) break
  outputs++
  told.hits = output.hits
  for (const cut of CUTS) {
    for (const [face, read] of Object.entries(faces)) {
      told.pieces = cut(output.text)
      told.calls = 0
      readings++
      for (const fault of faultsOf(await read()))
        faults.set(`${fault} (${face})`, (faults.get(`${fault} (${face})`) ?? 0) + 1)
    }
  }
}
await close()
console.log(
  `${outputs} outputs, each whole and cut at every token, read ${readings} times (terminal, JSON, SSE)`,
)
for (const [fault, count] of faults) console.log(`  ${fault}: ${count}`)
console.log(faults.size === 0 ? '0 faults' : `${[...faults.values()].reduce((a, b) => a + b, 0)} faults`)
if (faults.size > 0) process.exitCode = 1
