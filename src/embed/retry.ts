import { GemdexError, throwIfAborted } from '../errors.js'

export type RetryOptions = {
  /** Tries in all, the first included. Default 5. */
  readonly attempts?: number
  readonly signal?: AbortSignal
  /** No wait is begun that would end later than this after the start. Default 10 minutes. */
  readonly maxTotalMs?: number
  /** Waits; rejects as soon as the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** A number from 0 (included) to 1 (excluded). */
  readonly random?: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

const ATTEMPTS = 5
const MAX_TOTAL_MS = 600_000
const BASE_MS = 1000
const CAP_MS = 30_000
const MAX_JITTER = 0.25

/** A garbled answer is rarely garbled twice; when it is, it will be again, and each try costs quota. */
const BAD_RESPONSE_ATTEMPTS = 2

/**
 * Runs an operation until it succeeds, and gives its result. Only GemdexErrors marked `retryable` are tried again, and
 * BAD_RESPONSE at most once; the last error is thrown as it is when the tries or the time are used up. Throws CANCELLED when the
 * signal aborts before a try or during a wait.
 *
 * Waits as long as the error asks to (`retryAfterMs`) plus up to 25 %: Google floors that delay to seconds, so it is a
 * little short. Otherwise a random time up to 1 s, 2 s, 4 s ... 30 s ("full jitter", AWS Architecture Blog, 2015).
 */
export async function withRetry<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = ATTEMPTS, maxTotalMs = MAX_TOTAL_MS, signal, random = Math.random } = options
  const { sleep = sleepUnlessAborted, now = () => performance.now() } = options
  const started = now()
  let badResponses = 0
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal)
    try {
      return await operation(attempt)
    } catch (error) {
      if (!(error instanceof GemdexError) || !error.retryable || attempt >= attempts) throw error
      if (error.code === 'BAD_RESPONSE' && ++badResponses >= BAD_RESPONSE_ATTEMPTS) throw error
      const waitMs = waitBefore(attempt + 1, error.retryAfterMs, random)
      if (now() - started + waitMs > maxTotalMs) throw error
      await sleep(waitMs, signal)
    }
  }
}

function waitBefore(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs * (1 + MAX_JITTER * random())
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 2))
}

/** Waits; throws CANCELLED as soon as the signal aborts. Leaves neither timer nor listener behind. */
export function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      if (signal?.aborted) reject(new GemdexError('CANCELLED', 'The operation was cancelled'))
      else resolve()
    }
    const timer = setTimeout(finish, ms)
    if (signal?.aborted) finish()
    else signal?.addEventListener('abort', finish)
  })
}
