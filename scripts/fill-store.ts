import { createHash } from 'node:crypto'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import type { DocumentEntry, IndexedChunk } from '#dist/store/store.js'

export const PASSAGES_PER_DOCUMENT = 10
/** Passages written in one transaction. */
const BATCH = 1000

export type FillOptions = {
  readonly count: number
  readonly dimensions: number
  readonly next: () => Float32Array
  /** Told of each vector, in the order of passages. */
  readonly onVector?: (vector: Float32Array) => void
}

/**
 * Makes an index of so many passages, written as indexing writes them. One document of ten is in the collection `tenth`,
 * one of a hundred in `hundredth`, ten documents are in `few`, the others in `rest`. Gives the rate of writing alone.
 */
export async function fillStore(path: string, options: FillOptions): Promise<{ readonly rate: number }> {
  const store = openSqliteStore(path, { create: true })
  const embedder = {
    provider: 'local',
    modelId: 'bench',
    dimensions: options.dimensions,
    roles: 'bench/1',
  } as const
  await store.adopt({ embedder, chunker: 'bench/1' })
  const documents = Math.ceil(options.count / PASSAGES_PER_DOCUMENT)
  for (const name of ['few', 'hundredth', 'rest', 'tenth']) await store.openCollection(name, null)
  let milliseconds = 0
  for (let first = 0; first < options.count; first += BATCH) {
    const vectors = Array.from({ length: Math.min(BATCH, options.count - first) }, options.next)
    for (const vector of vectors) options.onVector?.(vector)
    const keys = vectors.map((_, i) =>
      createHash('sha256')
        .update(String(first + i))
        .digest('hex'),
    )
    const entries: DocumentEntry[] = []
    for (let i = 0; i < vectors.length; i += PASSAGES_PER_DOCUMENT) {
      entries.push(
        makeEntry((first + i) / PASSAGES_PER_DOCUMENT, documents, keys.slice(i, i + PASSAGES_PER_DOCUMENT)),
      )
    }
    const started = performance.now()
    await store.putEmbeddings(vectors.map((vector, i) => ({ key: keys[i] ?? '', vector })))
    await store.replaceDocuments(entries)
    milliseconds += performance.now() - started
  }
  await store.close()
  return { rate: (options.count * 1000) / milliseconds }
}

function makeEntry(number: number, documents: number, keys: readonly string[]): DocumentEntry {
  const uri = `folder-${number % 100}/document-${number}.md`
  const passages = keys.map((key, ordinal) => makeChunk(number, ordinal, key))
  const text = passages.map((passage) => passage.text).join('\n\n')
  return {
    document: {
      id: number.toString(16).padStart(16, '0'),
      collection: collectionOf(number, documents),
      uri,
      fileUri: uri,
      title: `Document ${number}`,
      type: 'text/markdown',
      metadata: { part: number % 10 },
      text,
      blocks: [],
      sizeBytes: text.length,
      contentHash: keys[0] ?? '',
      modifiedMs: 1_700_000_000_000 + number * 60_000,
      dateMs: 1_700_000_000_000 + number * 60_000,
    },
    chunks: passages,
    file: { uri, fingerprint: uri, contentHash: keys[0] ?? '', outcome: 'indexed' },
  }
}

function collectionOf(number: number, documents: number): string {
  // Spread over the whole index, as far as there are so many.
  if (number % Math.max(1, Math.floor(documents / 10)) === 5) return 'few'
  if (number % 100 === 7) return 'hundredth'
  return number % 10 === 3 ? 'tenth' : 'rest'
}

function makeChunk(document: number, ordinal: number, embeddingKey: string): IndexedChunk {
  const text = `Passage ${ordinal} of document ${document} about word${(document * 7 + ordinal) % 1000}.`
  const start = ordinal * 100
  return {
    ordinal,
    text,
    start,
    end: start + text.length,
    headings: [`Document ${document}`],
    location: { kind: 'lines', start: ordinal + 1, end: ordinal + 1 },
    tokens: 10,
    titleTerms: `document ${document}`,
    partTerms: '',
    language: 'en',
    textTerms: `passage ${ordinal} document ${document} word${(document * 7 + ordinal) % 1000}`,
    embeddingKey,
  }
}
