import type { Embedder, EmbedderIdentity, EmbedInput } from '../../embed/embedder.js'
import { embeddingKey } from '../../embed/embedding-key.js'
import { GemdexError } from '../../errors.js'
import { requireCollection } from '../../search/search-request.js'
import { passageId, type Store } from '../../store/store.js'
import {
  type CorpusPassage,
  type CorpusRun,
  type CorpusScope,
  readPassages,
  searchScopeOf,
} from '../corpus-passage.js'
import { runInThread } from '../run-in-thread.js'
import { type EmbeddingForecast, forecastEmbedding, inPages, wholeDocuments } from '../whole-documents.js'
import type { Candidate } from './divide-clearly.js'
import type { FoundTopic, FoundTopics } from './model-topics.js'
import type { Topic, TopicPassage } from './topic.js'
import type { TopicTitler } from './topic-titler.js'

export type TopicsRequest = CorpusScope &
  CorpusRun & {
    /** Start of the random numbers; any gives nearly the same topics. Default 1. */
    readonly seed?: number
    /** Has the index's embedder make vectors of whole documents for this alone, instead of comparing what is stored. */
    readonly role?: 'clustering'
    /** Names the documents of each topic. */
    readonly members?: boolean
    /** Sends nothing: says what `role` would send. */
    readonly dryRun?: boolean
  }

export type TopicsReport = {
  /** What documents were compared by: the words, or the vectors that are stored. */
  readonly by: 'terms' | 'vectors'
  readonly documents: number
  /** The largest first. */
  readonly topics: readonly Topic[]
  /** The divisions in two that led to the topics, in their order; the last was not made where it cuts too much. */
  readonly candidates: readonly Candidate[]
  /** Documents that are like no others of their topic, the strangest first, and how many there are. */
  readonly outliers: readonly TopicPassage[]
  readonly outlierCount: number
  /** What is sent to the embedder: nothing without a role. */
  readonly sent: EmbeddingForecast
  /** Why the titles are terms although a model was to write them. */
  readonly note?: string
}

const SNIPPET_CHARS = 200
const MAX_OUTLIERS = 20
const TITLE_TERMS = 3
const READ_AT_ONCE = 500
/** Documents whose vectors are stored together: what was paid for before a run ends early is there for the next. */
const EMBEDDED_AT_ONCE = 100

export type TopicDependencies = {
  readonly store: Store
  /** Names topics; undefined where no model writes. */
  readonly titler: TopicTitler | undefined
  /** The index's embedder, or why there is none. */
  readonly embedder: () => Promise<Embedder | { readonly unavailable: string }>
  readonly embed: (inputs: readonly EmbedInput[], signal?: AbortSignal) => Promise<readonly Float32Array[]>
  readonly usdPerMillionTokens: (identity: Embedder['identity']) => number | undefined
}

/**
 * What the documents of a scope are about, in two levels. Compares the stored vectors where a model made them, and words where the
 * lexical provider did. Throws BAD_INPUT, NOT_FOUND for an unknown collection, STORE_READ_ONLY before anything is sent for vectors that
 * could not be kept, CANCELLED.
 */
export async function findTopics(
  dependencies: TopicDependencies,
  request: TopicsRequest,
): Promise<TopicsReport> {
  const { store, titler } = dependencies
  await requireCollection(store, request.collection, request.collections)
  const { pages, sent } = await compared(dependencies, request)
  const nothing = { documents: 0, topics: [], candidates: [], outliers: [], outlierCount: 0 }
  if (request.dryRun) return { by: request.role === undefined ? 'terms' : 'vectors', ...nothing, sent }
  const found = await runInThread({
    ...request,
    task: 'topics',
    options: { seed: request.seed ?? 1 },
    pages,
  })
  const outliers = found.outliers.slice(0, MAX_OUTLIERS)
  const passages = await passagesOf(store, [
    ...found.topics.flatMap((topic) => [topic, ...topic.subtopics].flatMap(({ central }) => central)),
    ...outliers,
  ])
  const describe = (topic: FoundTopic): Omit<Topic, 'members' | 'subtopics'> => ({
    title: topic.terms.slice(0, TITLE_TERMS).join(', ') || 'Other',
    terms: topic.terms,
    size: topic.size,
    fromMs: topic.fromMs,
    toMs: topic.toMs,
    central: topic.central.flatMap((chunkId) => passages.get(chunkId) ?? []),
  })
  const members = request.members ? membersOf(found) : []
  const topics = found.topics.map((topic, i) => ({
    ...describe(topic),
    ...(members[i] === undefined ? {} : { members: members[i] }),
    subtopics: topic.subtopics.map(describe),
  }))
  return {
    by: found.by,
    documents: found.documents,
    candidates: found.candidates,
    outliers: outliers.flatMap((chunkId) => passages.get(chunkId) ?? []),
    outlierCount: found.outliers.length,
    sent,
    ...(titler === undefined || topics.length === 0 ? { topics } : await titler(topics, request.signal)),
  }
}

