import { GemdexError, throwIfAborted } from '../errors.js'
import { Alarm, type Clock } from './clock.js'
import type { Cost, RateLimits } from './rate-limits.js'

export type AcquireOptions = {
  readonly signal?: AbortSignal
  /** `interactive` goes before all `bulk`; within each, first come, first served. Default `bulk`. */
  readonly priority?: 'interactive' | 'bulk'
  /** Throws RATE_LIMITED, with the time, rather than wait longer than that. Default Infinity. */
  readonly maxWaitMs?: number
  /** Told once, when the wait is a second or longer at its beginning. */
  readonly onWait?: (waitMs: number) => void
}

type Waiter = {
  readonly cost: Cost
  readonly interactive: boolean
  readonly deadlineMs: number
  readonly proceed: () => void
  readonly refuse: (error: unknown) => void
}

/** How long a wait is told of. */
const TELL_FROM_MS = 1000

/**
 * The calls that wait for the limits to let them through. The first in line waits for the whole of its cost, so that a
 * large one is not overtaken for ever by small ones.
 */
export class WaitingLine {
  private readonly name: string
  private readonly limits: RateLimits
  private readonly clock: Clock
  private readonly alarm: Alarm
  private readonly waiters: Waiter[] = []
  private moving = false

  constructor(name: string, limits: RateLimits, clock: Clock) {
    this.name = name
    this.limits = limits
    this.clock = clock
    this.alarm = new Alarm(clock)
  }

  /** Resolves when the call may be made; its cost is then taken. Throws CANCELLED or RATE_LIMITED. */
  async join(cost: Cost, options: AcquireOptions): Promise<void> {
    const { signal, priority = 'bulk', maxWaitMs = Number.POSITIVE_INFINITY, onWait } = options
    throwIfAborted(signal)
    const interactive = priority === 'interactive'
    const firstBulk = this.waiters.findIndex((waiter) => !waiter.interactive)
    const place = interactive && firstBulk >= 0 ? firstBulk : this.waiters.length
    const waitMs = this.waitAt(place, cost)
    if (waitMs > maxWaitMs) throw this.tooLong(waitMs)
    if (waitMs >= TELL_FROM_MS) onWait?.(waitMs)

    let onAbort = () => {}
    const turn = new Promise<void>((proceed, refuse) => {
      const deadlineMs = this.clock.now() + maxWaitMs
      const waiter = { cost, interactive, deadlineMs, proceed, refuse }
      onAbort = () => this.remove(waiter, new GemdexError('CANCELLED', 'The operation was cancelled'))
      signal?.addEventListener('abort', onAbort, { once: true })
      this.waiters.splice(place, 0, waiter)
    })
    if (place === 0) this.alarm.ring()
    void this.move()
    try {
      await turn
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Looks again, since the limits have changed. */
  wake(): void {
    this.alarm.ring()
  }

  refuseAll(error: GemdexError): void {
    for (const waiter of [...this.waiters]) this.remove(waiter, error)
  }

  private async move(): Promise<void> {
    if (this.moving) return
    this.moving = true
    for (let first = this.waiters[0]; first !== undefined; first = this.waiters[0]) {
      const waitMs = this.limits.waitFor(first.cost)
      if (waitMs === 0) {
        this.waiters.shift()
        this.limits.take(first.cost)
        first.proceed()
      } else {
        await this.alarm.wait(waitMs)
        this.refuseImpatient()
      }
    }
    this.moving = false
  }

  /** The wait may have become longer than somebody would wait. */
  private refuseImpatient(): void {
    for (const waiter of [...this.waiters]) {
      if (waiter.deadlineMs === Number.POSITIVE_INFINITY) continue
      const waitMs = this.waitAt(this.waiters.indexOf(waiter), waiter.cost)
      if (this.clock.now() + waitMs > waiter.deadlineMs) this.remove(waiter, this.tooLong(waitMs))
    }
  }

  private remove(waiter: Waiter, error: GemdexError): void {
    const place = this.waiters.indexOf(waiter)
    if (place < 0) return
    this.waiters.splice(place, 1)
    waiter.refuse(error)
    this.alarm.ring()
  }

  private waitAt(place: number, { requests, tokens }: Cost): number {
    const before = this.waiters.slice(0, place)
    return this.limits.waitFor({
      requests: before.reduce((sum, { cost }) => sum + cost.requests, requests),
      tokens: before.reduce((sum, { cost }) => sum + cost.tokens, tokens),
    })
  }

  private tooLong(waitMs: number): GemdexError {
    const seconds = Math.ceil(waitMs / 1000)
    const message = `The rate limit of ${this.name} lets the next call through in ${seconds} s only`
    return new GemdexError('RATE_LIMITED', message, {
      hint: `Try again in ${seconds} s`,
      retryable: true,
      retryAfterMs: waitMs,
    })
  }
}
