export type Line = {
  readonly intercept: number
  readonly slope: number
  /** Standard deviation of the points from the line. */
  readonly deviation: number
}

/** The line through points, given by their coordinates, by least squares; a flat one when all have the same x. */
export function fitLine(xs: ArrayLike<number>, ys: ArrayLike<number>): Line {
  const n = xs.length
  let [sumX, sumY] = [0, 0]
  for (let i = 0; i < n; i++) {
    sumX += xs[i] ?? 0
    sumY += ys[i] ?? 0
  }
  const [meanX, meanY] = [sumX / n, sumY / n]
  let [xx, xy, yy] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const x = (xs[i] ?? 0) - meanX
    const y = (ys[i] ?? 0) - meanY
    xx += x * x
    xy += x * y
    yy += y * y
  }
  const slope = xx === 0 ? 0 : xy / xx
  const squares = Math.max(0, yy - slope * xy)
  return { intercept: meanY - slope * meanX, slope, deviation: Math.sqrt(squares / n) }
}
