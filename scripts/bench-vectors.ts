// The vector engine beside sqlite-vec's own, over the same vectors in the same run:
//
//   npm run bench -- vectors [--count 100000] [--dims 768] [--queries 200] [--baseline 20] [--searches 1000]
//   npm run bench -- vectors --vectors FILE.f32 --dims N
//
// Vectors are made (see bench-data.ts) or read from a file of little-endian floats; those asked for are not among those
// searched. `baseline` queries go to vec0, which takes a second for each among a million, and give the truth for recall.
// It needs twice the size of the vectors on the disk of the folder for temporary files.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { load as loadVectorFunctions } from 'sqlite-vec'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import type { Store } from '#dist/store/store.js'
import { createVectorSource, openVectorFile } from './bench-data.js'
import { anonymousMegabytes, printRow, type Timings, timeEach } from './bench-report.js'
import { fillStore, PASSAGES_PER_DOCUMENT } from './fill-store.js'

const LIMIT = 10

type Options = {
  readonly count: number
  readonly dimensions: number
  readonly queries: number
  readonly baseline: number
  readonly searches: number
  readonly file: string | undefined
}

export async function vectors(args: string[]): Promise<void> {
  const options = readOptions(args)
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
  try {
    await measure(folder, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '100000' },
      dims: { type: 'string', default: '768' },
      queries: { type: 'string', default: '200' },
      baseline: { type: 'string', default: '20' },
      searches: { type: 'string', default: '1000' },
      vectors: { type: 'string' },
    },
  })
  return {
    count: Number(values.count),
    dimensions: Number(values.dims),
    queries: Number(values.queries),
    baseline: Number(values.baseline),
    searches: Number(values.searches),
    file: values.vectors,
  }
}

async function measure(folder: string, options: Options): Promise<void> {
  const { queries, count, next } = openSource(options)
  console.log(
    `${count} passages of ${options.dimensions} dimensions (${options.file ?? 'made'}), ${LIMIT} wanted, ${queries.length} queries`,
  )
  const path = join(folder, 'index.db')
  const baseline = createBaseline(join(folder, 'vec0.db'), options.dimensions)
  const filling = await fillStore(path, {
    count,
    dimensions: options.dimensions,
    next,
    onVector: baseline.add,
  })
  baseline.finish()
  console.log(
    `Insert: ${filling.rate.toFixed(0)} passages/s, with ${PASSAGES_PER_DOCUMENT} passages a document. File: ${megabytes(path)} MB`,
  )

  const started = performance.now()
  const store = openThreadedStore(path, { create: false, searchers: 2 })
  const search = (query: Float32Array) => store.searchVectors(query, LIMIT, {})
  await search(queries[0] ?? new Float32Array())
  console.log(`Open to first answer: ${(performance.now() - started).toFixed(0)} ms`)

  const few = queries.slice(0, options.baseline)
  const float = await timeEach(few, (query) => baseline.nearest(query, LIMIT))
  const bit = await timeEach(few, (query) => baseline.nearestBits(query, LIMIT * 20))
  const codes = await timeEach(queries, search)
  const exact = await timeEach(few, (query) => store.searchVectors(query, LIMIT, {}, { exact: true }))
  console.log('\nsearch            p50 ms  p95 ms  p99 ms  recall@10  times vec0 float')
  const row = (name: string, timings: Timings, recall: string) =>
    printRow(
      [
        name.padEnd(16),
        timings.p50.toFixed(2),
        timings.p95.toFixed(2),
        timings.p99.toFixed(2),
        recall,
        (float.timings.p50 / timings.p50).toFixed(1),
      ],
      [16, 6, 6, 6, 9, 16],
    )
  const chunksOf = (results: readonly (readonly { readonly chunkId: number }[])[]) =>
    results.map((found) => found.map(({ chunkId }) => chunkId))
  row('gemdex', codes.timings, recallOf(chunksOf(codes.results), float.results).toFixed(4))
  row('gemdex exact', exact.timings, recallOf(chunksOf(exact.results), float.results).toFixed(4))
  row('vec0 float', float.timings, '1')
  row('vec0 bit', bit.timings, '')

  await measureFilters(store, queries, codes.timings)
  for (let i = 0; i < options.searches; i++) await search(queries[i % queries.length] ?? new Float32Array())
  console.log(`\nAnonymous memory after ${options.searches} searches: ${anonymousMegabytes()} MB`)
  await store.close()
  await measureThroughput(path, queries)
}

