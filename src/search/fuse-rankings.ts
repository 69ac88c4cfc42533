import type { ScoredChunk } from '../store/store.js'

/** What a rank (from 1) of a list of this weight adds to the fused score. */
export function rankScore(rank: number, weight: number): number {
  return weight / (RRF_CONSTANT + rank)
}

/** A ranked list, best first, and how much it counts. */
export type Ranking = { readonly list: readonly ScoredChunk[]; readonly weight: number }

/** Cormack, Clarke & Büttcher (SIGIR 2009): large enough that the first ranks do not decide alone. */
const RRF_CONSTANT = 60

/**
 * Weighted reciprocal rank fusion: a passage scores the sum of weight / (60 + rank) over the lists that hold it. Gives
 * passages best first; equal scores by id.
 */
export function fuseRankings(rankings: readonly Ranking[]): ScoredChunk[] {
  const scores = new Map<number, number>()
  for (const { list, weight } of rankings) {
    for (const [i, { chunkId }] of list.entries()) {
      scores.set(chunkId, (scores.get(chunkId) ?? 0) + rankScore(i + 1, weight))
    }
  }
  return [...scores]
    .map(([chunkId, score]) => ({ chunkId, score }))
    .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
}
