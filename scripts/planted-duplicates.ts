// Measures how many duplicates are found of those planted among invented documents.
//
//   npm run planted-duplicates -- [--documents 20000] [--planted 1000] [--seed 1]
//
// A third of the planted ones are equal to another document, a third have 5 % of its words replaced, and a third hold one
// paragraph of it among others of their own. So many documents again have 40 % of another's words replaced, and a tenth of all
// end with the same line: none of these is to be reported. A pair counts as found when any group names both documents.
import { parseArgs } from 'node:util'
import { readPassages } from '#dist/corpus/corpus-passage.js'
import { runInThread } from '#dist/corpus/run-in-thread.js'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import type { DocumentEntry, Store } from '#dist/store/store.js'
import { createRandom } from './bench-data.js'
import { createWordSource } from './bench-words.js'
import { plainDocument } from './plain-document.js'

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    planted: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
})
const [count, planted, seed] = [Number(values.documents), Number(values.planted), Number(values.seed)]
const KINDS = ['equal', 'edited', 'contained'] as const
const FOOTER = 'Printed by the office for internal use only; see the notice.'

type Kind = (typeof KINDS)[number]

const next = createRandom(seed)
const words = createWordSource(seed)
const paragraph = () => words(40 + (next() % 60)).text
const replaced = (text: string, share: number) => {
  const list = text.split(' ')
  const places = new Set<number>()
  while (places.size < Math.round(list.length * share)) places.add(next() % list.length)
  return list.map((word, at) => (places.has(at) ? `${words(1).text.trim()}${at}` : word)).join(' ')
}

/** Documents as paragraphs, and which pairs of them are planted. */
function makeCorpus(): { texts: string[]; truth: Map<string, Kind> } {
  const originals = count - 2 * planted
  const corpus = Array.from({ length: originals }, () => Array.from({ length: 2 + (next() % 2) }, paragraph))
  const truth = new Map<string, Kind>()
  for (let i = 0; i < planted; i++) {
    const kind = KINDS[i % KINDS.length] ?? 'equal'
    const original = corpus[i] ?? []
    truth.set(`${i}-${corpus.length}`, kind)
    if (kind === 'equal') corpus.push(original)
    else if (kind === 'edited') corpus.push(original.map((text) => replaced(text, 0.05)))
    else corpus.push([paragraph(), original[0] ?? '', paragraph()])
  }
  for (let i = 0; i < planted; i++)
    corpus.push((corpus[planted + i] ?? []).map((text) => replaced(text, 0.4)))
  const texts = corpus.map((paragraphs, at) =>
    [...paragraphs, ...(at % 10 === 0 && at > 2 * planted ? [FOOTER] : [])].join('\n\n'),
  )
  return { texts, truth }
}

async function fill(store: Store, texts: readonly string[]): Promise<void> {
  await store.adopt({
    embedder: { provider: 'local', modelId: 'none', dimensions: 8, roles: 'none/1' },
    chunker: 'none/1',
  })
  await store.openCollection('planted', null)
  let entries: DocumentEntry[] = []
  for (const [at, text] of texts.entries()) {
    entries.push(plainDocument('planted', String(at), text))
    if (entries.length < 500 && at < texts.length - 1) continue
    await store.replaceDocuments(entries)
    entries = []
  }
}

const { texts, truth } = makeCorpus()
const store = openSqliteStore(':memory:', { create: true })
await fill(store, texts)
const started = performance.now()
const cpuBefore = process.cpuUsage()
const { groups, documents, passages } = await runInThread({
  task: 'compare',
  options: { similarity: 0.6 },
  pages: readPassages(store, {}, {}),
})
const seconds = (performance.now() - started) / 1000
const cpu = process.cpuUsage(cpuBefore)

const found = new Set<string>()
for (const { members } of groups) {
  const chunks = await store.getChunks(members.map(({ chunkId }) => chunkId))
  const [first, ...others] = chunks.map(({ uri }) => Number(uri))
  for (const other of others) found.add([first ?? 0, other].sort((a, b) => a - b).join('-'))
}
await store.close()
for (const kind of KINDS) {
  const all = [...truth].filter(([, each]) => each === kind)
  const hits = all.filter(([pair]) => found.has(pair)).length
  console.log(`${kind.padEnd(9)}  recall ${(hits / all.length).toFixed(4)} of ${all.length}`)
}
const hits = [...found].filter((pair) => truth.has(pair)).length
console.log(
  `all        recall ${(hits / truth.size).toFixed(4)}  precision ${(hits / found.size).toFixed(4)}`,
)
const cpuSeconds = ((cpu.user + cpu.system) / 1e6).toFixed(1)
console.log(`${documents} documents, ${passages} passages: ${seconds.toFixed(1)} s, ${cpuSeconds} s of CPU`)
