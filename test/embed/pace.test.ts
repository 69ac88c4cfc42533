import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacer, EMBEDDING_PACE, type PaceLimits, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { type ErrorFacts, GemdexError } from '../../src/errors.js'
import { virtualClock } from './virtual-clock.js'

const MINUTE = 60_000
const limits = (facts: Partial<PaceLimits>): PaceLimits => ({ ...UNLIMITED_PACE, ...facts })
const texts = (requests: number, tokens = 0) => ({ requests, tokens })
const rateLimited = (facts: ErrorFacts = {}) =>
  new GemdexError('RATE_LIMITED', '429', { retryable: true, ...facts })
const perMinute = (limit: number, of: 'requests' | 'tokens' = 'requests') => ({
  quotaLimits: [{ of, per: 'minute', limit } as const],
})

describe('the pace of calls', () => {
  it('never waits without limits', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock })
    for (let call = 0; call < 1000; call++) (await pacer.acquire(texts(1e6, 1e9))).succeed()
    expect(clock.waits).toEqual([])
  })

  it.each([
    [250, 100, 1, 1.5 * MINUTE],
    [100, 100, 100, 0],
    [400, 100, 100, 3 * MINUTE],
    [37, 6, 1, (31 / 6) * MINUTE],
  ])(
    'lets %d texts through at %d per minute, %d at a time, in (n - bucket) / rate',
    async (n, rate, size, ms) => {
      const clock = virtualClock()
      const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: rate }), clock })
      const startMs = clock.now()
      for (let sent = 0; sent < n; sent += size) await clock.run(pacer.acquire(texts(size)))
      expect(clock.now() - startMs).toBeCloseTo(ms, 3)
    },
  )

  it('keeps within both limits in every minute, whoever asks, first come first served', async () => {
    const call = fc.record({
      requests: fc.integer({ min: 1, max: 30 }),
      tokens: fc.integer({ min: 0, max: 500 }),
      pauseMs: fc.integer({ min: 0, max: 20_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
        const clock = virtualClock()
        const pacer = createPacer({
          name: 'm',
          assumed: limits({ perMinute: 30, tokensPerMinute: 500 }),
          clock,
        })
        const sent: { atMs: number; requests: number; tokens: number; order: number }[] = []
        const all = calls.map(async (cost, order) => {
          await clock.sleep(
            calls.slice(0, order).reduce((sum, { pauseMs }) => sum + pauseMs, 0),
            undefined,
          )
          await pacer.acquire(cost)
          sent.push({ ...cost, atMs: clock.now(), order })
        })
        await clock.run(Promise.all(all))
        expect(sent.map(({ order }) => order)).toEqual(sent.map((_, order) => order))
        for (const { atMs } of sent) {
          const minute = sent.filter((each) => each.atMs >= atMs && each.atMs < atMs + MINUTE - 1)
          expect(minute.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(2 * 30)
          expect(minute.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(2 * 500)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('lets what is larger than a minute through when the bucket is full, and keeps the rate', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: limits({ tokensPerMinute: 100 }), clock })
    const startMs = clock.now()
    await clock.run(pacer.acquire(texts(1, 300)))
    expect(clock.now()).toBe(startMs)
    await clock.run(pacer.acquire(texts(1, 100)))
    expect(clock.now() - startMs).toBeCloseTo(3 * MINUTE, 3)
  })

  it('lets somebody who waits go first, and says at once when it would take too long', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: 60 }), clock })
    await pacer.acquire(texts(60))
    const order: string[] = []
    const told: number[] = []
    const bulk = pacer
      .acquire(texts(60), { onWait: (ms) => void told.push(ms) })
      .then(() => order.push('bulk'))
    const query = pacer
      .acquire(texts(1), { priority: 'interactive', maxWaitMs: 5000 })
      .then(() => order.push('query'))
    const impatient = pacer.acquire(texts(1), { priority: 'interactive', maxWaitMs: 1500 })
    await expect(impatient).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 2000,
      retryable: true,
    })
    await clock.run(Promise.all([bulk, query]))
    expect(order).toEqual(['query', 'bulk'])
    expect(told).toEqual([60_000])
  })

  it('is cancelled in line, and lets the next one go on', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: 60 }), clock })
    await pacer.acquire(texts(60))
    const abort = new AbortController()
    const first = pacer.acquire(texts(60), { signal: abort.signal })
    const second = pacer.acquire(texts(1))
    abort.abort()
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' })
    const startMs = clock.now()
    await clock.run(second)
    expect(clock.now() - startMs).toBeCloseTo(1000, 3)
    await expect(pacer.acquire(texts(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})

describe('what refusals teach', () => {
  it.each([
    [0, 7000],
    [0.99, 7000 * (1 + 0.25 * 0.99)],
  ])(
    'holds up every call of the model for the time that is asked for, and up to a quarter more (%d)',
    async (random, ms) => {
      const clock = virtualClock({ random })
      const pacer = createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock })
      const refused = await pacer.acquire(texts(1))
      refused.fail(rateLimited({ retryAfterMs: 7000 }))
      const startMs = clock.now()
      expect(pacer.waitMs()).toBeCloseTo(ms, 3)
      await clock.run(Promise.all([pacer.acquire(texts(1)), pacer.acquire(texts(5))]))
      expect(clock.now() - startMs).toBeCloseTo(ms, 3)
    },
  )

  it('adopts a limit that is named, above what was assumed but not above what was told', async () => {
    const clock = virtualClock()
    const assumed = createPacer({ name: 'm', assumed: EMBEDDING_PACE, clock })
    ;(await assumed.acquire(texts(1))).fail(rateLimited(perMinute(3000)))
    ;(await clock.run(assumed.acquire(texts(1)))).fail(rateLimited(perMinute(9000, 'tokens')))
    expect(assumed.limits()).toEqual({ perMinute: 3000, tokensPerMinute: 9000, perDay: 1000 })

    const told = createPacer({ name: 'm', told: { perMinute: 50 }, assumed: EMBEDDING_PACE, clock })
    ;(await told.acquire(texts(1))).fail(rateLimited(perMinute(3000)))
    expect(told.limits().perMinute).toBe(50)
    ;(await clock.run(told.acquire(texts(1)))).fail(rateLimited(perMinute(5)))
    expect(told.limits().perMinute).toBe(5)
  })

  it('halves the rate after a refusal that names nothing, once for all that were under way, and lets it grow again', async () => {
    const clock = virtualClock({ random: 0.5 })
    const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: 100 }), clock })
    const together = await Promise.all([1, 2, 3, 4].map(() => pacer.acquire(texts(1))))
    for (const permit of together) permit.fail(rateLimited())
    expect(pacer.limits().perMinute).toBe(50)
    expect(pacer.waitMs()).toBeCloseTo(500, 3)
    const again = await clock.run(pacer.acquire(texts(1)))
    again.fail(rateLimited())
    expect(pacer.waitMs()).toBeCloseTo(1000, 3)
    expect(pacer.limits().perMinute).toBeCloseTo(25, 0)
    await clock.pass(2 * MINUTE)
    expect(pacer.limits().perMinute).toBeCloseTo(45, 0)
    await clock.pass(20 * MINUTE)
    expect(pacer.limits().perMinute).toBe(100)
  })

  it('has room for the refused call when its wait is over, and for no more', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: 100 }), clock })
    ;(await pacer.acquire(texts(40))).fail(rateLimited({ retryAfterMs: 2000, ...perMinute(100) }))
    const startMs = clock.now()
    await clock.run(pacer.acquire(texts(40)))
    expect(clock.now() - startMs).toBeCloseTo(2000, 3)
    await clock.run(pacer.acquire(texts(10)))
    expect(clock.now() - startMs).toBeCloseTo(8000, 3)
  })
})

