import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCircuitBreaker } from '../../src/embed/circuit-breaker.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { withRetry } from '../../src/embed/retry.js'
import { GemdexError } from '../../src/errors.js'
import { CLOCK_JUMPS } from '../helpers/clock-jumps.js'
import { type VirtualClock, virtualClock } from './virtual-clock.js'

const MINUTE_MS = 60_000
const HOLD_UP_MS = 10_000
const ONE = { requests: 1, tokens: 0 }
const unavailable = (facts = {}) => new GemdexError('UNAVAILABLE', '503', { retryable: true, ...facts })
const rateLimited = (facts = {}) => new GemdexError('RATE_LIMITED', '429', { retryable: true, ...facts })

/** Milliseconds that an operation takes, when the clock on the wall is set after ten seconds of them. */
async function timeOf(
  clock: VirtualClock,
  jumpMs: number,
  operation: () => Promise<unknown>,
): Promise<number> {
  const startedMs = clock.now()
  const done = operation()
  await clock.pass(HOLD_UP_MS)
  clock.jump(jumpMs)
  vi.setSystemTime(clock.wallTime())
  await clock.run(done)
  return clock.now() - startedMs
}

describe.each(CLOCK_JUMPS)('a clock that jumps by %i ms during a wait', (jumpMs) => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  test('leaves the pace as it is', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: { ...UNLIMITED_PACE, perMinute: 60 }, clock })
    await clock.run(pacer.acquire({ requests: 60, tokens: 0 }))
    expect(await timeOf(clock, jumpMs, () => pacer.acquire({ requests: 30, tokens: 0 }))).toBeCloseTo(
      30_000,
      3,
    )
  })

  test('makes a refused call wait as long as it was told to', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock })
    const permit = await pacer.acquire(ONE)
    permit.fail(rateLimited({ retryAfterMs: 40_000 }))
    expect(await timeOf(clock, jumpMs, () => pacer.acquire(ONE))).toBe(40_000)
  })

  test('neither shortens nor lengthens tries that are repeated, and their end', async () => {
    const clock = virtualClock({ random: 0.999 })
    const failing = () => Promise.reject(unavailable({ retryAfterMs: 20_000 }))
    const attempt = () => withRetry(failing, { ...clock, maxTotalMs: MINUTE_MS }).catch(() => undefined)
    // Two waits of 25 s fit a minute, a third does not.
    expect(await timeOf(clock, jumpMs, attempt)).toBeCloseTo(2 * 20_000 * (1 + 0.25 * 0.999), 3)
  })

  test('opens a circuit after its time, and lets one probe pass', async () => {
    const clock = virtualClock()
    const breaker = createCircuitBreaker({ name: 'm', failures: 1, openMs: 30_000, clock })
    breaker.tryPass()?.fail(unavailable())
    expect(await timeOf(clock, jumpMs, () => breaker.whenPassable())).toBe(30_000)
    expect(breaker.state).toBe('half-open')
    expect([breaker.tryPass(), breaker.tryPass()]).toEqual([expect.anything(), undefined])
  })

  test('makes the quota that of the day which it says it is', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: { ...UNLIMITED_PACE, perDay: 5 }, clock })
    ;(await pacer.acquire({ requests: 5, tokens: 0 })).succeed()
    const { day } = pacer.usage()
    clock.jump(jumpMs)
    const isSameDay = pacer.usage().day === day
    expect(isSameDay).toBe(Math.abs(jumpMs) < 4 * MINUTE_MS * 60)
    expect([pacer.remainingToday(), pacer.usage().requests]).toEqual(isSameDay ? [0, 5] : [5, 0])
    const refused = await pacer.acquire({ requests: 6, tokens: 0 }).catch((error: unknown) => error)
    const untilMs = (refused as GemdexError).resumeAtMs ?? 0
    expect(untilMs - clock.wallTime()).toBeGreaterThan(0)
    expect(untilMs - clock.wallTime()).toBeLessThanOrEqual(25 * 60 * MINUTE_MS)
  })
})
