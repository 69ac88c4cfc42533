import type { Embedder } from '../embed/embedder.js'
import { throwIfAborted } from '../errors.js'
import type { ScoredChunk, SearchScope, Store, StoredChunk } from '../store/store.js'
import { createLexicon } from '../text/lexicon.js'
import type { FacetCount, SearchResult } from '../types.js'
import type { Assistant } from './assistant.js'
import { fuseRankings } from './fuse-rankings.js'
import { type Interpretation, interpretQuery, wordWeights } from './interpret-query.js'
import { hitMaker, type WeighedList } from './make-hit.js'
import { type Lists, mayReachFound, openLists, type QueryEmbedder, type Reach } from './open-lists.js'
import { parseField } from './parse-filter.js'
import { reorderHits, wantedPool } from './reorder-hits.js'
import { checkRequest, requireCollection, type SearchRequest } from './search-request.js'
import { type UnderstoodQuery, understandQuery } from './understand-query.js'

/** Passages taken from each list before fusion; more when those belong to too few documents. */
const DEPTHS = [200, 1000, 5000]
const FACET_DEPTH = 1000
const FACET_VALUES = 20
/** Passages read from the store at a time while the answer fills. */
const READ_AHEAD = 40
/**
 * Weight of the vector list against 1 for keywords. Vectors that only know words add what keywords miss (misspellings,
 * compounds) behind them; a larger weight costs precision: on SciFact 0.05 loses 0.002 nDCG@10, 0.5 loses 0.04. Up to
 * 0.0009 the first vector rank counts less than one keyword rank does, down to the last candidate.
 */
const VECTOR_WEIGHT = { semantic: 1, lexical: 1e-6 } as const

export type SearcherDependencies = {
  readonly store: Store
  /** Asked at each search: the index decides, and another process may have made or changed it. */
  readonly embedder: () => Promise<QueryEmbedder>
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A model that writes, for reranking and query understanding. */
  readonly assistant?: Assistant
}

/** A document by its best passage. */
export type RankedDocument = { readonly documentId: string; readonly score: number }

/** One ranking of a search: both lists to a depth, and their fusion. */
type Ranked = {
  readonly keyword: WeighedList
  readonly vector: WeighedList
  readonly fused: readonly ScoredChunk[]
  readonly degraded?: string
  /** Whether the lists hold no more than what is here. */
  readonly isAll: boolean
}

/** A search about to be ranked. */
type Opened = {
  readonly limit: number
  readonly understood: UnderstoodQuery
  readonly interpretation: Interpretation
  readonly usable: Embedder | undefined
  /** What the lists are taken of first. */
  readonly firstReach: Reach
  readonly rank: (depth: number, reach: Reach) => Promise<Ranked>
}

export interface Searcher {
  search(request: SearchRequest): Promise<SearchResult>
  /** The ranking alone, without snippets and relevance: for measuring. */
  rankDocuments(request: SearchRequest): Promise<readonly RankedDocument[]>
  /** Weights of a question's words by their terms in the default analysis: the rarer in the index, the greater. */
  termWeights(question: string): Promise<ReadonlyMap<string, number>>
}

/**
 * Finds passages by keywords, vectors or both. When the query cannot be embedded, keywords alone answer and `degraded`
 * says why. Throws BAD_INPUT for a request that does not fit (see `checkRequest`, `parseFilter`), NOT_FOUND for an unknown
 * collection.
 */
