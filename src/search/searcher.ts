import type { Embedder } from '../embed/embedder.js'
import { withRetry } from '../embed/retry.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import {
  passageId,
  type ScoredChunk,
  type SearchScope,
  type Store,
  type StoredChunk,
} from '../store/store.js'
import { analyze } from '../text/analyze.js'
import type { EmbedRole, Hit, SearchMode, SearchResult } from '../types.js'
import { fuseRankings } from './fuse-rankings.js'
import { makeSnippet } from './make-snippet.js'
import { planKeywords } from './plan-keywords.js'
import { relevanceOf, termWeights, weightShare } from './relevance.js'

/** Passages taken from each list before fusion; more when those belong to too few documents. */
const DEPTHS = [200, 1000, 5000]
/** Passages read from the store at a time while the answer fills. */
const READ_AHEAD = 40
const QUERY_DEADLINE_MS = 10_000
const MAX_QUERY_CHARS = 8_000
/**
 * Weight of the vector list against 1 for keywords. Vectors that only know words add what keywords miss (misspellings,
 * compounds) behind them; a larger weight costs precision: on SciFact 0.05 loses 0.002 nDCG@10, 0.5 loses 0.04. Up to
 * 0.0009 the first vector rank counts less than one keyword rank does, down to the last candidate.
 */
const VECTOR_WEIGHT = { semantic: 1, lexical: 1e-6 } as const

export type QueryTask = Extract<EmbedRole, 'query' | 'question' | 'fact' | 'code'>

export type SearchRequest = {
  readonly query: string
  /** 1 to 100, default 10. */
  readonly limit?: number
  readonly mode?: SearchMode
  readonly collection?: string
  /** Passages of other collections are not there. */
  readonly collections?: readonly string[]
  /** Least relevance, 0..1. */
  readonly minScore?: number
  readonly explain?: boolean
  /** What the query is: a search, a question, a claim to verify, or words for code. Default a search. */
  readonly task?: QueryTask
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
  async function embedQuery(embedder: QueryEmbedder, request: SearchRequest): Promise<Float32Array> {
    if ('unavailable' in embedder) throw new GemdexError('KEY_MISSING', embedder.unavailable)
    const signal = request.signal === undefined ? {} : { signal: request.signal }
    const [vector] = await withRetry(
      () => embedder.embed([{ text: request.query }], { role: request.task ?? 'query', ...signal }),
      { attempts: 2, maxTotalMs: QUERY_DEADLINE_MS, ...signal },
    )
    if (vector === undefined)
      throw new GemdexError('BAD_RESPONSE', 'The embedder gave no vector for the query')
    return vector
  }

  /** Embeds the query once, if it is to be; then gives both lists to any depth. */
  async function openLists(
    request: SearchRequest,
    terms: readonly string[],
    embedder: QueryEmbedder,
  ): Promise<(depth: number) => Promise<Lists>> {
    const mode = request.mode ?? 'hybrid'
    const scope = scopeOf(request)
    const byKeywords = (depth: number) => store.searchKeywords(terms, depth, scope)
    // An index without an embedder has no vectors to compare with: nothing was written, or nothing could be embedded.
    const hasVectors = (await store.identity()) !== undefined
    if (mode === 'keyword' || !hasVectors)
      return async (depth) => ({ keyword: await byKeywords(depth), vector: [] })
    try {
      const query = await embedQuery(embedder, request)
      // The first look shows whether the vector fits the index; a fault of it is met below.
      const first = await store.searchVectors(query, DEPTHS[0] ?? 1, scope)
      return async (depth) => {
        const vector = depth === DEPTHS[0] ? first : await store.searchVectors(query, depth, scope)
        if (mode === 'vector') return { keyword: [], vector }
        const keyword = await byKeywords(depth)
        return { keyword, vector: withoutNoise(vector, keyword, embedder) }
      }
    } catch (error) {
      const degraded = whyDegraded(error)
      return async (depth) => ({ keyword: await byKeywords(depth), vector: [], degraded })
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

  /**
   * Ranks, and converts the best passages until the limit is reached. Goes deeper while the lists hold more and the
   * passages found belong to too few documents: a long document must not hide the others.
   */
  async function find<T>(
    request: SearchRequest,
    terms: readonly string[],
    converter: (ranked: Ranked) => (scored: ScoredChunk, chunk: StoredChunk) => T | undefined,
  ): Promise<{ items: T[]; degraded?: string }> {
    const limit = checkRequest(request)
    throwIfAborted(request.signal)
    await requireCollection(store, request.collection, request.collections)
    const queryEmbedder = await embedder()
    const usable = 'unavailable' in queryEmbedder ? undefined : queryEmbedder
    const weight = usable?.semantic === false ? VECTOR_WEIGHT.lexical : VECTOR_WEIGHT.semantic
    const listsTo = await openLists(request, terms, queryEmbedder)
    let items: T[] = []
    let degraded: string | undefined
    for (const depth of DEPTHS) {
      const lists = await listsTo(depth)
      degraded = lists.degraded
      const fused = fuseRankings([
        { list: lists.keyword, weight: 1 },
        { list: lists.vector, weight: lists.keyword.length === 0 ? 1 : weight },
      ])
      items = await select(fused, { limit, full: request.full ?? false }, converter({ lists, usable }))
      if (items.length === limit || Math.max(lists.keyword.length, lists.vector.length) < depth) break
    }
    return { items, ...(degraded === undefined ? {} : { degraded }) }
  }

  return {
    async search(request) {
      const started = clock()
      const terms = planKeywords(request.query)
      const weights = termWeights(await store.termStatistics(terms))
      const { items, degraded } = await find(request, terms, ({ lists, usable }) => {
        const makeHit = hitMaker(request, lists, weights, usable)
        return (scored, chunk) => {
          const hit = makeHit(scored, chunk)
          return hit.relevance >= (request.minScore ?? 0) ? hit : undefined
        }
      })
      return {
        query: request.query,
        mode: degraded === undefined ? (request.mode ?? 'hybrid') : 'keyword',
        tookMs: Math.round((clock() - started) * 10) / 10,
        ...(degraded === undefined ? {} : { degraded }),
        hits: items,
      }
    },

    async rankDocuments(request) {
      const convert = ({ score }: ScoredChunk, { documentId }: StoredChunk) => ({ documentId, score })
      return (await find(request, planKeywords(request.query), () => convert)).items
    },
  }
}

function scopeOf({ collection, collections }: SearchRequest): SearchScope {
  const [first, second] = collections ?? []
  const name = collection ?? first
  if (collection === undefined && second !== undefined) throw new GemdexError('BAD_INPUT', 'MERGE', {})
  return name === undefined ? {} : { collection: name }
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
      id: passageId(chunk.documentId, chunk.ordinal),
      documentId: chunk.documentId,
      score: round(score, 10),
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

/** Throws NOT_FOUND, naming the collections there are, as far as they are within `reach`. */
export async function requireCollection(
  store: Store,
  name: string | undefined,
  reach?: readonly string[],
): Promise<void> {
  if (name === undefined) return
  const all = (await store.collections()).map((collection) => collection.name)
  const names = reach === undefined ? all : all.filter((each) => reach.includes(each))
  if (names.includes(name)) return
  throw new GemdexError('NOT_FOUND', `There is no collection named ${name}`, {
    hint: names.length === 0 ? 'The index is empty.' : `There are: ${names.join(', ')}.`,
    field: 'collection',
  })
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
