import type { Readable } from 'node:stream'

/** What a command reads and writes. Results go to `out`, everything else to `err`. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: Readable
  /** Whether somebody is there to answer a question. */
  readonly isInteractive: boolean
  readonly out: Output
  readonly err: Output
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** Has Ctrl-C call the handler instead, until what it gives is called. */
  takeInterrupts(handler: () => void): () => void
}

export type Output = {
  write(text: string): void
  readonly isTerminal: boolean
  /** Characters of a line on the terminal. */
  readonly columns?: number
}

export type ExitCode = 0 | 1 | 2 | 3 | 75 | 130
