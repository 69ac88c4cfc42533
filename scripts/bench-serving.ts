// Many searches at once, and searches while the index is written to:
//
//   npm run bench -- serving [--count 100000] [--dims 768] [--queries 200] [--calls 800] [--folder DIR]
//
// First 16 callers at once with one thread and with two, and how long the main loop was kept; then one caller, alone and
// while passages are written as fast as it goes by the same process.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import type { Store } from '#dist/store/store.js'
import { createVectorSource } from './bench-data.js'
import { type BenchIndex, readArguments, withIndex } from './bench-index.js'
import { printRow, timeEach } from './bench-report.js'
import { type FillBatch, makeBatches, PASSAGES_PER_DOCUMENT } from './fill-store.js'

const LIMIT = 10
const CALLERS = 16
/** Made before searches are timed, and written again and again: making them would keep the main loop. */
const WRITTEN = 10_000
/** The histogram counts from one tick to the next, and so the time between them too. */
const TICK_MS = 1

export async function serving(args: string[]): Promise<void> {
  const options = readArguments(args, { calls: 800 })
  await withIndex(options, async (index) => {
    console.log('\nthreads  searches/s  main loop late p99 ms')
    const rates: number[] = []
    for (const searchers of [1, 2]) rates.push(await measureThroughput(index, searchers, options.calls))
    const [one = 0, two = 0] = rates
    console.log(`With two threads ${(two / one).toFixed(2)} times as many`)
    await measureWhileIndexing(index, options)
  })
}

async function measureThroughput(
  { path, queries }: BenchIndex,
  searchers: number,
  calls: number,
): Promise<number> {
  const store = openThreadedStore(path, { create: false, searchers })
  const search = (i: number) =>
    store.searchVectors(queries[i % queries.length] ?? new Float32Array(), LIMIT, {})
  await Promise.all(Array.from({ length: CALLERS }, (_, i) => search(i)))
  const delay = monitorEventLoopDelay({ resolution: TICK_MS })
  delay.enable()
  let begun = 0
  const started = performance.now()
  const caller = async () => {
    while (begun < calls) await search(begun++)
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  const rate = (calls * 1000) / (performance.now() - started)
  delay.disable()
  printRow([searchers, rate.toFixed(0), (delay.percentile(99) / 1e6 - TICK_MS).toFixed(1)], [7, 10, 20])
  await store.close()
  return rate
}

async function measureWhileIndexing(
  { path, queries, documents }: BenchIndex,
  { dimensions, calls }: { readonly dimensions: number; readonly calls: number },
): Promise<void> {
  const store = openThreadedStore(path, { create: false, searchers: 2 })
  const asked = Array.from({ length: calls }, (_, i) => queries[i % queries.length] ?? new Float32Array())
  const search = (query: Float32Array) => store.searchVectors(query, LIMIT, {})
  await timeEach(queries, search)
  const idle = await timeEach(asked, search)
  const next = createVectorSource({ dimensions, seed: 7 })
  const batches = [...makeBatches({ count: WRITTEN, next }, documents)]
  const writing = startWriting(store, batches)
  const busy = await timeEach(asked, search)
  const { written, seconds } = await writing.stop()
  console.log('\nsearch           p50 ms  p95 ms  p99 ms')
  for (const [name, { timings }] of [
    ['idle', idle],
    ['while indexing', busy],
  ] as const)
    printRow([name, timings.p50.toFixed(1), timings.p95.toFixed(1), timings.p99.toFixed(1)], [15, 6, 6, 6])
  console.log(
    `p99 ${(busy.timings.p99 / idle.timings.p99).toFixed(2)} times as long; ${(written / seconds).toFixed(0)} passages/s were written`,
  )
  await store.close()
}

/** Writes documents as fast as it goes, and at last removes them, so that the index is what it was. */
function startWriting(store: Store, batches: readonly FillBatch[]) {
  let isStopped = false
  const started = performance.now()
  const run = async () => {
    let written = 0
    while (!isStopped) {
      for (const { embeddings, entries } of batches) {
        if (isStopped) break
        await store.putEmbeddings(embeddings)
        await store.replaceDocuments(entries)
        written += entries.length * PASSAGES_PER_DOCUMENT
      }
    }
    const seconds = (performance.now() - started) / 1000
    for (const { document } of batches.flatMap(({ entries }) => entries))
      await store.removeFiles(document.collection, [document.uri])
    return { written, seconds }
  }
  const running = run()
  return {
    stop() {
      isStopped = true
      return running
    },
  }
}
