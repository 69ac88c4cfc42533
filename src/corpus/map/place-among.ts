import { nearestRows } from '../features/nearest-rows.js'
import type { Rows } from '../features/reduce-dimensions.js'

const NEIGHBOURS = 5
/** How much less the farthest neighbour counts than one at no distance: a twentieth. */
const STEEPNESS = 3

/**
 * Gives each row without a place, whose `x` is NaN, one among the others: the mean of its five nearest by cosine, the nearer the
 * more. Those that have a place keep it. Where none has one, all are at 0.
 */
export function placeAmong(rows: Rows, places: Float32Array): Float32Array {
  const all = Array.from({ length: rows.size }, (_, row) => row)
  const isPlaced = (row: number) => !Number.isNaN(places[2 * row] ?? Number.NaN)
  const wanted = all.filter((row) => !isPlaced(row))
  const { rows: nearest, cosines } = nearestRows(rows, wanted, all.filter(isPlaced), NEIGHBOURS)
  const placed = Float32Array.from(places)
  for (const [i, row] of wanted.entries()) {
    const [from, to] = [i * NEIGHBOURS, (i + 1) * NEIGHBOURS]
    const farthest = cosines.subarray(from, to).findLast(Number.isFinite) ?? 1
    let [x, y, sum] = [0, 0, 0]
    for (let at = from; at < to; at++) {
      const other = nearest[at] ?? -1
      if (other < 0) break
      const share = Math.exp((-STEEPNESS * (1 - (cosines[at] ?? 0))) / Math.max(1e-6, 1 - farthest))
      x += share * (places[2 * other] ?? 0)
      y += share * (places[2 * other + 1] ?? 0)
      sum += share
    }
    placed[2 * row] = x / (sum || 1)
    placed[2 * row + 1] = y / (sum || 1)
  }
  return placed
}
