import type { CodeLayout } from './code-layout.js'

/** With another seed all codes are others: it belongs to the format of codes. */
const SEED = 0x9e3779b9

/**
 * Writes the signs of the rotation that `kernel/codes.ts` describes. Random signs and Walsh-Hadamard transforms spread
 * whatever a vector holds over all its components (Ailon & Chazelle, STOC 2006), so that each bit of a code tells as much
 * as any other: vectors with few components that are not zero, such as the built-in ones, are not found without.
 */
export function writeSigns(f32: Float32Array, { signs, length, transform }: CodeLayout): void {
  const next = randomSigns(SEED)
  const at = signs / 4
  for (let i = 0; i < length; i++) f32[at + i] = next()
  const scale = Math.fround(1 / Math.sqrt(transform))
  for (let i = length; i < length + 4 * transform; i++) f32[at + i] = next() * scale
}

/** Xorshift (Marsaglia 2003), a sign from the top bit of each number. */
function randomSigns(seed: number): () => 1 | -1 {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state < 0 ? -1 : 1
  }
}
