/** A vector by those of its components that are not 0, at unit length (or empty). */
export type Features = { readonly ids: Uint32Array; readonly weights: Float32Array }

/** The product of a vector with a row of `table`, whose rows have `width` components. */
export function dot({ ids, weights }: Features, table: Float64Array, from = 0): number {
  let sum = 0
  for (let i = 0; i < ids.length; i++) sum += (weights[i] ?? 0) * (table[from + (ids[i] ?? 0)] ?? 0)
  return sum
}

/** Adds `share` times a vector to a row that begins at `from`. */
export function accumulate({ ids, weights }: Features, table: Float64Array, share: number, from = 0): void {
  for (let i = 0; i < ids.length; i++) {
    const at = from + (ids[i] ?? 0)
    table[at] = (table[at] ?? 0) + share * (weights[i] ?? 0)
  }
}

/** Scales the components from `from` on, `width` of them, to unit length. */
export function scaleToUnit(table: Float64Array, from = 0, width = table.length): void {
  let squares = 0
  for (let i = from; i < from + width; i++) squares += (table[i] ?? 0) ** 2
  const norm = Math.sqrt(squares) || 1
  for (let i = from; i < from + width; i++) table[i] = (table[i] ?? 0) / norm
}

/** Vectors with every component, around their mean, which models' vectors have most of their length in. */
export function centredFeatures(vectors: readonly Float32Array[]): Features[] {
  const width = vectors[0]?.length ?? 0
  const ids = Uint32Array.from({ length: width }, (_, i) => i)
  const mean = new Float64Array(width)
  for (const vector of vectors) accumulate({ ids, weights: vector }, mean, 1 / vectors.length)
  return vectors.map((vector) => {
    const centred = Float64Array.from(vector, (value, i) => value - (mean[i] ?? 0))
    scaleToUnit(centred)
    return { ids, weights: Float32Array.from(centred) }
  })
}
