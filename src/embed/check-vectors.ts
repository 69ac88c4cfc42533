import { GemdexError } from '../errors.js'

/** Below this length a vector has no direction worth keeping. */
const MIN_NORM = 1e-6

/**
 * The gate that every received vector passes: gives them as unit-length Float32Arrays (1 ± 1e-3), in order.
 *
 * `raw` is what came over the wire, one list of numbers per text. Throws BAD_RESPONSE (retryable), naming the vector
 * (from 0) and the reason, when there are not exactly `expectedCount` of them, or one is no list of exactly `dimensions`
 * numbers, finite also as 32-bit floats (1e39 is not), with a length above 1e-6. sqlite-vec would take all of these and
 * rank them first.
 *
 * Normalises always: gemini-embedding-001 gives unit length at 3072 dimensions only.
 */
export function checkVectors(
  raw: readonly unknown[],
  expectedCount: number,
  dimensions: number,
): Float32Array[] {
  if (raw.length !== expectedCount) {
    throw badVectors(`${raw.length} vectors came for ${expectedCount} texts`)
  }
  return raw.map((values, index) => {
    const vector = toFloats(values, index, dimensions)
    return normalise(vector, index)
  })
}

function toFloats(values: unknown, index: number, dimensions: number): Float32Array {
  if (!Array.isArray(values) && !(values instanceof Float32Array)) {
    throw badVectors(`vector ${index} of the answer is missing`)
  }
  if (values.length !== dimensions) {
    throw badVectors(`vector ${index} of the answer has ${values.length} dimensions instead of ${dimensions}`)
  }
  const vector = new Float32Array(dimensions)
  for (let position = 0; position < dimensions; position++) {
    const value: unknown = values[position]
    // Not Number(value): null and '' would become zeros, "1" a number.
    vector[position] = typeof value === 'number' ? value : Number.NaN
    if (!Number.isFinite(vector[position])) {
      const shown = JSON.stringify(value)?.slice(0, 40) ?? 'nothing'
      throw badVectors(`vector ${index} of the answer has ${shown} at position ${position}, no 32-bit number`)
    }
  }
  return vector
}

function normalise(vector: Float32Array, index: number): Float32Array {
  // Summed in 64 bits: a Float32 sum of squares overflows above 1.8e19.
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!(norm > MIN_NORM)) throw badVectors(`vector ${index} of the answer has no direction (length ${norm})`)
  return vector.map((value) => value / norm)
}

function badVectors(reason: string): GemdexError {
  return new GemdexError('BAD_RESPONSE', `The embedding service gave an unusable answer: ${reason}`, {
    retryable: true,
    hint: 'Run it again; if it stays, check the model and its dimensions with `gemdex doctor`',
  })
}
