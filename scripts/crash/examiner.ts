import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What came of looking at an index: whether `verify` found damage, and whether it could be searched all the same. */
export type Examination = { readonly found: boolean; readonly searched: boolean }

/**
 * Looks at indexes in a process of its own, which a damaged one may end or keep busy for ever; the next index gets a new process
 * then.
 */
export function createExaminer(longestMs: number) {
  let child: ChildProcess | undefined

  function examine(path: string): Promise<Examination | 'crashed' | 'hung'> {
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
      process.send(path)
    })
  }

  function close(): void {
    child?.kill('SIGKILL')
    child = undefined
  }

  return { examine, close }
}
