import type { Embedder } from '../embed/embedder.js'
import { withRetry } from '../embed/retry.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import type { ScoredChunk, SearchScope, Store, StoredChunk } from '../store/store.js'
import { analyze } from '../text/analyze.js'
import type { Hit, SearchMode, SearchResult } from '../types.js'
import { fuseRankings } from './fuse-rankings.js'
import { makeSnippet } from './make-snippet.js'
import { planKeywords } from './plan-keywords.js'
import { relevanceOf, termWeights, weightShare } from './relevance.js'

/** Passages taken from each list before fusion. */
const CANDIDATES = 200
/** Passages read from the store at a time while the answer fills. */
const READ_AHEAD = 40
const QUERY_DEADLINE_MS = 10_000
const MAX_QUERY_CHARS = 8_000
/**
 * Weight of the vector list against 1 for keywords. Vectors that only know words add what keywords miss (misspellings,
 * compounds) behind them; a larger weight costs precision: on SciFact 0.05 loses 0.002 nDCG@10, 0.5 loses 0.04. Up to
 * 0.0009 the first vector rank counts less than one keyword rank does, down to the last candidate.
 */
const VECTOR_WEIGHT = { semantic: 1, lexical: 0.0005 } as const

export type SearchRequest = {
  readonly query: string
  /** 1 to 100, default 10. */
  readonly limit?: number
  readonly mode?: SearchMode
  readonly collection?: string
  /** Least relevance, 0..1. */
  readonly minScore?: number
  readonly explain?: boolean
  /** Every matching passage with its whole text, instead of the best one of each document. */
  readonly full?: boolean
  readonly signal?: AbortSignal
}

/** An embedder for queries, or why there is none. */
export type QueryEmbedder = Embedder | { readonly unavailable: string }

