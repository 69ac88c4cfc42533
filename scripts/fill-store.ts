import { createHash } from 'node:crypto'
import { openSqliteStore, type SqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import type { DocumentEntry, Embedding, IndexedChunk, SearchScope, Store } from '#dist/store/store.js'
import { createWordSource, type Words } from './bench-words.js'

export const PASSAGES_PER_DOCUMENT = 10
/** Passages written in one transaction. */
const BATCH = 1000
/** Threads that search where an index has just been filled. */
const SEARCHERS = 2
const WORDS_PER_PASSAGE = 120
const FIRST_DATE_MS = Date.UTC(2020, 0, 1)
const MINUTE_MS = 60_000

export const PARTS = ['tenth', 'hundredth', 'few'] as const
/** What a document belongs to: one of ten to `tenth`, one of a hundred to `hundredth`, ten of them all to `few`. */
export type Part = (typeof PARTS)[number] | 'rest'

const TYPES: Record<Part, string> = {
  tenth: 'text/html',
  hundredth: 'application/pdf',
  few: 'message/rfc822',
  rest: 'text/markdown',
}

export type FillOptions = {
  readonly count: number
  readonly dimensions: number
  readonly next: () => Float32Array
  /** Told of each vector, in the order of passages. */
  readonly onVector?: (vector: Float32Array) => void
  /** Given the store that has written everything, while it is open. */
  readonly onFilled?: (store: Store) => Promise<void>
}

/** What is written in one transaction of vectors and one of documents. */
export type FillBatch = {
  readonly embeddings: readonly Embedding[]
  readonly entries: readonly DocumentEntry[]
}

/** Makes an index of so many passages, written by a thread as a service writes them. Gives the rate of writing alone. */
export async function fillStore(path: string, options: FillOptions): Promise<{ readonly rate: number }> {
  const empty = await prepareStore(path, options.dimensions)
  await empty.close()
  const store = openThreadedStore(path, { create: false, searchers: SEARCHERS })
  let milliseconds = 0
  for (const { embeddings, entries } of makeBatches(options)) {
    const started = performance.now()
    await store.putEmbeddings(embeddings)
    await store.replaceDocuments(entries)
    milliseconds += performance.now() - started
  }
  await options.onFilled?.(store)
  await store.close()
  return { rate: (options.count * 1000) / milliseconds }
}

/** A new index, ready for the batches. */
export async function prepareStore(path: string, dimensions: number): Promise<SqliteStore> {
  const store = openSqliteStore(path, { create: true })
  const embedder = { provider: 'local', modelId: 'bench', dimensions, roles: 'bench/1' } as const
  await store.adopt({ embedder, chunker: 'bench/1' })
  for (const name of [...PARTS, 'rest']) await store.openCollection(name, null)
  return store
}

/** The same batches in every run. Documents are numbered from `firstDocument` on. */
export function* makeBatches(
  { count, next, onVector }: Omit<FillOptions, 'dimensions'>,
  firstDocument = 0,
): Generator<FillBatch> {
  const nextWords = createWordSource(1 + firstDocument)
  const documents = Math.ceil(count / PASSAGES_PER_DOCUMENT)
  for (let first = 0; first < count; first += BATCH) {
    const vectors = Array.from({ length: Math.min(BATCH, count - first) }, next)
    for (const vector of vectors) onVector?.(vector)
    const before = firstDocument * PASSAGES_PER_DOCUMENT + first
    const embeddings = vectors.map((vector, i) => ({ key: hashOf(`passage ${before + i}`), vector }))
    const entries: DocumentEntry[] = []
    for (let i = 0; i < vectors.length; i += PASSAGES_PER_DOCUMENT) {
      const keys = embeddings.slice(i, i + PASSAGES_PER_DOCUMENT).map(({ key }) => key)
      const passages = keys.map(() => nextWords(WORDS_PER_PASSAGE))
      const number = (first + i) / PASSAGES_PER_DOCUMENT
      entries.push(makeEntry(firstDocument + number, partOf(number, documents), passages, keys))
    }
    yield { embeddings, entries }
  }
}

/** Ways to say which part is meant, by name. Metadata keys need no declaring: `weight` is as good as `part`. */
export function scopesOf(part: (typeof PARTS)[number], documents: number): Record<string, SearchScope> {
  const dates = { tenth: documents / 10, hundredth: documents / 100, few: 10 }
  return {
    collection: { collection: part },
    type: { filter: { op: 'in', field: { kind: 'type' }, values: [TYPES[part]] } },
    path: { filter: { op: 'glob', field: { kind: 'path' }, pattern: `${part}/**` } },
    date: {
      filter: {
        op: 'compare',
        field: { kind: 'time' },
        how: 'lt',
        value: FIRST_DATE_MS + dates[part] * MINUTE_MS,
      },
    },
    metadata: { filter: { op: 'in', field: { kind: 'metadata', name: 'part' }, values: [part] } },
  }
}

function makeEntry(
  number: number,
  part: Part,
  passages: readonly Words[],
  keys: readonly string[],
): DocumentEntry {
  const uri = `${part}/folder-${number % 100}/document-${number}.md`
  const text = passages.map((passage) => passage.text).join('\n\n')
  const dateMs = FIRST_DATE_MS + number * MINUTE_MS
  let start = 0
  const chunks = passages.map((words, ordinal) => {
    const chunk = makeChunk(number, ordinal, start, words, keys[ordinal] ?? '')
    start = chunk.end + 2
    return chunk
  })
  const contentHash = hashOf(text)
  return {
    document: {
      id: hashOf(uri).slice(0, 16),
      collection: part,
      uri,
      fileUri: uri,
      title: `Document ${number}`,
      type: TYPES[part],
      metadata: { part, weight: number % 1000, tags: [`tag-${number % 7}`, `topic-${number % 11}`] },
      text,
      blocks: [],
      sizeBytes: text.length,
      contentHash,
      modifiedMs: dateMs,
      dateMs,
    },
    chunks,
    file: { uri, fingerprint: uri, contentHash, outcome: 'indexed' },
  }
}

/** The parts are spread over the whole index, as far as there are so many. */
function partOf(number: number, documents: number): Part {
  const step = Math.max(1, Math.floor(documents / 10))
  if (number % step === 5 && number < 10 * step) return 'few'
  if (number % 100 === 7) return 'hundredth'
  return number % 10 === 3 ? 'tenth' : 'rest'
}

function makeChunk(
  document: number,
  ordinal: number,
  start: number,
  { text, terms }: Words,
  embeddingKey: string,
): IndexedChunk {
  return {
    ordinal,
    text,
    start,
    end: start + text.length,
    headings: [`Document ${document}`],
    location: { kind: 'lines', start: ordinal * 2 + 1, end: ordinal * 2 + 1 },
    tokens: Math.ceil(text.length / 4),
    titleTerms: `document ${document}`,
    partTerms: '',
    language: 'en',
    textTerms: terms,
    embeddingKey,
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