export function createSearcher({ store, embedder, clock, now, assistant }: SearcherDependencies): Searcher {
  const lexicon = createLexicon()

  async function open(request: SearchRequest): Promise<Opened> {
    const limit = checkRequest(request)
    throwIfAborted(request.signal)
    await requireCollection(store, request.collection, request.collections)
    const queryEmbedder = await embedder()
    const usable = 'unavailable' in queryEmbedder ? undefined : queryEmbedder
    const understood = await understandQuery(request, assistant, new Date(now()))
    const interpretation = await interpretQuery(store, understood.query, {
      literal: request.literal ?? false,
      expansion: understood.expansion,
      ...(request.collections === undefined ? {} : { collections: request.collections }),
    })
    const scope: SearchScope = {
      ...(request.collection === undefined ? {} : { collection: request.collection }),
      ...(understood.filter === undefined ? {} : { filter: understood.filter }),
      ...interpretation.scope,
    }
    const { hypotheticalAnswer } = understood
    const listsTo = await openLists(store, {
      request,
      interpretation,
      scope,
      embedder: queryEmbedder,
      firstDepth: DEPTHS[0] ?? 1,
      maxDepth: DEPTHS.at(-1) ?? 1,
      ...(hypotheticalAnswer === undefined ? {} : { hypotheticalAnswer }),
    })
    const rank = async (depth: number, reach: Reach) =>
      fuse(await listsTo(depth, reach), usable, depth, reach)
    const firstReach = mayReachFound(request, queryEmbedder) ? 'found' : 'all'
    return { limit, understood, interpretation, usable, firstReach, rank }
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
    // Where every passage counts, the first so many will do.
    let length = full ? Math.min(READ_AHEAD, limit) : READ_AHEAD
    for (let at = 0; at < fused.length && selected.length < limit; at += length, length = READ_AHEAD) {
      const slice = fused.slice(at, at + length)
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
   * Converts the best passages until the limit is reached. Looks further while the lists hold more and the passages found
   * belong to too few documents: a long document must not hide the others.
   */
  async function find<T>(
    { rank, firstReach }: Opened,
    options: { readonly limit: number; readonly full: boolean },
    converter: (ranked: Ranked) => (scored: ScoredChunk, chunk: StoredChunk) => T | undefined,
  ): Promise<{ items: T[]; degraded: string | undefined }> {
    let items: T[] = []
    let degraded: string | undefined
    const looks = DEPTHS.map((depth) => ({ depth, reach: 'all' as Reach }))
    if (firstReach === 'found') looks.unshift({ depth: DEPTHS[0] ?? 1, reach: firstReach })
    for (const { depth, reach } of looks) {
      const ranked = await rank(depth, reach)
      degraded = ranked.degraded
      items = await select(ranked.fused, options, converter(ranked))
      if (items.length === options.limit || ranked.isAll) break
    }
    return { items, degraded }
  }

  async function countFacets(
    names: readonly string[],
    { rank, firstReach }: Opened,
  ): Promise<Record<string, readonly FacetCount[]>> {
    const first = await rank(FACET_DEPTH, firstReach)
    const isEnough = firstReach === 'all' || first.fused.length >= FACET_DEPTH
    const { fused } = isEnough ? first : await rank(FACET_DEPTH, 'all')
    const chunkIds = fused.slice(0, FACET_DEPTH).map(({ chunkId }) => chunkId)
    const counts = await store.facets(names.map(parseField), chunkIds, FACET_VALUES)
    return Object.fromEntries(names.map((name, i) => [name, counts[i] ?? []]))
  }

  return {
    async search(request) {
      const started = clock()
      const opened = await open(request)
      const { limit, understood, interpretation, usable } = opened
      const full = request.full ?? false
      const { items, degraded } = await find(
        opened,
        { limit: wantedPool(request, limit), full },
        (ranked) => {
          const makeHit = hitMaker({
            units: interpretation.units,
            ...ranked,
            embedder: usable,
            lexicon,
            full,
            explain: request.explain ?? false,
          })
          return (scored, chunk) => {
            const hit = makeHit(scored, chunk)
            return hit.relevance >= (request.minScore ?? 0) ? { hit, chunk } : undefined
          }
        },
      )
      const { hits, notes } = await reorderHits(items, limit, request, { store, assistant, nowMs: now() })
      const facets = request.facets === undefined ? {} : { facets: await countFacets(request.facets, opened) }
      const allNotes = [...understood.notes, ...notes]
      const { corrections } = interpretation
      return {
        query: request.query,
        mode: degraded === undefined ? (request.mode ?? 'hybrid') : 'keyword',
        tookMs: Math.round((clock() - started) * 10) / 10,
        ...(degraded === undefined ? {} : { degraded }),
        ...(allNotes.length > 0 ? { notes: allNotes } : {}),
        ...(corrections.length > 0 && request.mode !== 'vector' ? { corrections } : {}),
        ...facets,
        ...(request.explain ? { explain: { ...explainQuery(interpretation), ...understood.explain } } : {}),
        hits,
      }
    },

    async rankDocuments(request) {
      const opened = await open(request)
      const { limit } = opened
      const convert = ({ score }: ScoredChunk, { documentId }: StoredChunk) => ({ documentId, score })
      return (await find(opened, { limit, full: request.full ?? false }, () => convert)).items
    },

    async termWeights(question) {
      return wordWeights(await interpretQuery(store, question, { literal: true }))
    },
  }
}

function fuse(lists: Lists, usable: Embedder | undefined, depth: number, reach: Reach): Ranked {
  const semantic = usable?.semantic !== false
  const vectorWeight = semantic ? VECTOR_WEIGHT.semantic : VECTOR_WEIGHT.lexical
  const keyword = { list: lists.keyword, weight: 1 }
  const vector = { list: lists.vector, weight: lists.keyword.length === 0 ? 1 : vectorWeight }
  return {
    keyword,
    vector,
    fused: fuseRankings([keyword, vector]),
    ...(lists.degraded === undefined ? {} : { degraded: lists.degraded }),
    isAll: reach === 'all' && Math.max(lists.keyword.length, lists.vector.length) < depth,
  }
}

function explainQuery({ text, parsed, units, plan }: Interpretation) {
  return {
    text,
    phrases: parsed.phrases,
    excluded: parsed.excluded,
    units: units.map(({ word, terms, idf }) => ({
      word,
      terms,
      weight: Number(idf.toFixed(4)),
      use: useOf(terms, plan),
    })),
  }
}

function useOf(terms: readonly string[], plan: Interpretation['plan']): 'finds' | 'ranks' | 'unknown' {
  const planned = plan.find((unit) => unit.terms.some((term) => terms.includes(term)))
  if (planned === undefined) return 'unknown'
  return planned.role === 'find' ? 'finds' : 'ranks'
}
