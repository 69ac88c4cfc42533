import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Embedder, EmbedInput } from '../../src/embed/embedder.js'
import { GemdexError } from '../../src/errors.js'
import { extractFile } from '../../src/extract/extract.js'
import { defaultExtractLimits } from '../../src/extract/limits.js'
import type { Forecast } from '../../src/ingest/forecast.js'
import type { IndexerDependencies, IndexRequest } from '../../src/ingest/index-request.js'
import { createIndexer } from '../../src/ingest/indexer.js'
import type { ExtractFile } from '../../src/ingest/read-document.js'
import type { IndexProgress, IndexReport } from '../../src/ingest/report.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import type { Store } from '../../src/store/store.js'
import type { DocumentSummary } from '../../src/types.js'
import { tempFolder } from '../files/temp-folder.js'
import { unitsOf } from '../store/samples.js'

const DIMENSIONS = 8

/** An embedder that remembers what it was sent, and can run out. */
export type CountingEmbedder = Embedder & {
  /** Texts that it gave a vector for, in order. */
  readonly sent: EmbedInput[]
  requests: number
  /** How many texts it still gives vectors for; a request that goes beyond fails as a whole. */
  left: number
}

export function createCountingEmbedder(maxBatch = 100): CountingEmbedder {
  const embedder: CountingEmbedder = {
    identity: { provider: 'local', modelId: 'counting', dimensions: DIMENSIONS, roles: 'counting/1' },
    maxBatch,
    maxInputTokens: 1_000_000,
    semantic: false,
    relevanceRange: { unrelated: 0, related: 1 },
    sent: [],
    requests: 0,
    left: Number.POSITIVE_INFINITY,
    async embed(inputs) {
      embedder.requests++
      if (inputs.length > embedder.left) throw new GemdexError('QUOTA_EXHAUSTED', 'No more today')
      embedder.left -= inputs.length
      embedder.sent.push(...inputs)
      return inputs.map(vectorOf)
    },
  }
  return embedder
}

/** Differs with every text and title. */
function vectorOf({ text, title = '' }: EmbedInput): Float32Array {
  const digest = createHash('sha256').update(`${title}\0${text}`).digest()
  const raw = Float32Array.from({ length: DIMENSIONS }, (_, i) => digest.readInt8(i) + 0.5)
  const norm = Math.hypot(...raw)
  return raw.map((value) => value / norm)
}

export type Run = { readonly report: IndexReport; readonly events: readonly IndexProgress[] }

export type Workbench = {
  readonly store: Store
  readonly embedder: CountingEmbedder
  /** Names of the files that were given to the extractor. */
  readonly extracted: string[]
  /** Indexes a path once its files are old enough to be known again by their times. */
  index(path: string, request?: Partial<IndexRequest>): Promise<IndexReport>
  forecast(path: string, request?: Partial<IndexRequest>): Promise<Forecast>
  /** The same as `index`, along with what was told on the way. */
  indexWithEvents(path: string, request?: Partial<IndexRequest>): Promise<Run>
}

/** An indexer over a store of its own, with the real extractors and an embedder that counts. */
export async function openWorkbench(options: Partial<IndexerDependencies> = {}): Promise<Workbench> {
  const folder = await tempFolder()
  const store = openSqliteStore(`${folder}/index.db`, { create: true })
  onTestFinished(() => store.close())
  const embedder = createCountingEmbedder(10)
  const used = options.embedder ?? embedder
  await store.adopt({ embedder: used.identity, chunker: 'test/1' })
  const extracted: string[] = []
  const indexer = createIndexer({
    store,
    embedder,
    extractFile: (bytes, facts) => {
      extracted.push(facts.name)
      return extractHere(bytes, facts)
    },
    extractVersion: 'extract/1',
    filesAhead: 2,
    concurrency: 2,
    ownFiles: [`${folder}/index.db`],
    acquireLock: async () => ({ release: () => {} }),
    clock: () => performance.now(),
    now: () => Date.UTC(2026, 10, 23, 12),
    ...options,
  })
  const index = async (path: string, request: Partial<IndexRequest> = {}) => {
    await settle()
    return indexer.index({ path, ...request })
  }
  return {
    store,
    embedder,
    extracted,
    index,
    forecast: async (path, request = {}) => {
      await settle()
      return indexer.forecast({ path, ...request })
    },
    async indexWithEvents(path, request = {}) {
      const events: IndexProgress[] = []
      const report = await index(path, { ...request, onProgress: (event) => events.push(event) })
      return { report, events }
    },
  }
}

/** Reads a file in this process. */
export const extractHere: ExtractFile = (bytes, options) =>
  extractFile(bytes, { ...options, limits: defaultExtractLimits })

/** A file that changed less than 50 ms ago is read again by the next run, see `fingerprintOf`. */
function settle(): Promise<void> {
  return wait(70)
}

/** The documents of a collection (of all, without one) by URI. */
export async function documentsOf(store: Store, collection?: string): Promise<Map<string, DocumentSummary>> {
  const { items } = await store.listDocuments({ limit: 10_000, ...(collection && { collection }) })
  return new Map(items.map((document) => [document.uri, document]))
}

/** The URIs of the passages that hold a term. */
export async function findTerm(store: Store, term: string): Promise<string[]> {
  const found = await store.searchKeywords(unitsOf(term), 100, {})
  return (await store.getChunks(found.map(({ chunkId }) => chunkId))).map(({ uri }) => uri)
}

/** Markdown of sections too long to share a passage; each begins with its heading. */
export function longSections(...headings: readonly string[]): string {
  return headings.map((heading) => `${heading}\n\n${`About ${heading}. `.repeat(40)}\n`).join('\n')
}
