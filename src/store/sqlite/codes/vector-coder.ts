import type { CodeSpace } from './code-space.js'

/**
 * A vector x of unit length as its code and two numbers (RaBitQ: Gao & Long, SIGMOD 2024). With c the mean of the corpus,
 * r = x - c, and s the signs of r (+-1), the cosine of x and a unit vector q is
 *
 *     <x, q> = <c, q> + <r, c> + <r, q - c>,   and   <r, q - c> is about <s, q - c> |r|^2 / <s, r>
 *
 * where the products with s run over the components that have a bit. `offset` is <r, c>, `scale` is |r|^2 / <s, r>.
 */
export type CodedVector = { readonly scale: number; readonly offset: number; readonly code: Uint8Array }

/** A query as the scan compares it; its code and components lie in the lane of this thread. */
export type CodedQuery = {
  /** The estimate of a cosine is `base` + offset + scale * `step` * product, where `kernel.refine` gives the product. */
  readonly base: number
  readonly step: number
  /** |q - c| */
  readonly distance: number
}

export interface VectorCoder {
  /** A vector rotated as codes are, at unit length. */
  rotate(vector: Float32Array): Float32Array
  encode(vector: Float32Array): CodedVector
  encodeQuery(vector: Float32Array): CodedQuery
}

/** Codes vectors of the space's dimensions that are finite and not zero; they need not be of unit length. */
export function createVectorCoder(space: CodeSpace): VectorCoder {
  function load(vector: Float32Array): void {
    const { layout, views, kernel, lane } = space
    const values = layout.lane(lane).values / 4
    let squares = 0
    for (const value of vector) squares += value * value
    const scale = 1 / Math.sqrt(squares)
    for (let i = 0; i < vector.length; i++) views.f32[values + i] = (vector[i] ?? 0) * scale
    views.f32.fill(0, values + vector.length, values + layout.length)
    kernel.rotate(values * 4, layout.length, layout.transform, layout.signs)
  }

  /** Codes what was loaded, at an address; gives the kernel's sums. */
  function encodeAt(code: number) {
    const { layout, views, kernel, lane } = space
    const { values, sums } = layout.lane(lane)
    kernel.encode(values, layout.mean, layout.length, layout.words, code, sums)
    const [absolute = 0, squares = 0, products = 0, ofMean = 0] = views.f32.subarray(sums / 4, sums / 4 + 4)
    return { absolute, squares, products, ofMean }
  }

  return {
    rotate(vector) {
      load(vector)
      const { layout, views, lane } = space
      const values = layout.lane(lane).values / 4
      return views.f32.slice(values, values + layout.length)
    },

    encode(vector) {
      load(vector)
      const { layout, views, lane } = space
      const { queryCode } = layout.lane(lane)
      const { absolute, squares, products } = encodeAt(queryCode)
      const code = views.u8.slice(queryCode, queryCode + layout.codeBytes)
      return { scale: absolute === 0 ? 0 : squares / absolute, offset: products, code }
    },

    encodeQuery(vector) {
      load(vector)
      const { layout, kernel, lane } = space
      const { queryCode, query, values } = layout.lane(lane)
      const { squares, products, ofMean } = encodeAt(queryCode)
      const step = kernel.quantize(values, layout.bits, query)
      return { base: products + ofMean, step, distance: Math.sqrt(squares) }
    },
  }
}
