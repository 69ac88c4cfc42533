export type Labelled = {
  readonly features: readonly number[]
  readonly isPositive: boolean
  readonly weight: number
}

export type Model = { readonly weights: readonly number[]; readonly intercept: number }

/** Keeps weights finite where a signal tells all. */
const RIDGE = 1e-3
const MAX_STEPS = 50

export function probability({ weights, intercept }: Model, features: readonly number[]): number {
  const logit = weights.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), intercept)
  return 1 / (1 + Math.exp(-logit))
}

/** Logistic regression by Newton's method (iteratively reweighted least squares), with a little ridge. */
export function fitLogistic(examples: readonly Labelled[]): Model {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0)
  const rows = examples.map(({ features, ...rest }) => ({ ...rest, x: [...features, 1] }))
  const size = rows[0]?.x.length ?? 1
  let weights = new Array<number>(size).fill(0)
  for (let step = 0; step < MAX_STEPS; step++) {
    const gradient = weights.map((weight, i) => (i === size - 1 ? 0 : -RIDGE * weight))
    const hessian: number[][] = weights.map((_, i) =>
      weights.map((__, j) => (i === j && i < size - 1 ? RIDGE : 1e-9)),
    )
    for (const { x, isPositive, weight } of rows) {
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)))
      const share = weight / total
      for (const [i, a] of x.entries()) {
        gradient[i] = (gradient[i] ?? 0) + share * ((isPositive ? 1 : 0) - p) * a
        const row = hessian[i] ?? []
        for (const [j, b] of x.entries()) row[j] = (row[j] ?? 0) + share * p * (1 - p) * a * b
      }
    }
    const change = solve(hessian, gradient)
    weights = weights.map((weight, i) => weight + (change[i] ?? 0))
    if (Math.max(...change.map(Math.abs)) < 1e-8) break
  }
  return { weights: weights.slice(0, -1), intercept: weights.at(-1) ?? 0 }
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++)
      if (Math.abs(rows[i]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = i
    const chosen = rows[pivot] ?? []
    rows[pivot] = rows[column] ?? []
    rows[column] = chosen
    for (const [i, row] of rows.entries()) {
      if (i === column) continue
      const factor = (row[column] ?? 0) / (chosen[column] ?? 1)
      for (let j = column; j <= size; j++) row[j] = (row[j] ?? 0) - factor * (chosen[j] ?? 0)
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1))
}

/** The probability that a positive has the greater score than a negative; equal ones count half. */
export function areaUnderCurve(
  examples: readonly { readonly score: number; readonly isPositive: boolean }[],
): number {
  const positives = examples.filter(({ isPositive }) => isPositive)
  const negatives = examples.filter(({ isPositive }) => !isPositive)
  let wins = 0
  for (const { score } of positives)
    for (const other of negatives) wins += score > other.score ? 1 : score === other.score ? 0.5 : 0
  return wins / (positives.length * negatives.length)
}
