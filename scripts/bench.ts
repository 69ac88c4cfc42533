// Benchmarks: npm run bench -- <name> [options]
//
//   ingest, quota, unchanged    indexing: bench-indexing.ts
//   vectors                     the vector engine beside sqlite-vec's own: bench-vectors.ts
//   serving                     many searches at once, and while indexing: bench-serving.ts
//   inserts, compact            writing beside plain inserts, space given back: bench-writing.ts
//   filters                     the first use of a filter: bench-filters.ts
//   hybrid                      searches by words and vectors: bench-hybrid.ts
import { filters } from './bench-filters.js'
import { hybrid } from './bench-hybrid.js'
import { ingest, quota, unchanged } from './bench-indexing.js'
import { serving } from './bench-serving.js'
import { vectors } from './bench-vectors.js'
import { compact, inserts } from './bench-writing.js'

const benchmarks: Record<string, (args: string[]) => Promise<void>> = {
  ingest,
  quota,
  unchanged,
  vectors,
  filters,
  hybrid,
  serving,
  inserts,
  compact,
}
const [name = '', ...args] = process.argv.slice(2)
const benchmark = benchmarks[name]
if (benchmark === undefined) throw new Error(`Name a benchmark: ${Object.keys(benchmarks).join(', ')}`)
await benchmark(args)
