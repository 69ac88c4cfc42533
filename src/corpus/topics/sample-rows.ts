import type { Rows } from '../features/reduce-dimensions.js'

/** So many rows at even distances; all where there are no more. */
export function sampleRows(rows: Rows, most: number): Rows {
  if (rows.size <= most) return rows
  const { width } = rows
  const values = new Float64Array(most * width)
  for (let i = 0; i < most; i++) {
    const from = Math.floor((i * rows.size) / most) * width
    values.set(rows.values.subarray(from, from + width), i * width)
  }
  return { values, width, size: most }
}
