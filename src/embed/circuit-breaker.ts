import { type ErrorCode, GemdexError, throwIfAborted } from '../errors.js'
import { Alarm, type Clock, systemClock } from './clock.js'

export type CircuitBreakerOptions = {
  /** What is called, for messages. */
  readonly name: string
  /** Failures in a row after which no call is made for a while. Default 5. */
  readonly failures?: number
  /** How long. Default 30 s. */
  readonly openMs?: number
  readonly clock?: Clock
}

/** UNAVAILABLE, because earlier calls failed: the call was not made. `retryAfterMs` tells when the next probe is due. */
export class CircuitOpenError extends GemdexError {}

/** The leave to make one call. One of its methods is to be called, once, when the outcome is known. */
export type Pass = {
  succeed(): void
  fail(error: GemdexError): void
  /** The call was not made, or says nothing about the service. */
  cancel(): void
}

/**
 * A circuit breaker (Nygard, Release It!, 2007) that all calls to one service share. Closed, it lets every call pass.
 * After `failures` failures in a row (UNAVAILABLE, OFFLINE or TIMEOUT) it is open for `openMs`; then one call may pass as
 * a probe, and its outcome closes it or opens it again.
 */
export interface CircuitBreaker {
  readonly state: 'closed' | 'open' | 'half-open'
  /** Leave to make a call now; undefined while it is open or its probe is under way. */
  tryPass(): Pass | undefined
  /** Resolves when `tryPass` is worth trying. `onWait` is told of each wait, in milliseconds. Throws CANCELLED. */
  whenPassable(options?: {
    readonly signal?: AbortSignal
    readonly onWait?: (waitMs: number) => void
  }): Promise<void>
  /** What a caller gets who would not wait. */
  openError(): CircuitOpenError
}

const FAILURES = 5
const OPEN_MS = 30_000

const FAILURE_CODES: readonly ErrorCode[] = ['UNAVAILABLE', 'OFFLINE', 'TIMEOUT']

/** These do not tell whether the service works: somebody cancelled, or something stands between. */
const SILENT_CODES: readonly ErrorCode[] = ['CANCELLED', 'BAD_RESPONSE']

export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { name, failures = FAILURES, openMs = OPEN_MS, clock = systemClock } = options
  const alarm = new Alarm(clock)
  let inARow = 0
  let openUntilMs: number | undefined
  let probing = false

  const waitMs = () => (openUntilMs === undefined ? 0 : Math.max(0, openUntilMs - clock.now()))
  const passable = () => openUntilMs === undefined || (!probing && waitMs() === 0)

  const close = () => {
    inARow = 0
    openUntilMs = undefined
    alarm.ring()
  }
  const countFailure = (wasProbe: boolean) => {
    inARow++
    // Calls that had begun before it opened say nothing new.
    if (wasProbe || (openUntilMs === undefined && inARow >= failures)) openUntilMs = clock.now() + openMs
  }
  const issue = (isProbe: boolean): Pass => {
    const end = () => {
      if (isProbe) probing = false
      alarm.ring()
    }
    return {
      succeed() {
        end()
        close()
      },
      fail({ code }) {
        end()
        if (FAILURE_CODES.includes(code)) countFailure(isProbe)
        else if (!SILENT_CODES.includes(code)) close()
      },
      cancel: end,
    }
  }

  return {
    get state() {
      if (openUntilMs === undefined) return 'closed'
      return waitMs() > 0 ? 'open' : 'half-open'
    },
    tryPass() {
      if (!passable()) return undefined
      const isProbe = openUntilMs !== undefined
      if (isProbe) probing = true
      return issue(isProbe)
    },
    async whenPassable({ signal, onWait } = {}) {
      throwIfAborted(signal)
      while (!passable()) {
        if (waitMs() > 0) onWait?.(waitMs())
        await alarm.wait(probing ? Number.POSITIVE_INFINITY : waitMs(), signal)
      }
    },
    openError() {
      const seconds = Math.max(1, Math.ceil(waitMs() / 1000))
      return new CircuitOpenError(
        'UNAVAILABLE',
        `${name} is not called at the moment: the last ${inARow} calls failed`,
        { hint: `It is tried again in ${seconds} s`, retryable: true, retryAfterMs: waitMs() },
      )
    },
  }
}
