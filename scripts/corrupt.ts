// Damages an index in many ways and looks at what is found: npm run corrupt [-- --mutations 500 --seed 1]
//
// Flips of bits in texts and vectors must all be found by `verify`; whatever is damaged, nothing may end the process or hang.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { verifyIndex } from '#dist/store/sqlite/verify/verify-index.js'
import { addDocuments, openSmallStore, searchBoth, vectorBytes } from './crash/small-store.js'
import { createRandom } from './http/random.js'

const KINDS = ['text', 'vector', 'flip', 'zero page', 'garbage page', 'cut off', 'header'] as const
type Kind = (typeof KINDS)[number]
/** Five passages each. */
const DOCUMENTS = 50
const PAGE_BYTES = 8192
const HEADER_BYTES = 100
const SLOW_MS = 10_000

const { values } = parseArgs({
  options: { mutations: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
})
const draw = createRandom(Number(values.seed))
const folder = mkdtempSync(join(tmpdir(), 'gemdex-corrupt-'))
const path = join(folder, 'index.db')
const tally = new Map<Kind, { made: number; found: number; opened: number }>()
let slowestMs = 0

function flipIn(bytes: Buffer, from: number, length: number): void {
  const at = from + draw(length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8))
}

/** A damaged copy; `places` are texts and vectors as they stand in the file. */
function mutate(kind: Kind, sound: Buffer, places: Record<'text' | 'vector', readonly Buffer[]>): Buffer {
  const bytes = Buffer.from(sound)
  const page = draw(bytes.length / PAGE_BYTES) * PAGE_BYTES
  switch (kind) {
    case 'text':
    case 'vector': {
      const wanted = places[kind][draw(places[kind].length)] ?? Buffer.alloc(0)
      const at = bytes.indexOf(wanted)
      if (at === -1) throw new Error(`no ${kind} found in the file`)
      flipIn(bytes, at, wanted.length)
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

/** Whether `verify` finds anything; whatever is not a finding must be an error that says what is wrong. */
function isFound(): boolean {
  try {
    return !verifyIndex(path).isSound
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    return true
  }
}

async function canSearch(): Promise<boolean> {
  try {
    const store = openSqliteStore(path, { create: false })
    try {
      return (await searchBoth(store)) > 0
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('STORE_')) throw error
    return false
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
  await store.close()
  const sound = readFileSync(path)
  // What is spread over pages is not looked for.
  const stored = {
    text: places.text.filter((text) => sound.includes(text)),
    vector: places.vector.filter((vector) => sound.includes(vector)),
  }
  const mutations = Number(values.mutations)
  for (let number = 0; number < mutations; number++) {
    const kind = KINDS[number % KINDS.length] ?? 'flip'
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
    writeFileSync(path, mutate(kind, sound, stored))
    const started = performance.now()
    const found = isFound()
    const opened = await canSearch()
    slowestMs = Math.max(slowestMs, performance.now() - started)
    const { made = 0, found: before = 0, opened: openedBefore = 0 } = tally.get(kind) ?? {}
    tally.set(kind, { made: made + 1, found: before + Number(found), opened: openedBefore + Number(opened) })
  }
  console.log(`mutations ${mutations}, seed ${values.seed}, index of ${Math.round(sound.length / 1e6)} MB`)
  for (const [kind, { made, found, opened }] of tally)
    console.log(`${kind.padEnd(13)} ${made} made, ${found} found by verify, ${opened} searched all the same`)
  console.log(`0 native crashes; slowest verify and search ${Math.round(slowestMs)} ms`)
  const missed = (['text', 'vector'] as const).some(
    (kind) => tally.get(kind)?.found !== tally.get(kind)?.made,
  )
  if (missed || slowestMs > SLOW_MS) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
