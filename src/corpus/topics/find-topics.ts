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
import type { Candidate } from './choose-groups.js'
import type { FoundTopic } from './model-topics.js'
import type { TopicTitler } from './topic-titler.js'

export type TopicsRequest = CorpusScope &
  CorpusRun & {
    /** Start of the random numbers; any gives nearly the same topics. Default 1. */
    readonly seed?: number
  }

/** A passage that stands for a topic, or for none. */
export type TopicPassage = {
  readonly id: string
  readonly documentId: string
  readonly title: string
  readonly uri: string
  readonly collection: string
  /** Its beginning, at most 200 characters. */
  readonly snippet: string
}

export type Topic = {
  /** By the model that answers, else its first terms. */
  readonly title: string
  /** What sets it apart from the others, best first. */
  readonly terms: readonly string[]
  /** Number of documents. */
  readonly size: number
  /** Earliest and latest time of its documents, milliseconds since 1970. */
  readonly fromMs: number
  readonly toMs: number
  /** Of the documents nearest to its centre. */
  readonly central: readonly TopicPassage[]
  /** What it divides into; none of a small one. */
  readonly subtopics: readonly Omit<Topic, 'subtopics'>[]
}

export type TopicsReport = {
  /** What documents were compared by: the words, or the vectors that are stored. */
  readonly by: 'terms' | 'vectors'
  readonly documents: number
  /** The largest first. */
  readonly topics: readonly Topic[]
  /** What each number of topics was worth; the least within 0.02 of the best was taken. */
  readonly candidates: readonly Candidate[]
  /** Documents that are like no others of their topic, the strangest first, and how many there are. */
  readonly outliers: readonly TopicPassage[]
  readonly outlierCount: number
  /** Why the titles are terms although a model was to write them. */
  readonly note?: string
}

const SNIPPET_CHARS = 200
const MAX_OUTLIERS = 20
const TITLE_TERMS = 3

export type TopicDependencies = {
  readonly store: Store
  /** Names topics; undefined where no model writes. */
  readonly titler: TopicTitler | undefined
}

/**
 * What the documents of a scope are about, in two levels. Compares the stored vectors where a model made them, and words where the
 * lexical provider did. Throws BAD_INPUT, NOT_FOUND for an unknown collection, CANCELLED.
 */
export async function findTopics(
  { store, titler }: TopicDependencies,
  request: TopicsRequest,
): Promise<TopicsReport> {
  const scope = searchScopeOf(request)
  await requireCollection(store, request.collection, request.collections)
  const identity = await store.identity()
  const pages = readPassages(store, scope, request)
  const found = await runInThread({
    ...request,
    task: 'topics',
    options: { seed: request.seed ?? 1 },
    pages:
      identity === undefined || identity.embedder.provider === 'local' ? pages : withVectors(store, pages),
  })
  const outliers = found.outliers.slice(0, MAX_OUTLIERS)
  const passages = await passagesOf(store, [
    ...found.topics.flatMap((topic) => [topic, ...topic.subtopics].flatMap(({ central }) => central)),
    ...outliers,
  ])
  const describe = (topic: FoundTopic): Omit<Topic, 'subtopics'> => ({
    title: topic.terms.slice(0, TITLE_TERMS).join(', ') || 'Other',
    terms: topic.terms,
    size: topic.size,
    fromMs: topic.fromMs,
    toMs: topic.toMs,
    central: topic.central.flatMap((chunkId) => passages.get(chunkId) ?? []),
  })
  const topics = found.topics.map((topic) => ({
    ...describe(topic),
    subtopics: topic.subtopics.map(describe),
  }))
  return {
    by: found.by,
    documents: found.documents,
    candidates: found.candidates,
    outliers: outliers.flatMap((chunkId) => passages.get(chunkId) ?? []),
    outlierCount: found.outliers.length,
    ...(titler === undefined || topics.length === 0 ? { topics } : await titler(topics, request.signal)),
  }
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
