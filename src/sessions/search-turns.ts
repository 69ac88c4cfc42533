import type { Embedder } from '../embed/embedder.js'
import { throwIfAborted, toGemdexError } from '../errors.js'
import { fuseRankings } from '../search/fuse-rankings.js'
import { contentTerms } from '../text/content-terms.js'
import type { ScoredTurn } from '../types.js'
import type { Owned, SessionStore } from './session-store.js'

export type SearchTurnsRequest = Owned & {
  readonly query: string
  readonly limit: number
  readonly signal?: AbortSignal
}

/** `degraded` says why embedded turns were not compared by meaning, if so. */
export type FoundTurns = { readonly turns: readonly ScoredTurn[]; readonly degraded?: string }

/** What embeds a query as the turns were embedded, or why there is none. */
export type TurnSearcher = Embedder | { readonly unavailable: string }

/** Turns taken from each list before fusion. */
const DEPTH = 100

/** Finds turns by BM25 and, where turns were embedded, by cosine; both fused by rank. */
export async function searchTurns(
  request: SearchTurnsRequest,
  store: SessionStore,
  embedder: TurnSearcher,
): Promise<FoundTurns> {
  const { query, limit } = request
  throwIfAborted(request.signal)
  const terms = [...new Set(contentTerms(query).map(({ term }) => term))]
  const byTerms = await store.searchTurnsByTerms(terms, DEPTH, ownedOf(request))
  const byVector = await nearest(request, store, embedder)
  return {
    turns: fuse([byTerms, byVector.turns]).slice(0, limit),
    ...(byVector.degraded === undefined ? {} : { degraded: byVector.degraded }),
  }
}

async function nearest(
  request: SearchTurnsRequest,
  store: SessionStore,
  embedder: TurnSearcher,
): Promise<FoundTurns> {
  const { query, signal } = request
  if (!(await store.hasTurnVectors())) return { turns: [] }
  if ('unavailable' in embedder) return { turns: [], degraded: embedder.unavailable }
  try {
    const options = { role: 'query' as const, ...(signal === undefined ? {} : { signal }) }
    const [vector] = await embedder.embed([{ text: query }], options)
    const turns = vector === undefined ? [] : await store.searchTurnsByVector(vector, DEPTH, ownedOf(request))
    return { turns: turns.filter(({ score }) => score > embedder.relevanceRange.unrelated) }
  } catch (error) {
    throwIfAborted(signal)
    return { turns: [], degraded: toGemdexError(error).message }
  }
}

function ownedOf({ owner }: Owned): Owned {
  return owner === undefined ? {} : { owner }
}

function fuse(lists: readonly (readonly ScoredTurn[])[]): ScoredTurn[] {
  const keyOf = ({ sessionId, ordinal }: ScoredTurn) => `${sessionId} ${ordinal}`
  const turns = [...new Map(lists.flat().map((turn) => [keyOf(turn), turn])).values()]
  const numbers = new Map(turns.map((turn, i) => [keyOf(turn), i]))
  const rankings = lists.map((list) => ({
    list: list.map((turn) => ({ chunkId: numbers.get(keyOf(turn)) ?? 0, score: turn.score })),
    weight: 1,
  }))
  return fuseRankings(rankings).flatMap(({ chunkId, score }) => {
    const turn = turns[chunkId]
    return turn === undefined ? [] : [{ ...turn, score }]
  })
}
