import type { Embedder } from '../embed/embedder.js'
import { withRetry } from '../embed/retry.js'
import { GemdexError } from '../errors.js'
import type { ScoredChunk, SearchScope, Store } from '../store/store.js'
import type { Interpretation } from './interpret-query.js'
import type { SearchRequest } from './search-request.js'

const QUERY_DEADLINE_MS = 10_000

/** An embedder for queries, or why there is none. */
export type QueryEmbedder = Embedder | { readonly unavailable: string }

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
  /** The depth that is surely asked for. */
  readonly firstDepth: number
  /** The greatest that may be asked for. */
  readonly maxDepth: number
}

/**
 * Embeds the query once, if it is to be; then gives both lists to any depth. When it cannot be embedded, keywords alone
 * answer and `degraded` says why.
 */
export async function openLists(
  store: Store,
  options: ListOptions,
): Promise<(depth: number) => Promise<Lists>> {
  const { request, interpretation, scope, embedder, firstDepth, maxDepth } = options
  const mode = request.mode ?? 'hybrid'
  // To rank keywords at all is to rank all of them: only once, however deep the search goes then.
  let keywords: Promise<readonly ScoredChunk[]> | undefined
  const byKeywords = async (depth: number) => {
    keywords ??= store.searchKeywords(interpretation.plan, maxDepth, scope)
    return (await keywords).slice(0, depth)
  }
  // An index without an embedder has no vectors to compare with: nothing was written, or nothing could be embedded.
  const hasVectors = (await store.identity()) !== undefined
  if (mode === 'keyword' || !hasVectors)
    return async (depth) => ({ keyword: await byKeywords(depth), vector: [] })
  // While the query is embedded and its vectors are compared, in other threads. A fault is met where keywords are needed.
  if (mode === 'hybrid') byKeywords(0).catch(() => {})
  const byVector = (query: Float32Array, depth: number) =>
    store.searchVectors(query, depth, scope, { exact: request.exact ?? false })
  try {
    const query = await embedQuery(options)
    // The first look shows whether the vector fits the index; a fault of it is met below.
    const first = await byVector(query, firstDepth)
    return async (depth) => {
      const vector = depth === firstDepth ? first : await byVector(query, depth)
      if (mode === 'vector') return { keyword: [], vector }
      const keyword = await byKeywords(depth)
      return { keyword, vector: withoutNoise(vector, keyword, embedder) }
    }
  } catch (error) {
    const degraded = whyDegraded(error)
    return async (depth) => ({ keyword: await byKeywords(depth), vector: [], degraded })
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
