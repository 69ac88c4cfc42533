export type Line = {
  readonly intercept: number
  readonly slope: number
  /** Standard deviation of the points from the line. */
  readonly deviation: number
}

/** The line through points (x, y) by least squares; a flat one when all have the same x. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const n = points.length
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const slope = variance === 0 ? 0 : covariance / variance
  const intercept = meanY - slope * meanX
  const squares = points.reduce((sum, [x, y]) => sum + (y - intercept - slope * x) ** 2, 0)
  return { intercept, slope, deviation: Math.sqrt(squares / n) }
}