describe('the quota of the day', () => {
  const midnight = Date.UTC(2026, 10, 23, 8)

  it('is refused at once when it is used up here, and renewed at midnight Pacific time', async () => {
    const clock = virtualClock()
    const usedToday = { day: '2026-11-22', requests: 990 }
    const pacer = createPacer({ name: 'm', assumed: EMBEDDING_PACE, usedToday, clock })
    expect(pacer.remainingToday()).toBe(10)
    await expect(pacer.acquire(texts(11))).rejects.toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      resumeAtMs: midnight,
    })
    await pacer.acquire(texts(10))
    const error = await pacer.acquire(texts(1)).catch((thrown) => thrown)
    expect(error.message).toContain('quota of 1000 requests of m (assumed')
    expect(error.hint).toContain('2026-11-23 08:00 UTC')
    expect(pacer.usage()).toEqual({ day: '2026-11-22', requests: 1000 })
    expect(clock.waits).toEqual([])
    await clock.pass(midnight - clock.wallTime() - 1)
    await expect(pacer.acquire(texts(1))).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    await clock.pass(1)
    await pacer.acquire(texts(100))
    expect(pacer.usage()).toEqual({ day: '2026-11-23', requests: 100 })
  })

  it('of another day does not count, nor do calls that failed or were not made', async () => {
    const usedToday = { day: '2026-11-21', requests: 990 }
    const pacer = createPacer({ name: 'm', assumed: EMBEDDING_PACE, usedToday, clock: virtualClock() })
    ;(await pacer.acquire(texts(5))).cancel()
    ;(await pacer.acquire(texts(7))).fail(new GemdexError('UNAVAILABLE', '503', { retryable: true }))
    ;(await pacer.acquire(texts(3))).succeed()
    expect(pacer.usage().requests).toBe(3)
  })

  it('is refused to all, also those in line, after one refusal for the day, with the time', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: limits({ perMinute: 10 }), clock })
    const permit = await pacer.acquire(texts(10))
    const inLine = pacer.acquire(texts(1))
    const quotaLimits = [{ of: 'requests', per: 'day', limit: 20 } as const]
    const error = permit.fail(new GemdexError('QUOTA_EXHAUSTED', 'no more', { quotaLimits }))
    expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', message: 'no more', resumeAtMs: midnight })
    await expect(inLine).rejects.toBe(error)
    await expect(pacer.acquire(texts(1))).rejects.toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      resumeAtMs: midnight,
    })
    expect([pacer.remainingToday(), pacer.limits().perDay]).toEqual([0, 20])
    await clock.pass(midnight - clock.wallTime())
    expect(pacer.remainingToday()).toBe(20)
  })
})
