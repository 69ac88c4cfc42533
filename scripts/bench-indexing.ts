// Benchmarks of indexing, with a stand-in for the remote model and the store on disk:
//
//   npm run bench -- ingest [--files 2000] [--latency 200] [--concurrency 4,8]
//     an embedder that takes `latency` ms a request and has no limits: ideal rate (concurrency x batch size / latency),
//     measured rate, and its share
//   npm run bench -- quota [--files 2000] [--rpm 3000]
//     an embedder that refuses what passes `rpm` texts a minute: ideal time ((texts - one full bucket) / rate), measured
//     time, and the share of refused requests
//   npm run bench -- unchanged [--files 10000]
//     a second run over files that have not changed
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openIndexer } from '#dist/compose-indexer.js'
import type { Embedder } from '#dist/embed/embedder.js'
import { GemdexError } from '#dist/errors.js'
import { createVectorSource } from './bench-data.js'
import { percent, printRow } from './bench-report.js'

const BATCH = 100
const DIMENSIONS = 768
const SECTIONS = 10
/** Some 150 tokens: a hundred of them fit the 20,000 tokens of one request, so that batches are full. */
const SENTENCES = 9

type Options = {
  readonly files: number | undefined
  readonly latency: number
  readonly concurrency: readonly number[]
  readonly rpm: number
}

export const ingest = benchmark(measureIngest)
export const quota = benchmark(measureQuota)
export const unchanged = benchmark(measureUnchanged)

/** A benchmark with its arguments read, in a folder of its own that is gone afterwards. */
function benchmark(run: (folder: string, options: Options) => Promise<void>) {
  return async (args: string[]): Promise<void> => {
    const { values } = parseArgs({
      args,
      options: {
        files: { type: 'string' },
        latency: { type: 'string', default: '200' },
        concurrency: { type: 'string', default: '4,8' },
        rpm: { type: 'string', default: '3000' },
      },
    })
    const folder = mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
    try {
      await run(folder, {
        files: values.files === undefined ? undefined : Number(values.files),
        latency: Number(values.latency),
        concurrency: values.concurrency.split(',').map(Number),
        rpm: Number(values.rpm),
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

async function measureIngest(folder: string, { files = 2000, latency, ...options }: Options): Promise<void> {
  writeFiles(join(folder, 'files'), files, SECTIONS)
  console.log('concurrency  passages  seconds  ideal/s  measured/s  share')
  for (const concurrency of options.concurrency) {
    const embedder = standIn(() => sleep(latency))
    const { chunks, seconds } = await timeRun(folder, { db: `${concurrency}.db`, embedder, concurrency })
    const ideal = (concurrency * BATCH * 1000) / latency
    const measured = chunks / seconds
    printRow(
      [concurrency, chunks, seconds.toFixed(1), ideal, measured.toFixed(0), percent(measured / ideal)],
      [11, 8, 7, 7, 10, 5],
    )
  }
}

async function measureQuota(folder: string, { files = 2000, latency, rpm }: Options): Promise<void> {
  writeFiles(join(folder, 'files'), files, SECTIONS)
  let level = rpm
  let filledAt = performance.now()
  const requests = { all: 0, refused: 0 }
  const embedder = standIn(async (texts) => {
    const now = performance.now()
    level = Math.min(rpm, level + ((now - filledAt) * rpm) / 60_000)
    filledAt = now
    requests.all++
    if (texts > level) {
      requests.refused++
      // As Google refuses: with the limit that was reached, and how long to wait.
      throw new GemdexError('RATE_LIMITED', 'Too many texts', {
        retryable: true,
        retryAfterMs: ((texts - level) * 60_000) / rpm,
        quotaLimits: [{ of: 'requests', per: 'minute', limit: rpm }],
      })
    }
    level -= texts
    await sleep(latency)
  })
  const limits = {
    perMinute: rpm,
    tokensPerMinute: Number.POSITIVE_INFINITY,
    perDay: Number.POSITIVE_INFINITY,
  }
  const { chunks, seconds } = await timeRun(folder, { db: 'quota.db', embedder, concurrency: 4, limits })
  const ideal = ((chunks - rpm) / rpm) * 60
  console.log('texts  texts/min  ideal s  measured s  ratio  requests  refused')
  const ratio = (seconds / ideal).toFixed(3)
  printRow(
    [
      chunks,
      rpm,
      ideal.toFixed(1),
      seconds.toFixed(1),
      ratio,
      requests.all,
      `${requests.refused} (${percent(requests.refused / requests.all)})`,
    ],
    [5, 9, 7, 10, 5, 8, 10],
  )
}

async function measureUnchanged(folder: string, { files = 10_000 }: Options): Promise<void> {
  writeFiles(join(folder, 'files'), files, 1)
  // What changed just now is read again for safety: the files are to be older than that.
  await sleep(2000)
  let requests = 0
  const embedder = standIn(async () => {
    requests++
  })
  const first = await timeRun(folder, { db: 'unchanged.db', embedder, concurrency: 4 })
  requests = 0
  const second = await timeRun(folder, { db: 'unchanged.db', embedder, concurrency: 4 })
  console.log('files  first s  second s  indexed again  requests')
  printRow(
    [files, first.seconds.toFixed(2), second.seconds.toFixed(2), second.indexed, requests],
    [5, 7, 8, 13, 8],
  )
}

type RunOptions = Omit<Parameters<typeof openIndexer>[0], 'db'> & { readonly db: string }

async function timeRun(folder: string, options: RunOptions) {
  const { indexer, close } = openIndexer({ ...options, db: join(folder, options.db) })
  const started = performance.now()
  const { chunks, indexed } = await indexer.index({ path: join(folder, 'files') })
  const seconds = (performance.now() - started) / 1000
  await close()
  return { chunks, indexed, seconds }
}

/** Gives unit vectors made beforehand: what a remote model costs, without the model. */
function standIn(onRequest: (texts: number) => Promise<void>): Embedder {
  const next = createVectorSource({ dimensions: DIMENSIONS })
  const pool = Array.from({ length: 500 }, next)
  let given = 0
  return {
    identity: { provider: 'local', modelId: 'bench', dimensions: DIMENSIONS, roles: 'bench/1' },
    maxBatch: BATCH,
    maxInputTokens: 2048,
    semantic: true,
    relevanceRange: { unrelated: 0.5, related: 0.8 },
    async embed(inputs) {
      await onRequest(inputs.length)
      return inputs.map(() => (pool[given++ % pool.length] ?? new Float32Array(DIMENSIONS)).slice())
    },
  }
}

/** Markdown files whose sections are cut into one passage each, of words with a natural spread of frequency. */
function writeFiles(path: string, files: number, sections: number): void {
  mkdirSync(path, { recursive: true })
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  const word = () => `w${Math.floor(20_000 ** random()).toString(36)}`
  const sentence = () => `${Array.from({ length: 12 }, word).join(' ')}.`
  for (let file = 0; file < files; file++) {
    const folder = join(path, String(file % 100))
    if (file < 100) mkdirSync(folder)
    const text = Array.from(
      { length: sections },
      (_, i) => `## Section ${i} ${word()}\n\n${Array.from({ length: SENTENCES }, sentence).join(' ')}\n`,
    )
    writeFileSync(join(folder, `document-${file}.md`), `# Document ${file}\n\n${text.join('\n')}`)
  }
}
