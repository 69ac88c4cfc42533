import { scaleToUnit } from '../features/features.js'
import type { Rows } from '../features/reduce-dimensions.js'
import { seededNumbers } from '../features/seeded-numbers.js'

const STARTS = 4
const MAX_ROUNDS = 50

export type Grouping = {
  /** The group of each row, from 0. */
  readonly groups: Int32Array
  /** Of unit length, one row for each group. */
  readonly centroids: Rows
  /** Cosine of each row to the centroid of its group. */
  readonly cosines: Float64Array
}

/**
 * Groups rows of unit length by cosine (Dhillon & Modha 2001), from starts that are far apart (k-means++: Arthur & Vassilvitskii
 * 2007), the best of several. The same for the same seed.
 */
export function groupRows(rows: Rows, count: number, seed: number): Grouping {
  let best: { grouping: Grouping; sum: number } | undefined
  for (let start = 0; start < STARTS; start++) {
    const grouping = settle(rows, farApart(rows, count, seededNumbers(seed * STARTS + start)))
    const sum = grouping.cosines.reduce((total, cosine) => total + cosine, 0)
    if (best === undefined || sum > best.sum) best = { grouping, sum }
  }
  return best?.grouping ?? assign(rows, { values: new Float64Array(0), width: rows.width, size: 0 })
}

/** Moves centroids until no row changes its group. */
export function settle(rows: Rows, start: Rows): Grouping {
  let grouping = assign(rows, start)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = assign(rows, centroidsOf(rows, grouping))
    const isSettled = next.groups.every((group, row) => group === grouping.groups[row])
    grouping = next
    if (isSettled) break
  }
  return grouping
}

/** Rows in groups that are given, numbered from 0 to below `count`. */
export function groupingOf(rows: Rows, groups: Int32Array, count: number): Grouping {
  const none = { values: new Float64Array(count * rows.width), width: rows.width, size: count }
  const centroids = centroidsOf(rows, { groups, centroids: none })
  const cosines = Float64Array.from(groups, (group, row) => cosineTo(rows, row, centroids, group))
  return { groups, centroids, cosines }
}

/** The cosine of a row to a centroid. */
export function cosineTo(rows: Rows, row: number, centroids: Rows, group: number): number {
  const { width } = rows
  let sum = 0
  for (let i = 0; i < width; i++)
    sum += (rows.values[row * width + i] ?? 0) * (centroids.values[group * width + i] ?? 0)
  return sum
}

function assign(rows: Rows, centroids: Rows): Grouping {
  const groups = new Int32Array(rows.size)
  const cosines = new Float64Array(rows.size)
  for (let row = 0; row < rows.size; row++) {
    let best = Number.NEGATIVE_INFINITY
    for (let group = 0; group < centroids.size; group++) {
      const cosine = cosineTo(rows, row, centroids, group)
      if (cosine <= best) continue
      best = cosine
      groups[row] = group
    }
    cosines[row] = best
  }
  return { groups, cosines, centroids }
}

/** A group that has lost all its rows keeps its centroid. */
function centroidsOf(rows: Rows, { groups, centroids }: Omit<Grouping, 'cosines'>): Rows {
  const { width } = rows
  const values = new Float64Array(centroids.values.length)
  const isFilled = new Uint8Array(centroids.size)
  for (let row = 0; row < rows.size; row++) {
    const to = (groups[row] ?? 0) * width
    isFilled[groups[row] ?? 0] = 1
    for (let i = 0; i < width; i++)
      values[to + i] = (values[to + i] ?? 0) + (rows.values[row * width + i] ?? 0)
  }
  for (let group = 0; group < centroids.size; group++) {
    if (isFilled[group] === 1) scaleToUnit(values, group * width, width)
    else values.set(centroids.values.subarray(group * width, (group + 1) * width), group * width)
  }
  return { values, width, size: centroids.size }
}

function farApart(rows: Rows, count: number, random: () => number): Rows {
  const { width, size } = rows
  const values = new Float64Array(count * width)
  const centroids = { values, width, size: count }
  const nearest = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  let chosen = Math.floor(random() * size)
  for (let group = 0; group < count; group++) {
    values.set(rows.values.subarray(chosen * width, (chosen + 1) * width), group * width)
    let sum = 0
    for (let row = 0; row < size; row++) {
      const distance = Math.max(0, 1 - cosineTo(rows, row, centroids, group))
      nearest[row] = Math.min(nearest[row] ?? 0, distance)
      sum += nearest[row] ?? 0
    }
    let left = random() * sum
    chosen = 0
    while (chosen < size - 1 && left >= (nearest[chosen] ?? 0)) left -= nearest[chosen++] ?? 0
  }
  return centroids
}
