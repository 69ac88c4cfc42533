import type { Embedder } from '../embed/embedder.js'
import type { WeightedUnit } from './query-units.js'

/** What a word that was corrected counts of the word that was meant. */
const CORRECTED_SHARE = 0.7

/** Share (0..1) of the query's weight that is carried by the units found. */
export function weightShare(units: readonly WeightedUnit[], found: ReadonlySet<WeightedUnit>): number {
  let all = 0
  let matched = 0
  for (const unit of units) {
    all += unit.idf
    if (found.has(unit)) matched += unit.idf * (unit.correctedTo === undefined ? 1 : CORRECTED_SHARE)
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
