import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** An index that may be damaged, and what it held before (see `contentOf`). */
export type Examined = { readonly path: string; readonly content: string }

/** What came of looking at it. */
export type Examination = {
  /** Whether it holds anything else than before, or cannot be read. */
  readonly isChanged: boolean
  /** Whether opening it said that it is damaged, with the code and the way out. */
  readonly told: boolean
  /** Whether it could be searched all the same. */
  readonly searched: boolean
  /** Whether `verify` found damage. */
  readonly found: boolean
}

/**
 * Looks at indexes in a process of its own, which a damaged one may end or keep busy for ever; the next index gets a new process
 * then.
 */
export function createExaminer(longestMs: number) {
  let child: ChildProcess | undefined

  function examine(index: Examined): Promise<Examination | 'crashed' | 'hung'> {
    const process = child ?? fork(fileURLToPath(new URL('examine-index.js', import.meta.url)))
    child = process
    return new Promise((resolve) => {
      const end = (outcome: Examination | 'crashed' | 'hung') => {
        clearTimeout(timer)
        process.removeAllListeners()
        if (typeof outcome === 'string') close()
        resolve(outcome)
      }
      const timer = setTimeout(() => end('hung'), longestMs)
      process.once('message', (examination) => end(examination as Examination))
      process.once('exit', () => end('crashed'))
      process.send(index)
    })
  }

  function close(): void {
    child?.kill('SIGKILL')
    child = undefined
  }

  return { examine, close }
}
