import { centredFeatures } from '../features/features.js'
import { type Rows, reduceDimensions } from '../features/reduce-dimensions.js'
import type { PointMatrix } from './projector.js'

/** Dimensions that neighbours are found in. */
const DIMENSIONS = 25
/** Rows that the dimensions are chosen by. */
const SAMPLE = 5_000

/** Points around their mean in the few dimensions in which they differ most, at unit length. */
export function reducePoints({ rows, dimensions, values }: PointMatrix): Rows {
  const vectors = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * dimensions, (row + 1) * dimensions),
  )
  return reduceDimensions(centredFeatures(vectors), { width: DIMENSIONS, seed: 1, sample: SAMPLE })
}
