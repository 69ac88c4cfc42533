import { onTestFinished } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { embeddingKey } from '../../src/embed/embedding-key.js'
import { indexTerms } from '../../src/ingest/prepare-document.js'
import type { QueryEmbedder } from '../../src/search/open-lists.js'
import { createSearcher, type Searcher, type SearcherDependencies } from '../../src/search/searcher.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import type { IndexedChunk, Store } from '../../src/store/store.js'
import { analyze, analyzedText } from '../../src/text/analyze.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'
import type { Metadata } from '../../src/types.js'

export type SmallDocument = {
  /** Also its URI and title. */
  readonly id: string
  readonly passages: readonly string[]
  readonly collection?: string
  /** ISO 639-1, English by default. */
  readonly language?: string
  readonly metadata?: Metadata
  readonly type?: string
  /** Milliseconds since 1970. */
  readonly modifiedMs?: number
}

/** An empty store in memory, closed after the test. */
export function emptyStore(): Store {
  const store = openSqliteStore(':memory:', { create: true })
  onTestFinished(() => store.close())
  return store
}

/** A store in memory with these documents; each passage has its vector. */
export async function storeOf(documents: readonly SmallDocument[], embedder: Embedder): Promise<Store> {
  const store = emptyStore()
  await store.adopt({ embedder: embedder.identity, chunker: 'test/1' })
  for (const document of documents) await addDocument(store, document, embedder)
  return store
}

async function addDocument(store: Store, small: SmallDocument, embedder: Embedder): Promise<void> {
  const { id, passages, collection = 'notes' } = small
  await store.openCollection(collection, null)
  const vectors = await embedder.embed(
    passages.map((text) => ({ text })),
    { role: 'document' },
  )
  const chunks = passages.map((text, ordinal) => chunkOf(id, text, ordinal, embedder, small.language ?? 'en'))
  await store.putEmbeddings(
    chunks.map(({ embeddingKey: key }, i) => ({ key: key ?? '', vector: vectors[i] ?? new Float32Array() })),
  )
  const { type = 'text/plain', metadata = { tag: id }, modifiedMs = 0 } = small
  const source = { type, metadata, sizeBytes: 1, contentHash: '', modifiedMs, dateMs: modifiedMs }
  const rest = { fileUri: id, blocks: [] }
  const document = { id, collection, uri: id, title: id, text: passages.join('\n'), ...source, ...rest }
  await store.replaceDocuments([{ document, chunks }])
}

function chunkOf(
  title: string,
  text: string,
  ordinal: number,
  embedder: Embedder,
  language: string,
): IndexedChunk {
  return {
    ordinal,
    text,
    start: 0,
    end: text.length,
    headings: [],
    location: { kind: 'lines', start: ordinal + 1, end: ordinal + 1 },
    tokens: estimateTokens(text),
    ...indexTerms(title, text, language),
    embeddingKey: embeddingKey(embedder.identity, 'document', { text }),
  }
}

/** What time it is for a searcher of these: 15 June 2025, a Sunday. */
export const NOW_MS = Date.UTC(2025, 5, 15, 12)

/** A searcher over a store; its clock advances by 7 ms between two looks at it. */
export function searcherOf(
  store: Store,
  embedder: QueryEmbedder,
  more: Partial<SearcherDependencies> = {},
): Searcher {
  let now = 0
  return createSearcher({
    store,
    embedder: async () => embedder,
    clock: () => {
      now += 7
      return now
    },
    now: () => NOW_MS,
    ...more,
  })
}

const CONCEPTS = [
  ['car', 'automobile', 'vehicle'],
  ['walrus', 'pinniped'],
  ['gate', 'portal', 'entrance'],
  ['key', 'passkey'],
]

/** An embedder that knows synonyms: one dimension for each concept, one for everything else. */
export function conceptEmbedder(): Embedder {
  const dimensions = CONCEPTS.length + 1
  const conceptOf = new Map(
    CONCEPTS.flatMap((words, i) => words.map((word) => [analyzedText(word), i] as const)),
  )
  return {
    identity: { provider: 'local', modelId: 'concepts', dimensions, roles: 'test/1' },
    maxBatch: 100,
    maxInputTokens: 1_000,
    semantic: true,
    relevanceRange: { unrelated: 0.5, related: 0.9 },
    async embed(inputs) {
      return inputs.map(({ text }) => {
        const vector = new Float32Array(dimensions).fill(0.01)
        for (const { term } of analyze(text)) {
          const at = conceptOf.get(term)
          if (at !== undefined) vector[at] = 1
        }
        return toUnitLength(vector)
      })
    },
  }
}

/** An embedder that only knows words, and likes texts the better the higher the number they hold. */
export function numberEmbedder(): Embedder {
  return {
    ...conceptEmbedder(),
    identity: { provider: 'local', modelId: 'numbers', dimensions: 2, roles: 'test/1' },
    semantic: false,
    async embed(inputs, { role }) {
      return inputs.map(({ text }) => {
        const angle = role === 'query' ? 1 : Number(/\d+/.exec(text)?.[0] ?? 0) / 1000
        return Float32Array.from([Math.cos(angle), Math.sin(angle)])
      })
    },
  }
}

/** The embedder of an index whose service fails. */
export function failingEmbedder(error: unknown): Embedder {
  return { ...conceptEmbedder(), embed: () => Promise.reject(error) }
}

function toUnitLength(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}
