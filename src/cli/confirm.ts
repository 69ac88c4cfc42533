import { createInterface } from 'node:readline/promises'
import { throwIfAborted } from '../errors.js'
import type { Io } from './io.js'

/** Asks a yes-or-no question on the terminal; no is the default, and the answer when the input ends. Throws CANCELLED. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, signal: io.signal })
  try {
    io.err.write(`${question} [y/N] `)
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line)
    throwIfAborted(io.signal)
    return false
  } finally {
    lines.close()
  }
}
