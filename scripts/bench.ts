// Benchmarks: npm run bench -- <name> [options]
//
//   ingest, quota, unchanged    indexing: bench-indexing.ts
//   vectors                     the vector engine beside sqlite-vec's own: bench-vectors.ts
import { ingest, quota, unchanged } from './bench-indexing.js'
import { vectors } from './bench-vectors.js'

const benchmarks: Record<string, (args: string[]) => Promise<void>> = { ingest, quota, unchanged, vectors }
const [name = '', ...args] = process.argv.slice(2)
const benchmark = benchmarks[name]
if (benchmark === undefined) throw new Error(`Name a benchmark: ${Object.keys(benchmarks).join(', ')}`)
await benchmark(args)
