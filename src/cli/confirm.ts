import { createInterface } from 'node:readline/promises'
import type { Io } from './io.js'

/** Asks a yes-or-no question on the terminal; no is the default, and the answer when the input ends. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  const lines = createInterface({ input: io.stdin })
  try {
    io.err.write(`${question} [y/N] `)
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line)
    return false
  } finally {
    lines.close()
  }
}
