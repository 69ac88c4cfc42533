import { GemdexError, throwIfAborted } from '../errors.js'

/** Time and chance as an argument, so that waits can be tested without waiting. */
export type Clock = {
  /** Milliseconds of a clock that never goes back. All waits are measured with it. */
  readonly now: () => number
  /** Milliseconds since 1970, of a clock that may be set: for days of quota and for people only. */
  readonly wallTime: () => number
  /** Waits; rejects as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  sleep: sleepUnlessAborted,
  random: () => Math.random(),
}

/** Longest delay that setTimeout takes as it is: beyond it fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Waits; throws CANCELLED as soon as the signal aborts. Leaves neither timer nor listener behind. */
export function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      if (signal?.aborted) reject(new GemdexError('CANCELLED', 'The operation was cancelled'))
      else resolve()
    }
    const timer = setTimeout(finish, Math.min(ms, MAX_TIMEOUT_MS))
    if (signal?.aborted) finish()
    else signal?.addEventListener('abort', finish)
  })
}

/** Waits that end early when something has changed. Whoever wakes looks for himself whether to wait on. */
export class Alarm {
  private readonly clock: Clock
  private readonly sleepers = new Set<AbortController>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Ends every wait that is under way. */
  ring(): void {
    for (const sleeper of this.sleepers) sleeper.abort()
  }

  /** Waits that long (for ever if Infinity), or until it rings. Throws CANCELLED as soon as the signal aborts. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal)
    const sleeper = new AbortController()
    const wake = () => sleeper.abort()
    this.sleepers.add(sleeper)
    signal?.addEventListener('abort', wake)
    try {
      await (ms === Number.POSITIVE_INFINITY ? aborted(sleeper.signal) : this.clock.sleep(ms, sleeper.signal))
    } catch (error) {
      if (!sleeper.signal.aborted) throw error
    } finally {
      this.sleepers.delete(sleeper)
      signal?.removeEventListener('abort', wake)
    }
    throwIfAborted(signal)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
