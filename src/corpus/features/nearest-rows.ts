import type { Rows } from './reduce-dimensions.js'

/** Of each row that was asked for `count` others, the nearest first; fewer rows leave -1 and cosines of -Infinity. */
export type Neighbours = {
  readonly count: number
  readonly rows: Int32Array
  readonly cosines: Float64Array
}

/** The rows of `among` that are nearest by cosine to each of `wanted`, but for itself. Rows are of unit length. Compares all. */
export function nearestRows(
  { values, width }: Rows,
  wanted: readonly number[],
  among: readonly number[],
  count: number,
): Neighbours {
  const rows = new Int32Array(wanted.length * count).fill(-1)
  const cosines = new Float64Array(wanted.length * count).fill(Number.NEGATIVE_INFINITY)
  for (const [i, row] of wanted.entries()) {
    const [from, first, last] = [row * width, i * count, (i + 1) * count - 1]
    for (const other of among) {
      const start = other * width
      let cosine = 0
      for (let d = 0; d < width; d++) cosine += (values[from + d] ?? 0) * (values[start + d] ?? 0)
      if (cosine <= (cosines[last] ?? 0) || other === row) continue
      let at = last
      for (; at > first && (cosines[at - 1] ?? 0) < cosine; at--) {
        cosines[at] = cosines[at - 1] ?? 0
        rows[at] = rows[at - 1] ?? 0
      }
      cosines[at] = cosine
      rows[at] = other
    }
  }
  return { count, rows, cosines }
}
