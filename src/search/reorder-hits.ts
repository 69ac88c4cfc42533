import type { Store, StoredChunk } from '../store/store.js'
import type { Hit, HitExplanation } from '../types.js'
import type { Assistant } from './assistant.js'
import { collapseAlike } from './collapse-alike.js'
import { diversify } from './diversify.js'
import { recencyOf } from './recency.js'
import type { SearchRequest } from './search-request.js'
import { faultOf } from './understand-query.js'

/** Hits among which age, likeness and the generator choose. */
const POOL = 100
const RERANK_POOL = 30

/** A hit with the passage it was made of. */
export type Found = { readonly hit: Hit; readonly chunk: StoredChunk }

export type ReorderContext = {
  readonly store: Store
  readonly assistant: Assistant | undefined
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

/** So many hits are looked at for each one asked for, where some are to stand for others. */
const COLLAPSE_FACTOR = 5

/** How many hits are needed before the ones asked for can be chosen. */
export function wantedPool(request: SearchRequest, limit: number): number {
  if (request.diversity || request.halfLifeDays !== undefined) return Math.max(limit, POOL)
  if (request.collapse) return Math.max(limit, Math.min(POOL, limit * COLLAPSE_FACTOR))
  return request.rerank ? Math.max(limit, RERANK_POOL) : limit
}

/**
 * Puts hits in the order that the options of a request ask for: by age, then by the generator, near-duplicates once, then
 * apart from one another. Without options nothing changes. When the generator fails, its step is left out and noted.
 */
export async function reorderHits(
  found: readonly Found[],
  limit: number,
  request: SearchRequest,
  { store, assistant, nowMs }: ReorderContext,
): Promise<{ hits: Hit[]; notes: string[] }> {
  let ordered = [...found]
  const notes: string[] = []
  const { halfLifeDays, diversity = 0 } = request
  if (halfLifeDays !== undefined) ordered = byAge(ordered, halfLifeDays, nowMs)
  if (request.rerank) {
    try {
      ordered = await byGenerator(ordered, request, assistant)
    } catch (error) {
      notes.push(`The hits were not reranked: ${faultOf(error)}`)
    }
  }
  if (request.collapse) ordered = collapsed(ordered)
  if (diversity > 0) ordered = await apart(ordered, limit, diversity, request.rerank ?? false, store)
  return { hits: ordered.slice(0, limit).map(({ hit }) => hit), notes }
}

function collapsed(found: readonly Found[]): Found[] {
  return collapseAlike(found).map(({ item, duplicates }) =>
    duplicates.length === 0
      ? item
      : { ...item, hit: { ...item.hit, duplicates: duplicates.map(({ hit }) => hit.uri) } },
  )
}

function byAge(found: readonly Found[], halfLifeDays: number, nowMs: number): Found[] {
  return found
    .map(({ hit, chunk }) => {
      const recency = recencyOf(chunk.timeMs, nowMs, halfLifeDays)
      const score = Number((hit.score * recency.factor).toFixed(10))
      return { hit: { ...explained(hit, { recency }), score }, chunk }
    })
    .sort((a, b) => b.hit.score - a.hit.score)
}

/** A score orders the hits of an answer, so a new order gives the scores out anew, highest first. */
function withScoresInOrder(found: readonly Found[]): Found[] {
  const scores = found.map(({ hit }) => hit.score).sort((a, b) => b - a)
  return found.map(({ hit, chunk }, i) => ({ hit: { ...hit, score: scores[i] ?? 0 }, chunk }))
}

async function byGenerator(
  found: readonly Found[],
  request: SearchRequest,
  assistant: Assistant | undefined,
): Promise<Found[]> {
  const pool = found.slice(0, RERANK_POOL)
  if (pool.length < 2 || assistant === undefined) return [...found]
  const passages = pool.map(({ chunk }) => ({
    title: [chunk.title, ...chunk.headings].join(' > '),
    text: chunk.text,
  }))
  const order = await assistant.rerank(request.query, passages, request.signal)
  const reranked = order.flatMap((at) => {
    const one = pool[at]
    return one === undefined ? [] : [{ ...one, hit: explained(one.hit, { rankBeforeRerank: at + 1 }) }]
  })
  return [...withScoresInOrder(reranked), ...found.slice(RERANK_POOL)]
}

async function apart(
  found: readonly Found[],
  limit: number,
  diversity: number,
  isReranked: boolean,
  store: Store,
): Promise<Found[]> {
  const pool = isReranked ? found.slice(0, RERANK_POOL) : found
  const vectors = await store.vectors(pool.map(({ chunk }) => chunk.chunkId))
  const candidates = pool.map((one) => ({
    item: one,
    score: one.hit.score,
    vector: vectors.get(one.chunk.chunkId),
  }))
  const picked = diversify(candidates, limit, diversity)
  return withScoresInOrder(
    picked.map(({ item, similarity }) => ({
      ...item,
      hit: explained(item.hit, { similarToAbove: Number(similarity.toFixed(4)) }),
    })),
  )
}

/** Adds to an explanation that was asked for. */
function explained(hit: Hit, more: Partial<HitExplanation>): Hit {
  return hit.explain === undefined ? hit : { ...hit, explain: { ...hit.explain, ...more } }
}
