import type { Rows } from '../features/reduce-dimensions.js'
import { sampleRows } from './sample-rows.js'
import { cosineTo, type Grouping, groupRows, settle } from './spherical-k-means.js'

/** Rows by which the number of groups is chosen; all are grouped afterwards. */
const SAMPLE = 4_000
/** Differences of the silhouette that seeds alone make. */
const TOLERANCE = 0.02

/**
 * Groups rows into the least number of groups, of 2 to `most`, whose silhouette is within 0.02 of the best one: how much nearer, on
 * average, a row is to the centroid of its own group than to the next (Rousseeuw 1987; by centroids: Hruschka et al. 2004).
 */
export function chooseGroups(
  rows: Rows,
  most: number,
  seed: number,
  onTried: (groups: number) => void = () => {},
): Grouping {
  const sample = sampleRows(rows, SAMPLE)
  const tried: { grouping: Grouping; silhouette: number }[] = []
  for (let count = 2; count <= Math.min(most, sample.size - 1); count++) {
    const grouping = groupRows(sample, count, seed)
    tried.push({ grouping, silhouette: silhouetteOf(sample, grouping) })
    onTried(count)
  }
  const best = Math.max(...tried.map(({ silhouette }) => silhouette))
  const chosen =
    tried.find(({ silhouette }) => silhouette >= best - TOLERANCE)?.grouping ?? groupRows(sample, 1, seed)
  return sample === rows ? chosen : settle(rows, chosen.centroids)
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
