import type { Io } from './io.js'
import { formatNumber } from './style.js'

const REDRAW_MS = 100

/** Shows how far a step over all documents is: one line that is rewritten, on a terminal only. */
export function createCorpusProgress(io: Io): {
  show(progress: { readonly stage: string; readonly done: number; readonly total: number }): void
  /** Takes the line away. */
  end(): void
} {
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show({ stage, done, total }) {
      if (!io.err.isTerminal || performance.now() - shownAt < REDRAW_MS) return
      shownAt = performance.now()
      const of = total > 0 ? ` of ${formatNumber(total)}` : ''
      io.err.write(`\r\u001b[K${stage}: ${formatNumber(done)}${of}`)
    },
    end() {
      if (io.err.isTerminal) io.err.write('\r\u001b[K')
    },
  }
}
