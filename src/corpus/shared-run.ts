import { GemdexError } from '../errors.js'
import type { CorpusProgress, CorpusRun } from './corpus-passage.js'

/** How long work goes on for somebody who asks now and then rather than waits. */
const LINGER_MS = 30_000

/** Work that several wait for, done once. */
export type SharedRun<Result> = {
  /** Whether it was ended because nobody wanted it: then nobody may wait for it any more. */
  isAbandoned(): boolean
  /**
   * The result, or undefined when it takes longer than `patienceMs`, to be asked for again within 30 s. Throws what the work throws,
   * and CANCELLED when the signal aborts. Once nobody waits or asks any more, the work is ended.
   */
  wait(run?: CorpusRun, patienceMs?: number): Promise<Result | undefined>
}

/** Starts work for those who will wait for it. `signal` ends it for all of them. */
export function shareRun<Result>(
  work: (run: Required<CorpusRun>) => Promise<Result>,
  signal?: AbortSignal,
): SharedRun<Result> {
  const abandoned = new AbortController()
  const listeners = new Set<(progress: CorpusProgress) => void>()
  const ended = signal === undefined ? abandoned.signal : AbortSignal.any([abandoned.signal, signal])
  const onProgress = (progress: CorpusProgress) => {
    for (const listener of listeners) listener(progress)
  }
  let waiting = 0
  let wantedUntil = 0
  let leaving: NodeJS.Timeout | undefined
  let isSettled = false
  const result = work({ signal: ended, onProgress }).finally(() => {
    isSettled = true
    clearTimeout(leaving)
  })
  // Nobody may be waiting for what goes wrong later: the next one starts it again.
  result.catch(() => undefined)

  function leave(): void {
    waiting--
    if (waiting > 0 || isSettled) return
    leaving = setTimeout(() => abandoned.abort(), Math.max(0, wantedUntil - performance.now())).unref()
  }

  return {
    isAbandoned: () => abandoned.signal.aborted,

    async wait({ signal: own, onProgress: listener } = {}, patienceMs) {
      if (patienceMs !== undefined) wantedUntil = performance.now() + patienceMs + LINGER_MS
      clearTimeout(leaving)
      waiting++
      if (listener !== undefined) listeners.add(listener)
      try {
        return await firstOf(result, own, patienceMs)
      } finally {
        if (listener !== undefined) listeners.delete(listener)
        leave()
      }
    },
  }
}

async function firstOf<Result>(
  result: Promise<Result>,
  signal: AbortSignal | undefined,
  patienceMs: number | undefined,
): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  const other = new Promise<undefined>((resolve, reject) => {
    if (patienceMs !== undefined) timer = setTimeout(resolve, patienceMs, undefined)
    abort = () => reject(new GemdexError('CANCELLED', 'The operation was cancelled'))
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([result, other])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
