// Damages an index in many ways and looks at what is found: npm run corrupt [-- --mutations 500 --seed 1]
//
// Each damaged index is opened as one that nobody has closed: what changed anything that it holds must be told then, in 99 of 100
// cases. Flips of bits in texts and vectors must all be found by `verify`; whatever is damaged, nothing may end the process or hang.
// A flip that changes nothing, as it hit bytes that SQLite does not use, is counted apart.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contentOf } from './crash/content-of.js'
import { createExaminer, type Examination } from './crash/examiner.js'
import { addDocuments, openSmallStore, vectorBytes } from './crash/small-store.js'
import { createRandom } from './http/random.js'

const KINDS = ['text', 'vector', 'flip', 'zero page', 'garbage page', 'cut off', 'header'] as const
type Kind = (typeof KINDS)[number]
/** Five passages each. */
const DOCUMENTS = 50
const PAGE_BYTES = 8192
/** The first byte of an inner page of a table. */
const INNER_PAGE = 5
const HEADER_BYTES = 100
/** Whatever takes longer is taken for ever. */
const LONGEST_MS = 10_000
const TOLD_GOAL = 0.99

const { values } = parseArgs({
  options: { mutations: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
})
const draw = createRandom(Number(values.seed))
const folder = mkdtempSync(join(tmpdir(), 'gemdex-corrupt-'))
const path = join(folder, 'index.db')
const examinations: { kind: Kind; examination: Examination }[] = []
const faults: string[] = []
const examiner = createExaminer(LONGEST_MS)
let slowestMs = 0

function flipIn(bytes: Buffer, from: number, length: number): void {
  const at = from + draw(length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8))
}

/**
 * Where this text or vector stands in the file. An inner page of a tree of rows has none, but the root was a leaf at first and what
 * it held then may still be there (sqlite.org/fileformat2.html#b_tree_pages).
 */
function occurrences(bytes: Buffer, wanted: Buffer): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1))
    if (bytes[at - (at % PAGE_BYTES)] !== INNER_PAGE) found.push(at)
  return found
}

/** A damaged copy; `places` are texts and vectors as they stand in the file. */
function mutate(kind: Kind, sound: Buffer, places: Record<'text' | 'vector', readonly Buffer[]>): Buffer {
  const bytes = Buffer.from(sound)
  const page = draw(bytes.length / PAGE_BYTES) * PAGE_BYTES
  switch (kind) {
    case 'text':
    case 'vector': {
      const wanted = places[kind][draw(places[kind].length)] ?? Buffer.alloc(0)
      const found = occurrences(bytes, wanted)
      flipIn(bytes, found[draw(found.length)] ?? 0, wanted.length)
      return bytes
    }
    case 'flip':
      flipIn(bytes, 0, bytes.length)
      return bytes
    case 'zero page':
      return bytes.fill(0, page, page + PAGE_BYTES)
    case 'garbage page':
      for (let i = page; i < page + PAGE_BYTES; i++) bytes[i] = draw(256)
      return bytes
    case 'cut off':
      return bytes.subarray(0, draw(bytes.length))
    case 'header':
      flipIn(bytes, 0, HEADER_BYTES)
      return bytes
  }
}

try {
  const store = await openSmallStore(path)
  await addDocuments(store, 0, DOCUMENTS)
  const ids = (await store.listDocuments({ limit: DOCUMENTS })).items.map(({ id }) => id)
  const chunkIds = (await Promise.all(ids.map((id) => store.chunkIdsOf(id)))).flat()
  const chunks = await store.getChunks(chunkIds)
  const places = {
    text: chunks.map(({ text }) => Buffer.from(text)),
    vector: chunks.map(({ text }) => vectorBytes(text)),
  }
  // So that the file has no free pages.
  await store.compact()
  await store.close()
  const sound = readFileSync(path)
  // What is spread over pages is not looked for.
  const stored = {
    text: places.text.filter((text) => occurrences(sound, text).length > 0),
    vector: places.vector.filter((vector) => occurrences(sound, vector).length > 0),
  }
  const content = contentOf(path)
  const mutations = Number(values.mutations)
  for (let number = 0; number < mutations; number++) {
    const kind = KINDS[number % KINDS.length] ?? 'flip'
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
    writeFileSync(path, mutate(kind, sound, stored))
    const started = performance.now()
    const outcome = await examiner.examine({ path, content })
    slowestMs = Math.max(slowestMs, performance.now() - started)
    if (typeof outcome === 'string') faults.push(`${outcome} by mutation ${number}, ${kind}`)
    else examinations.push({ kind, examination: outcome })
  }
  console.log(`mutations ${mutations}, seed ${values.seed}, index of ${(sound.length / 1e6).toFixed(1)} MB`)
  for (const kind of KINDS) {
    const own = examinations.filter((each) => each.kind === kind).map(({ examination }) => examination)
    const count = (what: keyof Examination) => own.filter((each) => each[what]).length
    console.log(
      `${kind.padEnd(13)} ${own.length} made, ${count('isChanged')} changed what it holds, ${count('told')} told at start, ${count('found')} found by verify, ${count('searched')} searched all the same`,
    )
  }
  const changed = examinations.filter(({ examination }) => examination.isChanged)
  const told = changed.filter(({ examination }) => examination.told)
  const share = told.length / changed.length
  console.log(
    `told at start ${told.length} of ${changed.length} that changed anything: ${(100 * share).toFixed(1)} % (goal ${100 * TOLD_GOAL} %)`,
  )
  console.log(
    `crashes and hangs ${faults.length}${faults.map((fault) => `; ${fault}`).join('')}; slowest to read, open, search and verify ${Math.round(slowestMs)} ms`,
  )
  const missed = examinations.some(
    ({ kind, examination }) => (kind === 'text' || kind === 'vector') && !examination.found,
  )
  if (missed || share < TOLD_GOAL || faults.length > 0) process.exitCode = 1
} finally {
  examiner.close()
  rmSync(folder, { recursive: true })
}
