/**
 * A drawing turned and mirrored so that it lies as well as it can on a former one (orthogonal Procrustes: Schönemann 1966, in the
 * plane). Both are `x, y` of each row; rows that the former one does not have are NaN in it.
 */
export function alignDrawing(drawn: Float32Array, former: Float32Array): Float32Array {
  const rows = Array.from({ length: drawn.length / 2 }, (_, row) => row).filter(
    (row) => !Number.isNaN(former[2 * row] ?? Number.NaN),
  )
  const [from, to] = [centreOf(drawn, rows), centreOf(former, rows)]
  let [xx, xy, yx, yy] = [0, 0, 0, 0]
  for (const row of rows) {
    const [x, y] = [(drawn[2 * row] ?? 0) - from.x, (drawn[2 * row + 1] ?? 0) - from.y]
    const [u, v] = [(former[2 * row] ?? 0) - to.x, (former[2 * row + 1] ?? 0) - to.y]
    xx += x * u
    xy += x * v
    yx += y * u
    yy += y * v
  }
  // Of a turn by any angle the sum of products is at most the first length; of a turn of the mirror image the second.
  const isMirrored = Math.hypot(xx - yy, xy + yx) > Math.hypot(xx + yy, xy - yx)
  const flip = isMirrored ? -1 : 1
  const angle = Math.atan2(xy - flip * yx, xx + flip * yy)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const aligned = new Float32Array(drawn.length)
  for (let at = 0; at < drawn.length; at += 2) {
    const [x, y] = [drawn[at] ?? 0, flip * (drawn[at + 1] ?? 0)]
    aligned[at] = cos * x - sin * y
    aligned[at + 1] = sin * x + cos * y
  }
  return aligned
}

function centreOf(
  drawing: Float32Array,
  rows: readonly number[],
): { readonly x: number; readonly y: number } {
  let [x, y] = [0, 0]
  for (const row of rows) {
    x += (drawing[2 * row] ?? 0) / rows.length
    y += (drawing[2 * row + 1] ?? 0) / rows.length
  }
  return { x, y }
}
