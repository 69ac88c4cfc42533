import type { PointMatrix } from './projector.js'

/** Rows that the axes are found by. */
const SAMPLE = 5_000
const MAX_ROUNDS = 100
/** How far an axis may still turn in a round: less is not seen in a drawing. */
const TOLERANCE = 1e-4

type Axis = Float64Array

/**
 * The points in the plane of their two greatest variances (principal component analysis; Pearson 1901), the greater one
 * first: `x, y` of each row in turn. Found by orthogonal iteration (Golub & Van Loan, Matrix Computations, 8.2) on the points
 * themselves, the first 5,000 of them, which stand for all: their covariance would cost a hundred times as much. Deterministic; the
 * point farthest out on an axis is on its positive side. Points without any variance are all at the origin.
 */
export function projectOntoPrincipalComponents(points: PointMatrix): Float32Array {
  const centred = centre(points)
  const sample = firstRows(centred, SAMPLE)
  let axes = orthonormal(startingAxes(points.dimensions))
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = orthonormal(multiply(sample, axes))
    const turned = Math.max(...next.map((axis, i) => 1 - Math.abs(dot(axis, axes[i] ?? axis))))
    axes = next
    if (turned < TOLERANCE) break
  }
  return orient(alongVariance(scoresOf(centred, axes)))
}

function firstRows({ rows, dimensions, values }: PointMatrix, count: number): PointMatrix {
  const kept = Math.min(rows, count)
  return { rows: kept, dimensions, values: values.subarray(0, kept * dimensions) }
}

function centre({ rows, dimensions, values }: PointMatrix): PointMatrix {
  const mean = new Float64Array(dimensions)
  for (let at = 0; at < values.length; at++)
    mean[at % dimensions] = (mean[at % dimensions] ?? 0) + (values[at] ?? 0) / rows
  return { rows, dimensions, values: values.map((value, at) => value - (mean[at % dimensions] ?? 0)) }
}

/** Two axes in no special direction, always the same. */
function startingAxes(dimensions: number): [Axis, Axis] {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  return [Float64Array.from({ length: dimensions }, next), Float64Array.from({ length: dimensions }, next)]
}

/** Of each row its components along both axes. */
function scoresOf(
  { rows, dimensions, values }: PointMatrix,
  [first, second]: readonly [Axis, Axis],
): Float64Array {
  const scores = new Float64Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    let a = 0
    let b = 0
    const start = row * dimensions
    for (let i = 0; i < dimensions; i++) {
      const value = values[start + i] ?? 0
      a += value * (first[i] ?? 0)
      b += value * (second[i] ?? 0)
    }
    scores[2 * row] = a
    scores[2 * row + 1] = b
  }
  return scores
}

/** The axes times the covariance of the points, but for a factor. */
function multiply(points: PointMatrix, axes: readonly [Axis, Axis]): [Axis, Axis] {
  const { rows, dimensions, values } = points
  const scores = scoresOf(points, axes)
  const first = new Float64Array(dimensions)
  const second = new Float64Array(dimensions)
  for (let row = 0; row < rows; row++) {
    const a = scores[2 * row] ?? 0
    const b = scores[2 * row + 1] ?? 0
    const start = row * dimensions
    for (let i = 0; i < dimensions; i++) {
      const value = values[start + i] ?? 0
      first[i] = (first[i] ?? 0) + a * value
      second[i] = (second[i] ?? 0) + b * value
    }
  }
  return [first, second]
}

/** Gram and Schmidt's way. An axis without any length stays so. */
function orthonormal([first, second]: readonly [Axis, Axis]): [Axis, Axis] {
  const a = unit(first)
  const along = dot(a, second)
  return [a, unit(second.map((value, i) => value - along * (a[i] ?? 0)))]
}

function unit(axis: Axis): Axis {
  const norm = Math.sqrt(dot(axis, axis))
  return norm < Number.MIN_VALUE ** 0.25 ? axis.map(() => 0) : axis.map((value) => value / norm)
}

function dot(a: Axis, b: Axis): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** Turns the plane so that the greatest variance is along its first axis. */
function alongVariance(scores: Float64Array): Float64Array {
  let [xx, yy, xy] = [0, 0, 0]
  for (let at = 0; at < scores.length; at += 2) {
    const [x, y] = [scores[at] ?? 0, scores[at + 1] ?? 0]
    xx += x * x
    yy += y * y
    xy += x * y
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return scores.map((value, at) =>
    at % 2 === 0 ? cos * value + sin * (scores[at + 1] ?? 0) : cos * value - sin * (scores[at - 1] ?? 0),
  )
}

function orient(scores: Float64Array): Float32Array {
  const farthest = [0, 0]
  for (const [at, value] of scores.entries())
    if (Math.abs(value) > Math.abs(farthest[at % 2] ?? 0)) farthest[at % 2] = value
  return Float32Array.from(scores, (value, at) => ((farthest[at % 2] ?? 0) < 0 ? -value : value))
}
