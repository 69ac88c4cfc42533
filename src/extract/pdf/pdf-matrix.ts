/** An affine map as PDF writes it: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const identity: Matrix = [1, 0, 0, 1, 0, 0]

/** Left, top, right and bottom, in 1/72 inch from the top left corner of a page. */
export type Box = { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }

/** The map that applies `inner` first. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + e,
    b * inner[4] + d * inner[5] + f,
  ]
}

/** Six finite numbers, or nothing. */
export function toMatrix(values: unknown): Matrix | undefined {
  if (values === null || typeof values !== 'object') return undefined
  const [a, b, c, d, e, f] = values as ArrayLike<unknown> & Iterable<unknown>
  const all = [a, b, c, d, e, f]
  return all.every((value) => typeof value === 'number' && Number.isFinite(value))
    ? (all as unknown as Matrix)
    : undefined
}

/** A rectangle as PDF writes it: two opposite corners. */
export function toBox(values: unknown): Box | undefined {
  const [a, b, c, d] = Array.isArray(values) ? values : []
  const isBox = [a, b, c, d].every((value) => typeof value === 'number' && Number.isFinite(value))
  return isBox
    ? { x0: Math.min(a, c), y0: Math.min(b, d), x1: Math.max(a, c), y1: Math.max(b, d) }
    : undefined
}

/** The box around the image of a rectangle. */
export function mapBox(matrix: Matrix, { x0, y0, x1, y1 }: Box): Box {
  const [a, b, c, d, e, f] = matrix
  const xs = [a * x0 + c * y0, a * x1 + c * y0, a * x0 + c * y1, a * x1 + c * y1]
  const ys = [b * x0 + d * y0, b * x1 + d * y0, b * x0 + d * y1, b * x1 + d * y1]
  return {
    x0: Math.min(...xs) + e,
    y0: Math.min(...ys) + f,
    x1: Math.max(...xs) + e,
    y1: Math.max(...ys) + f,
  }
}
