import type { Rows } from '../features/reduce-dimensions.js'
import { cosineTo, type Grouping, groupRows, settle } from './spherical-k-means.js'

/** Rows by which the number of groups is chosen; all are grouped afterwards. */
const SAMPLE = 4_000
/** Differences of the silhouette that seeds alone make. */
const TOLERANCE = 0.02

/** What a number of groups is worth, -1 to 1. */
export type Candidate = { readonly groups: number; readonly silhouette: number }

export type Choice = { readonly grouping: Grouping; readonly candidates: readonly Candidate[] }

/**
 * Groups rows into the least number of groups, of 2 to `most`, whose silhouette is within 0.02 of the best one: how much nearer, on
 * average, a row is to the centroid of its own group than to the next (Rousseeuw 1987; by centroids: Hruschka et al. 2004).
 */
export function chooseGroups(
  rows: Rows,
  most: number,
  seed: number,
  onTried: (groups: number) => void = () => {},
): Choice {
  const sample = sampleOf(rows)
  const tried: { grouping: Grouping; silhouette: number }[] = []
  for (let count = 2; count <= Math.min(most, sample.size - 1); count++) {
    const grouping = groupRows(sample, count, seed)
    tried.push({ grouping, silhouette: silhouetteOf(sample, grouping) })
    onTried(count)
  }
  const best = Math.max(...tried.map(({ silhouette }) => silhouette))
  const chosen =
    tried.find(({ silhouette }) => silhouette >= best - TOLERANCE)?.grouping ?? groupRows(sample, 1, seed)
  return {
    grouping: sample === rows ? chosen : settle(rows, chosen.centroids),
    candidates: tried.map(({ silhouette }, i) => ({
      groups: i + 2,
      silhouette: Number(silhouette.toFixed(4)),
    })),
  }
}

/** Rows at even distances. */
function sampleOf(rows: Rows): Rows {
  if (rows.size <= SAMPLE) return rows
  const { width } = rows
  const values = new Float64Array(SAMPLE * width)
  for (let i = 0; i < SAMPLE; i++) {
    const from = Math.floor((i * rows.size) / SAMPLE) * width
    values.set(rows.values.subarray(from, from + width), i * width)
  }
  return { values, width, size: SAMPLE }
}

function silhouetteOf(rows: Rows, { groups, cosines, centroids }: Grouping): number {
  let sum = 0
  for (let row = 0; row < rows.size; row++) {
    const own = 1 - (cosines[row] ?? 0)
    let other = Number.POSITIVE_INFINITY
    for (let group = 0; group < centroids.size; group++)
      if (group !== groups[row]) other = Math.min(other, 1 - cosineTo(rows, row, centroids, group))
    sum += (other - own) / Math.max(own, other, 1e-9)
  }
  return sum / rows.size
}
