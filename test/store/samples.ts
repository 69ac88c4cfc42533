import { createHash } from 'node:crypto'
import type { FileState, IndexedChunk, IndexIdentity, PlannedUnit, Store } from '../../src/store/store.js'
import type { Document } from '../../src/types.js'

/** Opens a new, empty store that closes itself after the test. `now` gives milliseconds since 1970. */
export type OpenStore = (options?: { readonly now?: () => number }) => Store | Promise<Store>

export const DIMENSIONS = 4

export const IDENTITY: IndexIdentity = {
  embedder: { provider: 'local', modelId: 'model-a', dimensions: DIMENSIONS, roles: 'roles/1' },
  chunker: 'chunker/1',
}

export const COLLECTION = 'notes'
export const ROOT = '/notes'

/** A store that has its embedder and the collection `notes`. */
export async function openPrepared(openStore: OpenStore): Promise<Store> {
  const store = await openStore()
  await store.adopt(IDENTITY)
  await store.openCollection(COLLECTION, ROOT)
  return store
}

/** An embedding key, as made of a text: 64 hex digits. */
export function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** At unit length. */
export function unitVector(...values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / norm)
}

/** Points along one of the axes. */
export function axis(n: number, dimensions = DIMENSIONS): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, i) => (i === n ? 1 : 0))
}

export type Passage = {
  /** Its words, blank-separated, are its terms. */
  readonly text: string
  readonly titleTerms?: string
  readonly headings?: readonly string[]
  /** Name of its embedding, made a key by `keyOf`; without one it has no vector. */
  readonly embedding?: string
}

/** Units that find passages by one term each, all worth the same. */
export function unitsOf(...terms: readonly string[]): PlannedUnit[] {
  return terms.map((term) => ({ terms: [term], passages: 1, weight: 1, hasPlace: false, role: 'find' }))
}

export function makeChunks(passages: readonly Passage[]): IndexedChunk[] {
  return passages.map(({ text, titleTerms = '', headings = [], embedding }, ordinal) => ({
    ordinal,
    text,
    start: ordinal * 100,
    end: ordinal * 100 + text.length,
    headings,
    location: { kind: 'lines', start: ordinal + 1, end: ordinal + 1 },
    tokens: text.length,
    titleTerms,
    textTerms: text,
    partTerms: '',
    language: 'en',
    embeddingKey: embedding === undefined ? null : keyOf(embedding),
  }))
}

export function makeDocument(uri: string, facts: Partial<Document> = {}): Document {
  const collection = facts.collection ?? COLLECTION
  return {
    id: keyOf(`${collection}:${uri}`).slice(0, 16),
    collection,
    uri,
    fileUri: uri,
    title: `Title of ${uri}`,
    type: 'text/plain',
    metadata: {},
    text: `text of ${uri}`,
    blocks: [],
    sizeBytes: 10,
    contentHash: keyOf(uri),
    modifiedMs: 1_700_000_000_000,
    dateMs: 1_600_000_000_000,
    ...facts,
  }
}

export function makeFile(uri: string, facts: Partial<FileState> = {}): FileState {
  return { uri, fingerprint: `fingerprint of ${uri}`, contentHash: keyOf(uri), outcome: 'indexed', ...facts }
}

export type Passages = { readonly passages: readonly Passage[]; readonly collection?: string }

/** Stores a document along with its file's state and gives its id. Embeddings must be there already. */
export async function putDocument(store: Store, uri: string, content: Passages): Promise<string> {
  const document = makeDocument(
    uri,
    content.collection === undefined ? {} : { collection: content.collection },
  )
  await store.replaceDocuments([{ document, chunks: makeChunks(content.passages), file: makeFile(uri) }])
  return document.id
}

/** Stores vectors under names, see `keyOf`. */
export async function putVectors(
  store: Store,
  vectors: Readonly<Record<string, Float32Array>>,
): Promise<void> {
  await store.putEmbeddings(Object.entries(vectors).map(([name, vector]) => ({ key: keyOf(name), vector })))
}

/** The URIs (and ordinals) of the passages that hold any of these terms, best first. */
export async function foundByKeywords(store: Store, ...terms: readonly string[]): Promise<string[]> {
  return namesOf(store, await store.searchKeywords(unitsOf(...terms), 1000, {}))
}

/** The URIs (and ordinals) of the passages with a cosine above 0.5, best first. */
export async function foundNear(store: Store, query: Float32Array): Promise<string[]> {
  const scored = await store.searchVectors(query, 1000, {})
  return namesOf(
    store,
    scored.filter(({ score }) => score > 0.5),
  )
}

async function namesOf(store: Store, scored: readonly { readonly chunkId: number }[]): Promise<string[]> {
  const chunks = await store.getChunks(scored.map(({ chunkId }) => chunkId))
  return chunks.map(({ uri, ordinal }) => `${uri}#${ordinal}`)
}