export type SearcherDependencies = {
  readonly store: Store
  /** Asked at each search: the index decides, and another process may have made or changed it. */
  readonly embedder: () => Promise<QueryEmbedder>
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

type Lists = {
  readonly keyword: readonly ScoredChunk[]
  readonly vector: readonly ScoredChunk[]
  readonly degraded?: string
}

/** A document by its best passage. */
export type RankedDocument = { readonly documentId: string; readonly score: number }

type Ranked = {
  readonly lists: Lists
  readonly fused: readonly ScoredChunk[]
  readonly usable: Embedder | undefined
}

export interface Searcher {
  search(request: SearchRequest): Promise<SearchResult>
  /** The ranking alone, without snippets and relevance: for measuring. */
  rankDocuments(request: SearchRequest): Promise<readonly RankedDocument[]>
}

/**
 * Finds passages by keywords, vectors or both. When the query cannot be embedded, keywords alone answer and `degraded`
 * says why. Throws BAD_INPUT for an empty or over-long query, a limit outside 1..100 or a minScore outside 0..1, NOT_FOUND
 * for an unknown collection.
 */
export function createSearcher({ store, embedder, clock }: SearcherDependencies): Searcher {
  async function embedQuery(
    embedder: QueryEmbedder,
    query: string,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    if ('unavailable' in embedder) throw new GemdexError('KEY_MISSING', embedder.unavailable)
    const vectors = await withRetry(
      () => embedder.embed([{ text: query }], { role: 'query', ...(signal === undefined ? {} : { signal }) }),
      { attempts: 2, maxTotalMs: QUERY_DEADLINE_MS, ...(signal === undefined ? {} : { signal }) },
    )
    const [vector] = vectors
    if (vector === undefined)
      throw new GemdexError('BAD_RESPONSE', 'The embedder gave no vector for the query')
    return vector
  }

  async function findLists(
    request: SearchRequest,
    terms: readonly string[],
    scope: SearchScope,
    embedder: QueryEmbedder,
  ): Promise<Lists> {
    const mode = request.mode ?? 'hybrid'
    // An index that nothing was written to has no vectors to compare with.
    if ((await store.identity()) === undefined) return { keyword: [], vector: [] }
    const byKeywords = () => store.searchKeywords(terms, CANDIDATES, scope)
    if (mode === 'keyword') return { keyword: await byKeywords(), vector: [] }
    try {
      const query = await embedQuery(embedder, request.query, request.signal)
      const vector = await store.searchVectors(query, CANDIDATES, scope)
      if (mode === 'vector') return { keyword: [], vector }
      const keyword = await byKeywords()
      return { keyword, vector: withoutNoise(vector, keyword, embedder) }
    } catch (error) {
      return { keyword: await byKeywords(), vector: [], degraded: whyDegraded(error) }
    }
  }

  /**
   * Reads the best passages in turn until the limit is reached: one of each document, unless all are wanted. Those that
   * convert to undefined do not count.
   */
  async function select<T>(
    fused: readonly ScoredChunk[],
    { limit, full }: { readonly limit: number; readonly full: boolean },
    convert: (scored: ScoredChunk, chunk: StoredChunk) => T | undefined,
  ): Promise<T[]> {
    const selected: T[] = []
    const seen = new Set<string>()
    for (let at = 0; at < fused.length && selected.length < limit; at += READ_AHEAD) {
      const slice = fused.slice(at, at + READ_AHEAD)
      const chunks = new Map((await store.getChunks(slice.map((s) => s.chunkId))).map((c) => [c.chunkId, c]))
      for (const scored of slice) {
        const chunk = chunks.get(scored.chunkId)
        if (chunk === undefined || selected.length === limit || (!full && seen.has(chunk.documentId)))
          continue
        const item = convert(scored, chunk)
        if (item === undefined) continue
        seen.add(chunk.documentId)
        selected.push(item)
      }
    }
    return selected
  }

  /** The two lists, fused. */
  async function rank(request: SearchRequest, terms: readonly string[]): Promise<Ranked> {
    throwIfAborted(request.signal)
    await requireCollection(store, request.collection)
    const scope = request.collection === undefined ? {} : { collection: request.collection }
    const queryEmbedder = await embedder()
    const usable = 'unavailable' in queryEmbedder ? undefined : queryEmbedder
    const lists = await findLists(request, terms, scope, queryEmbedder)
    const weight = usable?.semantic === false ? VECTOR_WEIGHT.lexical : VECTOR_WEIGHT.semantic
    const fused = fuseRankings([
      { list: lists.keyword, weight: 1 },
      { list: lists.vector, weight: lists.keyword.length === 0 ? 1 : weight },
    ])
    return { lists, fused, usable }
  }

  return {
    async search(request) {
      const started = clock()
      const limit = checkRequest(request)
      const terms = planKeywords(request.query)
      const { lists, fused, usable } = await rank(request, terms)
      const weights = termWeights(await store.termStatistics(terms))
      const makeHit = hitMaker(request, lists, weights, usable)
      const hits = await select(fused, { limit, full: request.full ?? false }, (scored, chunk) => {
        const hit = makeHit(scored, chunk)
        return hit.relevance >= (request.minScore ?? 0) ? hit : undefined
      })
      return {
        query: request.query,
        mode: lists.degraded === undefined ? (request.mode ?? 'hybrid') : 'keyword',
        tookMs: Math.round((clock() - started) * 10) / 10,
        ...(lists.degraded === undefined ? {} : { degraded: lists.degraded }),
        hits,
      }
    },

    async rankDocuments(request) {
      const limit = checkRequest(request)
      const { fused } = await rank(request, planKeywords(request.query))
      return select(fused, { limit, full: false }, ({ score }, { documentId }) => ({ documentId, score }))
    },
  }
}

/** What only a lexical vector found counts as found above the cosine of unrelated texts alone. */
function withoutNoise(
  vector: readonly ScoredChunk[],
  keyword: readonly ScoredChunk[],
  embedder: QueryEmbedder,
): readonly ScoredChunk[] {
  if ('unavailable' in embedder || embedder.semantic) return vector
  const named = new Set(keyword.map(({ chunkId }) => chunkId))
  return vector.filter(
    ({ chunkId, score }) => score >= embedder.relevanceRange.unrelated || named.has(chunkId),
  )
}

function hitMaker(
  request: SearchRequest,
  lists: Lists,
  weights: ReadonlyMap<string, number>,
  embedder: Embedder | undefined,
): (scored: ScoredChunk, chunk: StoredChunk) => Hit {
  const keywordRanks = ranksOf(lists.keyword)
  const vectorRanks = ranksOf(lists.vector)
  return ({ chunkId, score }, chunk) => {
    const text = `${chunk.title}\n${chunk.headings.join('\n')}\n${chunk.text}`
    const found = new Set(analyze(text).flatMap(({ term }) => (weights.has(term) ? [term] : [])))
    const idfShare = weightShare(weights, found)
    const keyword = keywordRanks.get(chunkId)
    const vector = vectorRanks.get(chunkId)
    return {
      id: `${chunk.documentId}-${chunk.ordinal}`,
      documentId: chunk.documentId,
      score: round(score, 6),
      relevance: round(relevanceOf(idfShare, vector?.score, embedder), 4),
      title: chunk.title,
      uri: chunk.uri,
      collection: chunk.collection,
      location: chunk.location,
      ...makeSnippet(chunk.text, weights),
      ...(request.full ? { text: chunk.text } : {}),
      metadata: chunk.metadata,
      ...(request.explain
        ? {
            explain: {
              ...(keyword === undefined ? {} : { keyword }),
              ...(vector === undefined ? {} : { vector }),
              matchedTerms: [...found],
              idfShare: round(idfShare, 4),
            },
          }
        : {}),
    }
  }
}

function ranksOf(list: readonly ScoredChunk[]): Map<number, { rank: number; score: number }> {
  return new Map(list.map(({ chunkId, score }, i) => [chunkId, { rank: i + 1, score: round(score, 4) }]))
}

/** A cancelled search ends; every other fault of the query's embedding leaves the keywords. */
function whyDegraded(error: unknown): string {
  if (!(error instanceof GemdexError) || error.code === 'CANCELLED' || error.code.startsWith('STORE_'))
    throw error
  return `Searched by keywords only: ${error.message}`
}

function checkRequest({ query, limit = 10, minScore = 0 }: SearchRequest): number {
  if (query.trim() === '') throw new GemdexError('BAD_INPUT', 'The query is empty', { field: 'query' })
  if (query.length > MAX_QUERY_CHARS) {
    throw new GemdexError(
      'BAD_INPUT',
      `The query has ${query.length} characters; at most ${MAX_QUERY_CHARS} are allowed`,
      {
        field: 'query',
      },
    )
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new GemdexError('BAD_INPUT', `limit must be a whole number from 1 to 100, not ${limit}`, {
      field: 'limit',
    })
  }
  if (!(minScore >= 0 && minScore <= 1)) {
    throw new GemdexError('BAD_INPUT', `minScore must lie between 0 and 1, not ${minScore}`, {
      field: 'minScore',
    })
  }
  return limit
}

async function requireCollection(store: Store, name: string | undefined): Promise<void> {
  if (name === undefined) return
  const names = (await store.collections()).map((collection) => collection.name)
  if (names.includes(name)) return
  throw new GemdexError('NOT_FOUND', `There is no collection named ${name}`, {
    hint: names.length === 0 ? 'The index is empty.' : `There are: ${names.join(', ')}.`,
    field: 'collection',
  })
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
