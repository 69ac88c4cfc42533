import { readFileSync } from 'node:fs'
import { builtFile } from '../../../built-file.js'
import { createPortableKernel } from './portable-kernel.js'

/**
 * What is done to codes, on addresses (in bytes) of one memory. `kernel/codes.ts` says what each does; a code is a row of
 * `words` x 128 bits.
 */
export interface CodeKernel {
  scan(codes: number, slots: number, words: number, query: number, distances: number, histogram: number): void
  scanMarked(
    codes: number,
    slots: number,
    words: number,
    query: number,
    distances: number,
    histogram: number,
    marks: number,
  ): void
  collect(distances: number, slots: number, least: number, most: number, found: number, room: number): number
  refine(codes: number, words: number, slots: number, number: number, query: number, products: number): void
  rotate(values: number, length: number, size: number, signs: number): void
  encode(values: number, mean: number, length: number, words: number, code: number, sums: number): void
}

/** Which kernel to work with: the compiled one where the machine has SIMD, or the portable one, which is slower. */
export type KernelChoice = 'best' | 'portable'

/** Gives the kernel over a memory. Both kinds do the same, bit for bit. */
export function loadCodeKernel(memory: WebAssembly.Memory, choice: KernelChoice = 'best'): CodeKernel {
  if (choice === 'portable') return createPortableKernel(memory)
  const bytes = readFileSync(builtFile('./kernel.wasm', import.meta.url))
  // False where the engine has no SIMD for this processor.
  if (!WebAssembly.validate(bytes)) return createPortableKernel(memory)
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return instance.exports as unknown as CodeKernel
}
