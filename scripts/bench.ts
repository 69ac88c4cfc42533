// Benchmarks: npm run bench -- ingest [--files 2000] [--chunks 10] [--latency 200] [--concurrency 4,8]
//
// ingest: indexes generated files with an embedder that takes `latency` ms a batch and has no limits, the store on disk,
// and prints the ideal rate (concurrency x batch size / latency), the measured one, and its share.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openIndexer } from '#dist/compose.js'
import type { Embedder } from '#dist/embed/embedder.js'

const BATCH = 100
const DIMENSIONS = 768

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string', default: '2000' },
    chunks: { type: 'string', default: '10' },
    latency: { type: 'string', default: '200' },
    concurrency: { type: 'string', default: '4,8' },
  },
})
if (positionals[0] !== 'ingest') throw new Error('Name a benchmark: ingest')
await benchIngest()

async function benchIngest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
  try {
    const [files, chunks, latency] = [Number(values.files), Number(values.chunks), Number(values.latency)]
    writeFiles(join(folder, 'files'), files, chunks)
    console.log('concurrency  passages  seconds  ideal/s  measured/s  share')
    for (const concurrency of values.concurrency.split(',').map(Number)) {
      const { indexer, close } = await openIndexer({
        db: join(folder, `bench-${concurrency}.db`),
        embedder: delayedEmbedder(latency),
        concurrency,
      })
      const started = performance.now()
      const report = await indexer.index({ path: join(folder, 'files') })
      const seconds = (performance.now() - started) / 1000
      await close()
      const ideal = (concurrency * BATCH * 1000) / latency
      const measured = report.chunks / seconds
      const cells = [
        String(concurrency).padEnd(12),
        String(report.chunks).padEnd(9),
        seconds.toFixed(1).padEnd(8),
      ]
      cells.push(
        ideal.toFixed(0).padEnd(8),
        measured.toFixed(0).padEnd(11),
        `${((100 * measured) / ideal).toFixed(0)} %`,
      )
      console.log(cells.join(' '))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Unit vectors from a counter, after a wait: what a remote model costs, without the model. */
function delayedEmbedder(latencyMs: number): Embedder {
  let seed = 1
  const next = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32 - 0.5
  }
  return {
    identity: { provider: 'local', modelId: 'bench', dimensions: DIMENSIONS, roles: 'bench/1' },
    maxBatch: BATCH,
    maxInputTokens: 2048,
    semantic: true,
    relevanceRange: { unrelated: 0.5, related: 0.8 },
    async embed(inputs) {
      await sleep(latencyMs)
      return inputs.map(() => {
        const vector = Float32Array.from({ length: DIMENSIONS }, next)
        const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
        return vector.map((value) => value / norm)
      })
    },
  }
}

/** Markdown files whose sections are cut into one passage each, of words with a natural spread of frequency. */
function writeFiles(folder: string, files: number, chunks: number): void {
  mkdirSync(folder, { recursive: true })
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  const word = () => `w${Math.floor(20_000 ** random()).toString(36)}`
  const sentence = () => `${Array.from({ length: 12 }, word).join(' ')}.`
  for (let file = 0; file < files; file++) {
    const sections = Array.from(
      { length: chunks },
      (_, i) => `## Section ${i} ${word()}\n\n${Array.from({ length: 24 }, sentence).join(' ')}\n`,
    )
    writeFileSync(join(folder, `document-${file}.md`), `# Document ${file}\n\n${sections.join('\n')}`)
  }
}
