// Searches by words and vectors at once, as the engine runs them, without the time that embedding a query takes:
//
//   npm run bench -- hybrid [--count 100000] [--dims 768] [--queries 200] [--folder DIR]
//
// Passages of 120 words and queries of 4 to 9 words have the frequencies of natural language, function words included.
import { createSearcher } from '#dist/search/searcher.js'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import { readArguments, withIndex } from './bench-index.js'
import { printRow, type Timings, timeEach } from './bench-report.js'
import { createWordSource } from './bench-words.js'

const FEWEST_WORDS = 4
const MOST_WORDS = 9

export async function hybrid(args: string[]): Promise<void> {
  const options = readArguments(args, {})
  await withIndex(options, async ({ path, queries }) => {
    const store = openThreadedStore(path, { create: false, searchers: 2 })
    let asked = 0
    const searcher = createSearcher({
      store,
      embedder: async () => ({
        identity: { provider: 'local', modelId: 'bench', dimensions: options.dimensions, roles: 'bench/1' },
        maxBatch: 1,
        maxInputTokens: 2048,
        semantic: true,
        relevanceRange: { unrelated: 0.5, related: 0.8 },
        embed: async () => [queries[asked++ % queries.length] ?? new Float32Array()],
      }),
      clock: () => performance.now(),
      now: Date.now,
    })
    const nextWords = createWordSource(0x5eed)
    const texts = queries.map((_, i) => nextWords(FEWEST_WORDS + (i % (MOST_WORDS - FEWEST_WORDS + 1))).text)
    console.log('\nmode     p50 ms  p95 ms  p99 ms')
    for (const mode of ['vector', 'keyword', 'hybrid'] as const) {
      const { timings } = await timeEach(texts, (query) => searcher.search({ query, mode }))
      printTimings(mode, timings)
    }
    await store.close()
  })
}

function printTimings(name: string, { p50, p95, p99 }: Timings): void {
  printRow([name, p50.toFixed(1), p95.toFixed(1), p99.toFixed(1)], [7, 6, 6, 6])
}
