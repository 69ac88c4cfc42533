// The vector engine beside sqlite-vec's own, over the same vectors in the same run:
//
//   npm run bench -- vectors [--count 100000] [--dims 768] [--queries 200] [--baseline 20] [--searches 1000] [--folder DIR]
//   npm run bench -- vectors --vectors FILE.f32 --dims N
//
// Vectors are made (see bench-data.ts) or read from a file of little-endian floats; those asked for are not among those
// searched. `baseline` queries go to vec0, which takes a second for each among a million, and give the truth for recall.
// An index in `folder` is used again. It needs four times the size of the vectors on the disk.
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import type { Store } from '#dist/store/store.js'
import { type BenchIndex, openBaseline, readArguments, withIndex } from './bench-index.js'
import { anonymousMegabytes, printRow, type Timings, timeEach } from './bench-report.js'
import { PARTS, scopesOf } from './fill-store.js'

const LIMIT = 10

type Timed = { readonly timings: Timings; readonly processor: Timings }

export async function vectors(args: string[]): Promise<void> {
  const options = readArguments(args, { baseline: 20, searches: 1000 })
  const onFilled = (store: Store, queries: readonly Float32Array[]) =>
    measureFilled(store, queries, options.searches)
  await withIndex({ ...options, onFilled }, (index) => measure(index, options))
}

/** Memory of a process that fills an index and goes on to search it, as a service does that indexes. */
async function measureFilled(
  store: Store,
  queries: readonly Float32Array[],
  searches: number,
): Promise<void> {
  const filled = anonymousMegabytes()
  await searchAgain(store, queries, searches)
  const { heapTotal, arrayBuffers } = process.memoryUsage()
  console.log(
    `Anonymous memory of the process that fills it: ${filled} MB; after ${searches} searches ${anonymousMegabytes()} MB, in which the ` +
      `thread that makes the passages has a heap of ${(heapTotal / 1e6).toFixed(0)} MB and ${(arrayBuffers / 1e6).toFixed(0)} MB of buffers`,
  )
}

async function measure(
  index: BenchIndex,
  { baseline, searches }: { readonly baseline: number; readonly searches: number },
): Promise<void> {
  const { queries } = index
  const before = anonymousMegabytes()
  const started = performance.now()
  const store = openThreadedStore(index.path, { create: false, searchers: 2 })
  await searchAgain(store, queries, 1)
  console.log(`Open to first answer: ${(performance.now() - started).toFixed(0)} ms`)
  await searchAgain(store, queries, searches)
  console.log(
    `Anonymous memory: ${before} MB before it was opened; after ${searches} searches ${anonymousMegabytes()} MB`,
  )

  const all = await compare(store, index, queries.slice(0, baseline))
  await measureFilters(store, index, all)
  await store.close()
}

async function searchAgain(store: Store, queries: readonly Float32Array[], searches: number): Promise<void> {
  for (let i = 0; i < searches; i++)
    await store.searchVectors(queries[i % queries.length] ?? new Float32Array(), LIMIT, {})
}

/** Beside sqlite-vec's own tables; gives the times of searches in all passages. */
async function compare(
  store: Store,
  { baselinePath, queries }: BenchIndex,
  few: readonly Float32Array[],
): Promise<Timings> {
  const baseline = openBaseline(baselinePath)
  const float = await timeEach(few, (query) => baseline.nearest(query, LIMIT))
  const bit = await timeEach(few, (query) => baseline.nearestBits(query, LIMIT * 20))
  baseline.close()
  const codes = await timeEach(queries, (query) => store.searchVectors(query, LIMIT, {}))
  const exact = await timeEach(few, (query) => store.searchVectors(query, LIMIT, {}, { exact: true }))
  console.log(
    '\nsearch            p50 ms  p95 ms  p99 ms  recall@10  times vec0 float  of a processor: p50 ms  times',
  )
  const row = (name: string, { timings, processor }: Timed, recall: string) =>
    printRow(
      [
        name.padEnd(16),
        timings.p50.toFixed(2),
        timings.p95.toFixed(2),
        timings.p99.toFixed(2),
        recall,
        (float.timings.p50 / timings.p50).toFixed(1),
        processor.p50.toFixed(2),
        (float.processor.p50 / processor.p50).toFixed(1),
      ],
      [16, 6, 6, 6, 9, 16, 22, 5],
    )
  const chunksOf = (results: readonly (readonly { readonly chunkId: number }[])[]) =>
    results.map((found) => found.map(({ chunkId }) => chunkId))
  row('gemdex', codes, recallOf(chunksOf(codes.results), float.results).toFixed(4))
  row('gemdex exact', exact, recallOf(chunksOf(exact.results), float.results).toFixed(4))
  row('vec0 float', float, '1')
  row('vec0 bit', bit, '')
  return codes.timings
}

function recallOf(found: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  const shares = truth.map((wanted, i) => {
    const ids = new Set(found[i])
    return wanted.filter((id) => ids.has(id)).length / wanted.length
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

async function measureFilters(store: Store, { queries, documents }: BenchIndex, all: Timings): Promise<void> {
  console.log('\nfilter                 first ms  p50 ms  p95 ms  of unfiltered')
  for (const part of PARTS) {
    for (const [name, scope] of Object.entries(scopesOf(part, documents))) {
      const search = (query: Float32Array) => store.searchVectors(query, LIMIT, scope)
      const first = await timeEach(queries.slice(0, 1), search)
      const { timings } = await timeEach(queries, search)
      printRow(
        [
          `${name} ${part}`,
          first.timings.p50.toFixed(2),
          timings.p50.toFixed(2),
          timings.p95.toFixed(2),
          (timings.p50 / all.p50).toFixed(2),
        ],
        [21, 8, 6, 6, 5],
      )
    }
  }
}
