import { createHash } from 'node:crypto'
import { openSqliteStore, type SqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import type { IndexedChunk, Store } from '#dist/store/store.js'
import { createRandom } from '../http/random.js'

const DIMENSIONS = 256
const PASSAGES = 5
const COLLECTION = 'small'
const EMBEDDER = { provider: 'local', modelId: 'model-a', dimensions: DIMENSIONS, roles: 'roles/1' } as const

/** A store of documents made of numbers, whose vectors point anywhere. */
export async function openSmallStore(path: string, minFreeBytes?: number): Promise<SqliteStore> {
  const store = openSqliteStore(path, {
    create: true,
    ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
  })
  await store.adopt({ embedder: EMBEDDER, chunker: 'rules/1' })
  await store.openCollection(COLLECTION, null)
  return store
}

export async function addDocuments(store: Store, from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number++) {
    const chunks = Array.from({ length: PASSAGES }, (_, ordinal) => makeChunk(number, ordinal))
    const text = chunks.map((chunk) => chunk.text).join('')
    await store.putEmbeddings(
      chunks.map(({ embeddingKey }) => ({ key: embeddingKey ?? '', vector: vectorOf(embeddingKey ?? '') })),
    )
    const document = {
      id: hash(`document ${number}`).slice(0, 16),
      collection: COLLECTION,
      uri: `document-${number}`,
      fileUri: `document-${number}`,
      title: `Document ${number}`,
      type: 'text/plain',
      metadata: { number },
      text,
      blocks: [],
      sizeBytes: text.length,
      contentHash: hash(text),
      modifiedMs: 0,
      dateMs: 0,
    }
    await store.replaceDocuments([{ document, chunks }])
  }
}

/** Changes the model, as `migrate` does. */
export async function beginMigration(store: Store): Promise<void> {
  const to = { ...EMBEDDER, modelId: 'model-b' }
  await store.beginVectors(to)
  for (const { id } of (await store.listDocuments({ limit: 100_000 })).items) {
    const links = (await store.chunkIdsOf(id)).map((chunkId) => ({ chunkId, key: hash(`b ${chunkId}`) }))
    await store.putEmbeddings(
      links.map(({ key }) => ({ key, vector: vectorOf(key) })),
      undefined,
      to,
    )
    await store.linkEmbeddings(links, to)
  }
  await store.switchVectors(to, [])
}

/** Searches by words and by vectors; gives the fewer of what both find. */
export async function searchBoth(store: Store): Promise<number> {
  const unit = { terms: ['shared'], passages: 10, weight: 1, hasPlace: false, role: 'find' } as const
  const byWords = await store.searchKeywords([unit], 10, {})
  const byVectors = await store.searchVectors(vectorOf('query'), 10, {})
  return Math.min(byWords.length, byVectors.length)
}

function makeChunk(number: number, ordinal: number): IndexedChunk {
  const draw = createRandom(number * PASSAGES + ordinal + 1)
  const words = Array.from({ length: 100 }, () => `w${draw(20_000).toString(36)}`).join(' ')
  const text = `shared mark${number} ${words}\n`
  const start = ordinal * 2_000
  return {
    ordinal,
    text,
    start,
    end: start + text.length,
    headings: [],
    location: { kind: 'lines', start: ordinal + 1, end: ordinal + 1 },
    tokens: 100,
    titleTerms: '',
    textTerms: text.trim(),
    partTerms: '',
    language: 'en',
    embeddingKey: hash(text),
  }
}

/** As the file has it. */
export function vectorBytes(text: string): Buffer {
  return Buffer.from(vectorOf(hash(text)).buffer)
}

function vectorOf(name: string): Float32Array {
  const draw = createRandom(Number.parseInt(hash(name).slice(0, 8), 16))
  return Float32Array.from({ length: DIMENSIONS }, () => draw(2_000) - 999.5)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
