import { type ErrorCode, GemdexError, throwIfAborted } from '../errors.js'
import { CircuitOpenError } from './circuit-breaker.js'
import { type Clock, systemClock } from './clock.js'

export type RetryOptions = Partial<Pick<Clock, 'sleep' | 'random' | 'now'>> & {
  /** Tries in all, the first included. Default 5. */
  readonly attempts?: number
  /** Whether RATE_LIMITED uses up tries, and not only time. Default true. */
  readonly rateLimitsCount?: boolean
  readonly signal?: AbortSignal
  /** No wait is begun that would end later than this. Default 10 minutes. */
  readonly maxTotalMs?: number
  /** From when that is measured. Default `start`; `first-failure` for calls that may have to wait for their turn. */
  readonly measuredFrom?: 'start' | 'first-failure'
  /** How long to wait after an error, where somebody else knows better; undefined where not. */
  readonly delayAfter?: (error: GemdexError) => number | undefined
  /** Told before each wait. */
  readonly onRetry?: (error: GemdexError, waitMs: number) => void
}

const ATTEMPTS = 5
const MAX_TOTAL_MS = 600_000
const BASE_MS = 1000
const CAP_MS = 30_000
const MAX_JITTER = 0.25

/** A garbled answer is rarely garbled twice; when it is, it will be again, and each try costs quota. */
const GARBLED: readonly ErrorCode[] = ['BAD_RESPONSE', 'INCOMPLETE']
const GARBLED_ATTEMPTS = 2

/**
 * Runs an operation until it succeeds, and gives its result. Only GemdexErrors marked `retryable` are tried again,
 * BAD_RESPONSE and INCOMPLETE at most once and a CircuitOpenError never; the last error is thrown as it is when the tries or the time are
 * used up. Throws CANCELLED when the signal aborts before a try or during a wait.
 *
 * Waits as long as the error asks to (`retryAfterMs`) plus up to 25 %: Google floors that delay to seconds, so it is a
 * little short. Otherwise a random time up to 1 s, 2 s, 4 s ... 30 s ("full jitter", AWS Architecture Blog, 2015).
 */
export async function withRetry<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = ATTEMPTS, maxTotalMs = MAX_TOTAL_MS, measuredFrom = 'start', signal } = options
  const { rateLimitsCount = true, delayAfter, onRetry } = options
  const { sleep, now, random } = { ...systemClock, ...options }
  let startedMs = measuredFrom === 'start' ? now() : undefined
  let garbled = 0
  let failures = 0
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal)
    try {
      return await operation(attempt)
    } catch (error) {
      if (!isWorthRetrying(error)) throw error
      if ((rateLimitsCount || error.code !== 'RATE_LIMITED') && ++failures >= attempts) throw error
      startedMs ??= now()
      if (GARBLED.includes(error.code) && ++garbled >= GARBLED_ATTEMPTS) throw error
      const waitMs = delayAfter?.(error) ?? waitBefore(attempt + 1, error.retryAfterMs, random)
      if (now() - startedMs + waitMs > maxTotalMs) throw error
      onRetry?.(error, waitMs)
      await sleep(waitMs, signal)
    }
  }
}

/** An open circuit has said already that trying is no use. */
function isWorthRetrying(error: unknown): error is GemdexError {
  return error instanceof GemdexError && error.retryable && !(error instanceof CircuitOpenError)
}

function waitBefore(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs * (1 + MAX_JITTER * random())
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 2))
}
