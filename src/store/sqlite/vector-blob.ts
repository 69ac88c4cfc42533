import { GemdexError } from '../../errors.js'

const MIN_NORM = 1e-6

/**
 * A vector as the database keeps it. sqlite-vec takes NaN, infinities and zero vectors without a word and ranks them first:
 * they stop here. Throws INDEX_MISMATCH for another number of dimensions, BAD_RESPONSE for components that cannot be.
 */
export function toBlob(vector: Float32Array, dimensions: number): Buffer {
  if (vector.length !== dimensions) {
    throw new GemdexError(
      'INDEX_MISMATCH',
      `A vector of ${vector.length} dimensions does not fit an index of ${dimensions}`,
    )
  }
  let squares = 0
  for (const value of vector) squares += value * value
  // The sum is finite and above the bound only if every component is finite and not all are zero. It must be finite in
  // 32 bits too: sqlite-vec sums in them, and the cosine of a sum that overflows is 0.
  if (!Number.isFinite(Math.fround(squares)) || Math.sqrt(squares) <= MIN_NORM) {
    throw new GemdexError(
      'BAD_RESPONSE',
      'A vector with NaN, infinite, huge or only zero components was refused',
    )
  }
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}

/** A copy: the driver's buffer need not lie where floats may. */
export function fromBlob(blob: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(blob).buffer)
}
