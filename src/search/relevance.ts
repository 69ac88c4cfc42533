import type { Embedder } from '../embed/embedder.js'
import type { TermStatistics } from '../store/store.js'

/** Inverse document frequency of each term as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)); unknown terms weigh most. */
export function termWeights({ passages, frequencies }: TermStatistics): Map<string, number> {
  return new Map([...frequencies].map(([term, n]) => [term, Math.log1p((passages - n + 0.5) / (n + 0.5))]))
}

/** Share (0..1) of the query's weight that is carried by the terms found. */
export function weightShare(weights: ReadonlyMap<string, number>, found: ReadonlySet<string>): number {
  let all = 0
  let matched = 0
  for (const [term, weight] of weights) {
    all += weight
    if (found.has(term)) matched += weight
  }
  return all === 0 ? 0 : matched / all
}

/**
 * How likely a passage is to the point: the greater of the share of the query's weight in its words and
 * its cosine on the embedder's scale from unrelated (0) to surely related (1).
 */
export function relevanceOf(
  idfShare: number,
  cosine: number | undefined,
  embedder: Embedder | undefined,
): number {
  if (embedder === undefined || cosine === undefined) return idfShare
  const { unrelated, related } = embedder.relevanceRange
  const calibrated = Math.min(1, Math.max(0, (cosine - unrelated) / (related - unrelated)))
  return Math.max(idfShare, calibrated)
}
