import { readFileSync } from 'node:fs'
import { builtFile } from '../../../built-file.js'
import type { CodeKernel } from './code-kernel.js'
import { createPortableKernel } from './portable-kernel.js'

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