/** The documents of each topic, in the order of the store. */
function membersOf({ topics, assignments }: FoundTopics): string[][] {
  const members = topics.map((): string[] => [])
  for (const { documentId, topic } of assignments) members[topic]?.push(documentId)
  return members
}

/** What documents are compared by: the vectors that are stored, those made in a role, or, with the lexical provider, their words. */
async function compared(
  { store, embedder: openEmbedder, embed, usdPerMillionTokens }: TopicDependencies,
  request: TopicsRequest,
): Promise<{ readonly pages: AsyncIterable<CorpusPassage[]>; readonly sent: EmbeddingForecast }> {
  const pages = readPassages(store, searchScopeOf(request), request)
  const nothing = { texts: 0, tokens: 0, priceUsd: 0 }
  const identity = await store.identity()
  if (request.role === undefined)
    return identity === undefined || identity.embedder.provider === 'local'
      ? { pages, sent: nothing }
      : { pages: withVectors(store, pages), sent: nothing }
  const embedder = await openEmbedder()
  if ('unavailable' in embedder)
    throw new GemdexError('KEY_MISSING', embedder.unavailable, { hint: 'Without --role nothing is sent.' })
  const documents = await wholeDocuments(pages)
  const kept = await readKept(store, documents, embedder.identity)
  const missing = kept.filter(({ vector }) => vector === undefined)
  const sent = forecastEmbedding(missing, embedder, usdPerMillionTokens)
  if (request.dryRun) return { pages: inPages([], []), sent }
  if (missing.length > 0) await store.requireWritable()
  const vectors = new Map(kept.flatMap(({ key, vector }) => (vector === undefined ? [] : [[key, vector]])))
  for (let at = 0; at < missing.length; at += EMBEDDED_AT_ONCE) {
    const batch = missing.slice(at, at + EMBEDDED_AT_ONCE)
    request.onProgress?.({ stage: 'embedding', done: at, total: missing.length })
    const fresh = await embed(batch, request.signal)
    const entries = batch.flatMap(({ key, documentId }, i) => {
      const vector = fresh[i]
      return vector === undefined ? [] : [{ key, documentId, vector }]
    })
    await store.putDocumentEmbeddings(entries)
    for (const { key, vector } of entries) vectors.set(key, vector)
  }
  const all = kept.flatMap(({ key }) => vectors.get(key) ?? [])
  return { pages: inPages(documents, all), sent }
}

/** The keys of documents' vectors in the role, and the vectors that are there from an earlier run. */
async function readKept(
  store: Store,
  documents: readonly CorpusPassage[],
  identity: EmbedderIdentity,
): Promise<{ key: string; documentId: string; text: string; vector: Float32Array | undefined }[]> {
  const keyed = documents.map(({ documentId, text }) => ({
    documentId,
    text,
    key: embeddingKey(identity, 'clustering', { text }),
  }))
  const kept = []
  for (let at = 0; at < keyed.length; at += READ_AT_ONCE) {
    const page = keyed.slice(at, at + READ_AT_ONCE)
    const known = await store.embeddings(page.map(({ key }) => key))
    kept.push(...page.map((document) => ({ ...document, vector: known.get(document.key) })))
  }
  return kept
}

async function* withVectors(
  store: Store,
  pages: AsyncIterable<readonly CorpusPassage[]>,
): AsyncGenerator<CorpusPassage[]> {
  for await (const page of pages) {
    const vectors = await store.vectors(page.map(({ chunkId }) => chunkId))
    yield page.map((passage) => {
      const vector = vectors.get(passage.chunkId)
      return vector === undefined ? passage : { ...passage, vector }
    })
  }
}

async function passagesOf(store: Store, chunkIds: readonly number[]): Promise<Map<number, TopicPassage>> {
  const chunks = await store.getChunks([...new Set(chunkIds)])
  return new Map(
    chunks.map(({ chunkId, documentId, ordinal, title, uri, collection, text }) => [
      chunkId,
      {
        id: passageId(documentId, ordinal),
        documentId,
        title,
        uri,
        collection,
        snippet: text.slice(0, SNIPPET_CHARS).replace(/[\ud800-\udbff]$/, ''),
      },
    ]),
  )
}
