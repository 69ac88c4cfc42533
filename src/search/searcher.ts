import type { Embedder } from '../embed/embedder.js'
import { throwIfAborted } from '../errors.js'
import type { ScoredChunk, SearchScope, Store, StoredChunk } from '../store/store.js'
import { createLexicon } from '../text/lexicon.js'
import type { FacetCount, SearchResult } from '../types.js'
import type { Assistant } from './assistant.js'
import { fuseRankings } from './fuse-rankings.js'
import { type Interpretation, interpretQuery, wordWeights } from './interpret-query.js'
import { hitMaker, type WeighedList } from './make-hit.js'
import {
  type Lists,
  type Look,
  mayReachFound,
  openLists,
  type QueryEmbedder,
  type Reach,
} from './open-lists.js'
import { parseField } from './parse-filter.js'
import { reorderHits, wantedPool } from './reorder-hits.js'
import { checkRequest, requireCollection, type SearchRequest } from './search-request.js'
import { type UnderstoodQuery, understandQuery } from './understand-query.js'

/** How far lists are taken before fusion: further when the passages belong to too few documents. */
const LOOKS = [
  { depth: 200, reach: 'all' },
  { depth: 1000, reach: 'all' },
  { depth: 5000, reach: 'all' },
] as const satisfies readonly Look[]
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
  /** Whether there is no more in the reach of this look. */
  readonly isAll: boolean
}

/** A search about to be ranked. */
type Opened = {
  readonly limit: number
  readonly understood: UnderstoodQuery
  readonly interpretation: Interpretation
  readonly usable: Embedder | undefined
  /** How far the lists are taken: further and further, until that is enough. */
  readonly looks: readonly [Look, ...Look[]]
  readonly rank: (look: Look) => Promise<Ranked>
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
    const looks = looksFor(request, limit, queryEmbedder)
    const listsTo = await openLists(store, {
      request,
      interpretation,
      scope,
      embedder: queryEmbedder,
      firstLook: looks[0],
      leastDepth: LOOKS[0].depth,
      maxDepth: LOOKS[2].depth,
      ...(hypotheticalAnswer === undefined ? {} : { hypotheticalAnswer }),
    })
    const rank = async (look: Look) => fuse(await listsTo(look), usable, look)
    return { limit, understood, interpretation, usable, looks, rank }
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
    { rank, looks }: Opened,
    options: { readonly limit: number; readonly full: boolean },
    converter: (ranked: Ranked) => (scored: ScoredChunk, chunk: StoredChunk) => T | undefined,
  ): Promise<{ items: T[]; degraded: string | undefined }> {
    let items: T[] = []
    let degraded: string | undefined
    let exhausted: Reach | undefined
    for (const look of looks) {
      if (look.reach === exhausted) continue
      const ranked = await rank(look)
      degraded = ranked.degraded
      items = await select(ranked.fused, options, converter(ranked))
      if (items.length === options.limit) break
      exhausted = ranked.isAll ? look.reach : undefined
    }
    return { items, degraded }
  }

  async function countFacets(
    names: readonly string[],
    { rank, looks: [{ reach }] }: Opened,
  ): Promise<Record<string, readonly FacetCount[]>> {
    const first = await rank({ depth: FACET_DEPTH, reach })
    const isEnough = reach === 'all' || first.fused.length >= FACET_DEPTH
    const { fused } = isEnough ? first : await rank({ depth: FACET_DEPTH, reach: 'all' })
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

/** Where only what keywords find is compared, no more of it at first than is read. */
function looksFor(request: SearchRequest, limit: number, embedder: QueryEmbedder): Opened['looks'] {
  if (!mayReachFound(request, embedder)) return LOOKS
  const found: Look = { ...LOOKS[0], reach: 'found' }
  const wanted = wantedPool(request, limit)
  const read = request.full ? wanted : Math.max(wanted, READ_AHEAD)
  return read < found.depth ? [{ ...found, depth: read }, found, ...LOOKS] : [found, ...LOOKS]
}

function fuse(lists: Lists, usable: Embedder | undefined, { depth }: Look): Ranked {
  const semantic = usable?.semantic !== false
  const vectorWeight = semantic ? VECTOR_WEIGHT.semantic : VECTOR_WEIGHT.lexical
  const keyword = { list: lists.keyword, weight: 1 }
  const vector = { list: lists.vector, weight: lists.keyword.length === 0 ? 1 : vectorWeight }
  return {
    keyword,
    vector,
    fused: fuseRankings([keyword, vector]),
    ...(lists.degraded === undefined ? {} : { degraded: lists.degraded }),
    isAll: Math.max(lists.keyword.length, lists.vector.length) < depth,
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
