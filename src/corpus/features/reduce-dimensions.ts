import { accumulate, type Features, scaleToUnit } from './features.js'
import { seededNumbers } from './seeded-numbers.js'

/** Rounds of the iteration: the leading directions of texts have settled in four. */
const ROUNDS = 4

/** Rows of `width` numbers each, one after the other. */
export type Rows = { readonly values: Float64Array; readonly width: number; readonly size: number }

/**
 * The same texts in few dimensions, the directions in which they differ most, at unit length (latent semantic analysis: Deerwester et
 * al. 1990; by subspace iteration from a random start: Halko, Martinsson & Tropp 2011). A text without features stays at 0. The
 * directions are those of the first `sample` texts, of all by default.
 */
export function reduceDimensions(
  features: readonly Features[],
  {
    width,
    seed,
    sample = features.length,
  }: { readonly width: number; readonly seed: number; readonly sample?: number },
): Rows {
  const { texts, components } = withoutGaps(features)
  const looked = texts.slice(0, sample)
  const columns = Math.max(1, Math.min(width, looked.length, components))
  const random = seededNumbers(seed)
  let basis = Float64Array.from({ length: components * columns }, () => random() - 0.5)
  for (let round = 0; round < ROUNDS; round++) {
    const projected = project(looked, basis, columns)
    orthonormalise(projected, columns)
    basis = new Float64Array(components * columns)
    for (const [row, { ids, weights }] of looked.entries()) {
      for (let i = 0; i < ids.length; i++) {
        const [from, weight] = [(ids[i] ?? 0) * columns, weights[i] ?? 0]
        for (let column = 0; column < columns; column++)
          basis[from + column] =
            (basis[from + column] ?? 0) + weight * (projected[row * columns + column] ?? 0)
      }
    }
  }
  orthonormalise(basis, columns)
  const values = project(texts, basis, columns)
  for (let row = 0; row < texts.length; row++) scaleToUnit(values, row * columns, columns)
  return { values, width: columns, size: texts.length }
}

/** The same with components numbered from 0, none of them unused: some texts use few of all terms. */
function withoutGaps(features: readonly Features[]): { texts: Features[]; components: number } {
  const numbers = new Map<number, number>()
  const renumber = (id: number) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  }
  // Vectors with every component share their list of ids.
  let last: { readonly ids: Uint32Array; readonly renumbered: Uint32Array } | undefined
  const texts = features.map(({ ids, weights }) => {
    if (last?.ids !== ids) last = { ids, renumbered: ids.map(renumber) }
    return { ids: last.renumbered, weights }
  })
  return { texts, components: numbers.size }
}

function project(texts: readonly Features[], basis: Float64Array, columns: number): Float64Array {
  const rows = new Float64Array(texts.length * columns)
  for (const [row, { ids, weights }] of texts.entries()) {
    const to = row * columns
    for (let i = 0; i < ids.length; i++) {
      const [from, weight] = [(ids[i] ?? 0) * columns, weights[i] ?? 0]
      for (let column = 0; column < columns; column++)
        rows[to + column] = (rows[to + column] ?? 0) + weight * (basis[from + column] ?? 0)
    }
  }
  return rows
}

/** Columns made perpendicular and of unit length, by Gram and Schmidt, twice for accuracy. */
function orthonormalise(table: Float64Array, columns: number): void {
  for (let column = 0; column < columns; column++) {
    for (let pass = 0; pass < 2; pass++) {
      const products = new Float64Array(column)
      for (let from = 0; from < table.length; from += columns) {
        const value = table[from + column] ?? 0
        for (let other = 0; other < column; other++)
          products[other] = (products[other] ?? 0) + value * (table[from + other] ?? 0)
      }
      for (let from = 0; from < table.length; from += columns) {
        let value = table[from + column] ?? 0
        for (let other = 0; other < column; other++)
          value -= (products[other] ?? 0) * (table[from + other] ?? 0)
        table[from + column] = value
      }
    }
    let squares = 0
    for (let at = column; at < table.length; at += columns) squares += (table[at] ?? 0) ** 2
    const norm = Math.sqrt(squares) || 1
    for (let at = column; at < table.length; at += columns) table[at] = (table[at] ?? 0) / norm
  }
}

/** The mean of vectors, at unit length; the first one where they cancel out. */
export function meanVector(vectors: readonly Float32Array[]): Float32Array | undefined {
  const [first] = vectors
  if (first === undefined || vectors.length === 1) return first
  const ids = Uint32Array.from(first.keys())
  const sum = new Float64Array(first.length)
  for (const weights of vectors) accumulate({ ids, weights }, sum, 1)
  scaleToUnit(sum)
  return Float32Array.from(sum)
}
