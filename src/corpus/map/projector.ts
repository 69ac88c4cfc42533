import type { CorpusRun } from '../corpus-passage.js'

/** Points as rows of numbers. */
export type PointMatrix = {
  readonly rows: number
  readonly dimensions: number
  /** Row by row: `rows * dimensions`. In shared memory, so that a thread gets them without a copy. */
  readonly values: Float32Array
}

/**
 * How points of many dimensions become points of two: `pca` keeps the directions of the greatest variance, and takes a second for
 * ten thousand points; `umap` keeps who is next to whom, and takes some twenty.
 */
export type ProjectionName = 'pca' | 'umap'

/** What is to be drawn, and what it has to agree with. */
export type Layout = {
  readonly points: PointMatrix
  readonly projection: ProjectionName
  /** `x, y` of each row as it was drawn before, NaN for new ones. */
  readonly former?: Float32Array
  /** Whether only new rows get a place, among the others, which stay where they are. */
  readonly onlyNew?: boolean
}

/**
 * Seam: draws points of many dimensions in the plane, so that what was near stays near. Gives `x, y` of each row in turn: the middle
 * of the drawing at 0, its longer side from -1 to 1, and turned and mirrored as the former one is. The same layout gives the same
 * drawing. Throws CANCELLED when the signal aborts.
 */
export interface Projector {
  project(layout: Layout, run?: CorpusRun): Promise<Float32Array>
}