function openSource({ count, dimensions, queries, file }: Options) {
  if (file === undefined) {
    const next = createVectorSource({ dimensions, clusters: Math.max(20, Math.round(Math.sqrt(count))) })
    return { queries: Array.from({ length: queries }, next), count, next }
  }
  const source = openVectorFile(file, dimensions)
  const number = Math.min(queries, Math.floor(source.count / 10))
  return {
    queries: Array.from({ length: number }, source.next),
    count: source.count - number,
    next: source.next,
  }
}

/** sqlite-vec's own tables, of floats and of bits. Row ids are those that the passages have in the index. */
function createBaseline(path: string, dimensions: number) {
  const database = new Database(path)
  loadVectorFunctions(database)
  database.pragma('journal_mode = WAL')
  database.exec(
    `CREATE VIRTUAL TABLE floats USING vec0(vector float[${dimensions}] distance_metric=cosine);
     CREATE VIRTUAL TABLE bits USING vec0(vector bit[${dimensions}]);`,
  )
  const insertFloats = database.prepare('INSERT INTO floats (rowid, vector) VALUES (?, ?)')
  const insertBits = database.prepare('INSERT INTO bits (rowid, vector) VALUES (?, vec_quantize_binary(?))')
  const nearest = database
    .prepare<[Buffer, number], number>(
      'SELECT rowid FROM floats WHERE vector MATCH ? AND k = ? ORDER BY distance',
    )
    .pluck()
  const nearestBits = database
    .prepare<[Buffer, number], number>(
      'SELECT rowid FROM bits WHERE vector MATCH vec_quantize_binary(?) AND k = ? ORDER BY distance',
    )
    .pluck()
  let pending: Buffer[] = []
  let last = 0
  const blobOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  const flush = () => {
    database.transaction(() => {
      for (const blob of pending) {
        last++
        insertFloats.run(BigInt(last), blob)
        insertBits.run(BigInt(last), blob)
      }
    })()
    pending = []
  }
  return {
    add(vector: Float32Array): void {
      pending.push(blobOf(vector))
      if (pending.length === 1000) flush()
    },
    finish: flush,
    nearest: (query: Float32Array, limit: number) => nearest.all(blobOf(query), limit),
    nearestBits: (query: Float32Array, limit: number) => nearestBits.all(blobOf(query), limit),
  }
}

function recallOf(found: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  const shares = truth.map((wanted, i) => {
    const ids = new Set(found[i])
    return wanted.filter((id) => ids.has(id)).length / wanted.length
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

async function measureFilters(store: Store, queries: readonly Float32Array[], all: Timings): Promise<void> {
  console.log('\nfilter            passages  first ms  p50 ms  p95 ms  of unfiltered')
  for (const { name, documents } of await store.collections()) {
    const search = (query: Float32Array) => store.searchVectors(query, LIMIT, { collection: name })
    const first = await timeEach(queries.slice(0, 1), search)
    const { timings } = await timeEach(queries, search)
    printRow(
      [
        `collection ${name}`,
        documents * PASSAGES_PER_DOCUMENT,
        first.timings.p50.toFixed(2),
        timings.p50.toFixed(2),
        timings.p95.toFixed(2),
        (timings.p50 / all.p50).toFixed(2),
      ],
      [16, 8, 8, 6, 6, 5],
    )
  }
}

/** Sixteen callers at once, with one thread and with two. */
async function measureThroughput(path: string, queries: readonly Float32Array[]): Promise<void> {
  const rates: number[] = []
  for (const searchers of [1, 2]) {
    const store = openThreadedStore(path, { create: false, searchers })
    const search = (i: number) =>
      store.searchVectors(queries[i % queries.length] ?? new Float32Array(), LIMIT, {})
    await Promise.all(Array.from({ length: 8 }, (_, i) => search(i)))
    const total = 800
    let begun = 0
    const started = performance.now()
    const caller = async () => {
      while (begun < total) await search(begun++)
    }
    await Promise.all(Array.from({ length: 16 }, caller))
    rates.push((total * 1000) / (performance.now() - started))
    await store.close()
  }
  const [one = 0, two = 0] = rates
  console.log(
    `\n16 callers at once: ${one.toFixed(0)} searches/s with one thread, ${two.toFixed(0)} with two (${(two / one).toFixed(2)} times)`,
  )
}

function megabytes(path: string): string {
  return (statSync(path).size / 1e6).toFixed(0)
}
