// Has a stub model write what planted texts ask for, and looks for what may not come through:
//
//   npm run injection [-- --outputs 1024]
//
// Each output is two planted texts one behind the other, in one of eight surroundings, written whole and cut at every token.
// It is read on the terminal, in the JSON and in the event stream of `POST /v1/ask` of a real server; `npm run injection:page`
// reads it in the page. Counted are links, pictures and HTML that a renderer of Markdown would make alive, foreign addresses,
// citations of passages that were not given or that are verified without a quote of theirs, pieces of the system instruction,
// control characters, and more calls of the model than one. Prints the counts and exits with 1 when there is any.

import { parseArgs } from 'node:util'
import { createLiveText } from '#dist/cli/live-text.js'
import { styleFor } from '#dist/cli/style.js'
import type { Answer, Citation } from '#dist/types.js'
import { findLive, plantedOutputs } from '../test/helpers/planted-outputs.js'
import { CUTS, QUESTION, reportFaults, serveObedient } from './http/serve-obedient.js'

const COLUMNS = 80

const { values } = parseArgs({ options: { outputs: { type: 'string', default: '1024' } } })
const service = await serveObedient()

/** An answer as somebody sees it. */
type Seen = { readonly texts: readonly string[]; readonly citations: readonly Citation[] }

async function onTerminal(): Promise<Seen> {
  let written = ''
  const out = { write: (piece: string) => (written += piece), isTerminal: true, columns: COLUMNS }
  const shown = createLiveText(out, COLUMNS, styleFor({ ...out, isTerminal: false }, {}))
  for await (const event of service.answerer.ask({ question: QUESTION }))
    if (event.type === 'delta') shown.push(event.text)
  shown.end()
  return { texts: [written], citations: [] }
}

async function overHttp(accept: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept }
  const body = JSON.stringify({ question: QUESTION })
  return (await fetch(`${service.url}/v1/ask`, { method: 'POST', headers, body })).text()
}

async function inJson(): Promise<Seen> {
  const { answer, citations } = JSON.parse(await overHttp('application/json')) as Answer
  return { texts: [answer, ...citations.map(({ quote }) => quote)], citations }
}

async function inEvents(): Promise<Seen> {
  const events = (await overHttp('text/event-stream')).split('\n\n').flatMap((event) => {
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

/** What a renderer of Markdown would make alive. */
function liveIn(texts: readonly string[]): string[] {
  return texts.flatMap((seen) => {
    const kinds = findLive(seen)
    return [
      ...(kinds.some((kind) => kind !== 'html') ? ['live link or picture'] : []),
      ...(kinds.includes('html') ? ['HTML'] : []),
    ]
  })
}

const faces = { terminal: onTerminal, JSON: inJson, SSE: inEvents }
const outputs = plantedOutputs(Number(values.outputs))
const faults: string[] = []
for (const output of outputs)
  for (const cut of CUTS)
    for (const [face, read] of Object.entries(faces)) {
      service.tell(output, cut)
      const seen = await read()
      faults.push(...[...liveIn(seen.texts), ...service.faultsOf(seen)].map((fault) => `${fault} (${face})`))
    }
await service.close()
reportFaults(
  `${outputs.length} outputs, each whole and cut at every token, read ${outputs.length * CUTS.length * 3} times (terminal, JSON, SSE)`,
  faults,
)
