import { GemdexError } from '../errors.js'
import type { CircuitBreaker, Pass } from './circuit-breaker.js'
import { type Clock, systemClock } from './clock.js'
import type { Cost, Pacer, Permit } from './pace.js'

/** What all calls to one model share. */
export type CallGuard = { readonly pacer: Pacer; readonly breaker?: CircuitBreaker; readonly clock?: Clock }

/** What a call waits for, and until when, in milliseconds since 1970. */
export type WaitInfo = { readonly untilMs: number; readonly reason: 'rate-limit' | 'unavailable' }

export type GuardedCallOptions = {
  readonly cost: Cost
  /**
   * `wait`, for work without an audience: waits for the limits and for the service to come back, however long.
   * `fail-fast`, for somebody who waits: goes before all others, and throws rather than wait long.
   */
  readonly patience: 'wait' | 'fail-fast'
  readonly signal?: AbortSignal
  readonly onWait?: (info: WaitInfo) => void
  /** Told when the call is made. */
  readonly onTry?: () => void
}

/** A query that is not through the limits by then is better answered by keywords. */
const FAIL_FAST_WAIT_MS = 5000

/**
 * Makes one call when pacer and breaker allow it, and tells both how it went. Throws what the call throws (QUOTA_EXHAUSTED
 * with `resumeAtMs`), CANCELLED, and with `fail-fast` RATE_LIMITED or a CircuitOpenError without having called. For calls
 * of any kind, of a model's embeddings or answers; of a stream, the call is what it takes to get the first part.
 */
export async function callGuarded<T>(
  call: () => Promise<T>,
  guard: CallGuard,
  options: GuardedCallOptions,
): Promise<T> {
  const { permit, pass } = await enter(guard, options)
  options.onTry?.()
  try {
    const result = await call()
    pass?.succeed()
    permit.succeed()
    return result
  } catch (thrown) {
    if (!(thrown instanceof GemdexError)) {
      pass?.cancel()
      throw thrown
    }
    pass?.fail(thrown)
    throw permit.fail(thrown)
  }
}

async function enter(
  { pacer, breaker, clock = systemClock }: CallGuard,
  { cost, patience, signal, onWait }: GuardedCallOptions,
): Promise<{ permit: Permit; pass: Pass | undefined }> {
  const failFast = patience === 'fail-fast'
  const tell = (reason: WaitInfo['reason']) => (waitMs: number) =>
    onWait?.({ untilMs: clock.wallTime() + waitMs, reason })
  const abort = signal && { signal }
  for (;;) {
    if (!failFast) await breaker?.whenPassable({ onWait: tell('unavailable'), ...abort })
    else if (breaker?.state === 'open') throw breaker.openError()
    const permit = await pacer.acquire(cost, {
      priority: failFast ? 'interactive' : 'bulk',
      maxWaitMs: failFast ? FAIL_FAST_WAIT_MS : Number.POSITIVE_INFINITY,
      onWait: tell('rate-limit'),
      ...abort,
    })
    // It may have opened, or its probe begun, while the limits were waited for.
    const pass = breaker?.tryPass()
    if (pass !== undefined || breaker === undefined) return { permit, pass }
    permit.cancel()
    if (failFast) throw breaker.openError()
  }
}
