import { GemdexError } from '../errors.js'

/** Below this length a vector has no direction worth keeping. */
const MIN_NORM = 1e-6

/** BAD_RESPONSE for an answer of which some vectors may be good. */
export class BadVectorsError extends GemdexError {
  /**
   * One place per text, undefined where no usable vector came. Undefined altogether when the answer has more or fewer
   * vectors than there were texts: then none can be trusted to be in its place.
   */
  readonly vectors: readonly (Float32Array | undefined)[] | undefined

  constructor(reason: string, vectors?: readonly (Float32Array | undefined)[]) {
    super('BAD_RESPONSE', `The embedding service gave an unusable answer: ${reason}`, {
      retryable: true,
      hint: 'Run it again; if it stays, check the model and its dimensions with `gemdex doctor`',
    })
    this.vectors = vectors
  }
}

/**
 * The gate that every received vector passes: gives them as unit-length Float32Arrays (1 ± 1e-3), in order.
 *
 * `raw` is what came over the wire, one list of numbers per text. Throws a BadVectorsError (retryable), which names the
 * first bad vector (from 0) and the reason and carries the good ones, when there are not exactly `expectedCount` of them,
 * or one is no list of exactly `dimensions` numbers, finite also as 32-bit floats (1e39 is not), with a length above 1e-6.
 * sqlite-vec would take all of these and rank them first.
 *
 * Normalises always: gemini-embedding-001 gives unit length at 3072 dimensions only.
 */
export function checkVectors(
  raw: readonly unknown[],
  expectedCount: number,
  dimensions: number,
): Float32Array[] {
  if (raw.length !== expectedCount) {
    throw new BadVectorsError(`${raw.length} vectors came for ${expectedCount} texts`)
  }
  const results = Array.from(raw, (values, index) => checkVector(values, index, dimensions))
  const bad = results.find((result) => typeof result === 'string')
  const good = results.map((result) => (typeof result === 'string' ? undefined : result))
  if (bad !== undefined) throw new BadVectorsError(bad, good)
  return good.filter((vector) => vector !== undefined)
}

/** The vector at unit length, or what is wrong with it. */
function checkVector(values: unknown, index: number, dimensions: number): Float32Array | string {
  const which = `vector ${index} of the answer`
  if (!Array.isArray(values) && !(values instanceof Float32Array)) return `${which} is missing`
  if (values.length !== dimensions) return `${which} has ${values.length} dimensions instead of ${dimensions}`
  const vector = new Float32Array(dimensions)
  // Summed in 64 bits: a Float32 sum of squares overflows above 1.8e19.
  let squares = 0
  for (let position = 0; position < dimensions; position++) {
    const value: unknown = values[position]
    // Not Number(value): null and '' would become zeros, "1" a number.
    const float = Math.fround(typeof value === 'number' ? value : Number.NaN)
    if (!Number.isFinite(float)) {
      const shown = JSON.stringify(value)?.slice(0, 40) ?? 'nothing'
      return `${which} has ${shown} at position ${position}, no 32-bit number`
    }
    vector[position] = float
    squares += float * float
  }
  const norm = Math.sqrt(squares)
  return norm > MIN_NORM ? vector.map((value) => value / norm) : `${which} has no direction (length ${norm})`
}
