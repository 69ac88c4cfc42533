import type { Embedder } from '../embed/embedder.js'
import { withRetry } from '../embed/retry.js'
import { GemdexError } from '../errors.js'
import type { ScoredChunk, SearchScope, Store, VectorSearchOptions } from '../store/store.js'
import type { Interpretation } from './interpret-query.js'
import type { SearchRequest } from './search-request.js'

const QUERY_DEADLINE_MS = 10_000

/** An embedder for queries, or why there is none. */
export type QueryEmbedder = Embedder | { readonly unavailable: string }

/**
 * What the vector list is taken of: `found` is what the keyword list holds, `all` every passage. Vectors that only know
 * words never change the order of what keywords find, so that these alone need comparing while they are enough.
 */
export type Reach = 'found' | 'all'

/** How far both lists are taken. */
export type Look = { readonly depth: number; readonly reach: Reach }

/** Both rankings of one query. */
export type Lists = {
  readonly keyword: readonly ScoredChunk[]
  readonly vector: readonly ScoredChunk[]
  readonly degraded?: string
}

export type ListOptions = {
  readonly request: SearchRequest
  readonly interpretation: Interpretation
  readonly scope: SearchScope
  readonly embedder: QueryEmbedder
  /** Embedded along with the query. */
  readonly hypotheticalAnswer?: string
  /** What is asked for first. */
  readonly firstLook: Look
  /** The depth that keywords are ranked to at least. */
  readonly leastDepth: number
  /** The greatest that may be asked for. */
  readonly maxDepth: number
}

/** Whether a search may be answered from what keywords find, before every vector is compared. */
export function mayReachFound(
  { mode = 'hybrid', exact = false }: SearchRequest,
  embedder: QueryEmbedder,
): boolean {
  return mode === 'hybrid' && !exact && !('unavailable' in embedder) && !embedder.semantic
}

/**
 * Embeds the query once, if it is to be; then gives both lists to any depth. When it cannot be embedded, keywords alone
 * answer and `degraded` says why.
 */
export async function openLists(store: Store, options: ListOptions): Promise<(look: Look) => Promise<Lists>> {
  const { request, interpretation, scope, embedder, firstLook, leastDepth, maxDepth } = options
  const mode = request.mode ?? 'hybrid'
  // Each passage more costs the store a look at it; a search that goes deeper goes all the way.
  const ranked = new Map<number, Promise<readonly ScoredChunk[]>>()
  const byKeywords = async (depth: number) => {
    const most = depth <= leastDepth ? leastDepth : maxDepth
    const keywords = ranked.get(most) ?? store.searchKeywords(interpretation.plan, most, scope)
    ranked.set(most, keywords)
    return (await keywords).slice(0, depth)
  }
  // An index without an embedder has no vectors to compare with: nothing was written, or nothing could be embedded.
  const hasVectors = (await store.identity()) !== undefined
  if (mode === 'keyword' || !hasVectors)
    return async ({ depth }) => ({ keyword: await byKeywords(depth), vector: [] })
  // While the query is embedded and its vectors are compared, in other threads. A fault is met where keywords are needed.
  if (mode === 'hybrid') byKeywords(0).catch(() => {})
  try {
    const query = await embedQuery(options)
    // Named, as the index may have changed its model since it was asked for its embedder.
    const of: VectorSearchOptions = {
      exact: request.exact ?? false,
      ...('unavailable' in embedder ? {} : { of: embedder.identity }),
    }
    const byVectors = async ({ depth, reach }: Look) => {
      if (reach === 'all') return store.searchVectors(query, depth, scope, of)
      const among = (await byKeywords(depth)).map(({ chunkId }) => chunkId)
      return store.searchVectors(query, depth, scope, { ...of, among })
    }
    // The first look shows whether the vector fits the index; a fault of it is met below.
    const first = await byVectors(firstLook)
    return async (look) => {
      const { depth, reach } = look
      const isFirst = depth === firstLook.depth && reach === firstLook.reach
      const vector = isFirst ? first : await byVectors(look)
      if (mode === 'vector') return { keyword: [], vector }
      const keyword = await byKeywords(depth)
      return { keyword, vector: withoutNoise(vector, keyword, embedder) }
    }
  } catch (error) {
    const degraded = whyDegraded(error)
    return async ({ depth }) => ({ keyword: await byKeywords(depth), vector: [], degraded })
  }
}

/** The query's vector; with an imagined answer, the mean of both (Gao et al., HyDE, ACL 2023). */
async function embedQuery({
  embedder,
  request,
  interpretation,
  hypotheticalAnswer,
}: ListOptions): Promise<Float32Array> {
  if ('unavailable' in embedder) throw new GemdexError('KEY_MISSING', embedder.unavailable)
  const signal = request.signal === undefined ? {} : { signal: request.signal }
  const embed = async (text: string, role: 'document' | NonNullable<SearchRequest['task']>) => {
    const [vector] = await withRetry(() => embedder.embed([{ text }], { role, ...signal }), {
      attempts: 2,
      maxTotalMs: QUERY_DEADLINE_MS,
      ...signal,
    })
    if (vector === undefined)
      throw new GemdexError('BAD_RESPONSE', 'The embedder gave no vector for the query')
    return vector
  }
  const query = await embed(interpretation.text, request.task ?? 'query')
  if (hypotheticalAnswer === undefined) return query
  const answer = await embed(hypotheticalAnswer, 'document')
  return query.map((value, i) => value + (answer[i] ?? 0))
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

/** A cancelled search ends; every other fault of the query's embedding leaves the keywords. */
function whyDegraded(error: unknown): string {
  if (!(error instanceof GemdexError) || error.code === 'CANCELLED' || error.code.startsWith('STORE_'))
    throw error
  return `Searched by keywords only: ${error.message}`
}
