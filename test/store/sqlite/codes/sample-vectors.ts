import { createRandom } from './random.js'

export type VectorOptions = {
  readonly dimensions: number
  readonly clusters: number
  readonly seed: number
  /** Squared length of what all have in common, 0..1. */
  readonly common: number
}

/**
 * Gives vectors of unit length as embedding models make them: in clusters, stretched along some directions, and all on one
 * side of the space.
 */
export function createVectorSource({
  dimensions,
  clusters,
  seed,
  common,
}: VectorOptions): () => Float32Array {
  const { uniform, normal } = createRandom(seed)
  const draw = (scale: number) =>
    Float64Array.from({ length: dimensions }, (_, i) => (normal() * scale) / Math.sqrt(1 + i))
  const centers = Array.from({ length: clusters }, () => draw(1))
  const mean = unit(draw(1), Math.sqrt(common))
  return () => {
    const center = centers[Math.floor(uniform() * clusters)] ?? draw(0)
    const own = draw(0.6)
    const rest = unit(
      own.map((value, i) => value + (center[i] ?? 0)),
      Math.sqrt(1 - common),
    )
    return Float32Array.from(unit(rest.map((value, i) => value + (mean[i] ?? 0))))
  }
}

function unit(vector: Float64Array, length = 1): Float64Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => (value * length) / norm)
}
