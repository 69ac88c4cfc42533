/** Points as rows of numbers. */
export type PointMatrix = {
  readonly rows: number
  readonly dimensions: number
  /** Row by row: `rows * dimensions`. In shared memory, so that a thread gets them without a copy. */
  readonly values: Float32Array
}

/** How points of many dimensions become points of two. */
export type ProjectionName = 'pca'

/**
 * Seam: draws points of many dimensions in the plane, so that what was near stays near. Gives `x, y` of each row in turn; no
 * unit and no centre is promised. The same points give the same drawing. Throws CANCELLED when the signal aborts.
 */
export interface Projector {
  readonly name: ProjectionName
  project(points: PointMatrix, options?: { readonly signal?: AbortSignal }): Promise<Float32Array>
}
