// What benchmarks search in: the same in every run.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Whole numbers of 32 bits (xorshift128, Marsaglia 2003). */
export function createRandom(seed: number): () => number {
  let [a, b, c, d] = [seed | 1, 0x9e3779b9, 0x243f6a88, 0xb7e15162]
  return () => {
    let t = d
    d = c
    c = b
    b = a
    t ^= t << 11
    t ^= t >>> 8
    a = t ^ a ^ (a >>> 19)
    return a >>> 0
  }
}

export type VectorSourceOptions = {
  readonly dimensions: number
  readonly clusters?: number
  readonly seed?: number
}

/** Squared length of what all vectors have in common, as large as that of Gemini's. */
const COMMON = 0.6
/** Spread within a cluster, in units of the spread of clusters: half to one and a half of it. */
const WITHIN = 0.6
/** Each component of a vector is made of so many hidden ones. */
const MIXED = 8

/**
 * Gives vectors of unit length as models make them: in clusters of uneven size, stretched along some directions, and all
 * on one side of the space.
 */
export function createVectorSource({
  dimensions,
  clusters = 1000,
  seed = 1,
}: VectorSourceOptions): () => Float32Array {
  const next = createRandom(seed)
  const uniform = () => next() / 2 ** 32
  const normals = Float32Array.from({ length: 65_536 }, () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += uniform()
    return sum
  })
  const normal = () => normals[next() & 65_535] ?? 0
  const stretch = Float32Array.from({ length: dimensions }, (_, i) => 1 / Math.sqrt(1 + i))
  // The first of each eight is the component's own: every hidden one is seen somewhere.
  const picks = Int32Array.from({ length: dimensions * MIXED }, (_, i) =>
    i % MIXED === 0 ? i / MIXED : next() % dimensions,
  )
  const signs = Int8Array.from({ length: dimensions * MIXED }, () => (next() & 1 ? 1 : -1))
  const centers = Float32Array.from(
    { length: clusters * dimensions },
    (_, i) => normal() * (stretch[i % dimensions] ?? 0),
  )
  const common = scaled(Float32Array.from({ length: dimensions }, normal), COMMON)
  const hidden = new Float32Array(dimensions)
  return () => {
    const center = Math.floor(uniform() * uniform() * clusters) * dimensions
    const spread = WITHIN * (0.5 + uniform())
    for (let i = 0; i < dimensions; i++)
      hidden[i] = (centers[center + i] ?? 0) + spread * normal() * (stretch[i] ?? 0)
    const vector = new Float32Array(dimensions)
    for (let i = 0, pick = 0; i < dimensions; i++) {
      let sum = 0
      for (let j = 0; j < MIXED; j++, pick++) sum += (signs[pick] ?? 0) * (hidden[picks[pick] ?? 0] ?? 0)
      vector[i] = sum
    }
    scaled(vector, 1 - COMMON)
    for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) + (common[i] ?? 0)
    return scaled(vector, 1)
  }
}

/** Brings a vector to a squared length, in place. */
function scaled(vector: Float32Array, squares: number): Float32Array {
  let sum = 0
  for (const value of vector) sum += value * value
  const factor = Math.sqrt(squares / sum)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * factor
  return vector
}

/** Gives the vectors of a file one after another: little-endian floats of 32 bits, without anything else. */
export function openVectorFile(path: string, dimensions: number) {
  const file = openSync(path, 'r')
  const bytes = dimensions * 4
  const { size } = fstatSync(file)
  if (size % bytes !== 0) throw new Error(`${path} does not hold whole vectors of ${dimensions} dimensions`)
  let at = 0
  return {
    count: size / bytes,
    next: (): Float32Array => {
      const buffer = new Uint8Array(bytes)
      readSync(file, buffer, 0, bytes, at)
      at += bytes
      return scaled(new Float32Array(buffer.buffer), 1)
    },
    close: () => closeSync(file),
  }
}
