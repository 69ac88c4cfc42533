import { describe, expect, it } from 'vitest'
import { callGuarded } from '../../src/embed/call-guarded.js'
import { type CircuitBreaker, createCircuitBreaker } from '../../src/embed/circuit-breaker.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { withRetry } from '../../src/embed/retry.js'
import { type ErrorCode, GemdexError } from '../../src/errors.js'
import { virtualClock } from './virtual-clock.js'

const fault = (code: ErrorCode) => new GemdexError(code, code, { retryable: true })

function fail(breaker: CircuitBreaker, ...codes: ErrorCode[]) {
  for (const code of codes) breaker.tryPass()?.fail(fault(code))
}

const five: ErrorCode[] = ['UNAVAILABLE', 'OFFLINE', 'TIMEOUT', 'UNAVAILABLE', 'UNAVAILABLE']

function setUp() {
  const clock = virtualClock()
  return { clock, breaker: createCircuitBreaker({ name: 'The service', clock }) }
}

describe('a circuit breaker', () => {
  it('opens after five failures in a row, and lets one probe pass after 30 s', async () => {
    const { clock, breaker } = setUp()
    fail(breaker, ...five.slice(1))
    expect(breaker.state).toBe('closed')
    fail(breaker, 'OFFLINE')
    expect(breaker.state).toBe('open')
    expect(breaker.tryPass()).toBeUndefined()
    await clock.pass(29_999)
    expect(breaker.tryPass()).toBeUndefined()
    await clock.pass(1)
    expect(breaker.state).toBe('half-open')
    const probe = breaker.tryPass()
    expect(breaker.tryPass()).toBeUndefined()
    probe?.fail(fault('UNAVAILABLE'))
    expect(breaker.state).toBe('open')
    await clock.pass(30_000)
    breaker.tryPass()?.succeed()
    expect(breaker.state).toBe('closed')
    fail(breaker, ...five.slice(1))
    expect(breaker.state).toBe('closed')
  })

  it.each<[ErrorCode, boolean]>([
    ['RATE_LIMITED', true],
    ['KEY_REFUSED', true],
    ['REQUEST_REFUSED', true],
    ['BAD_RESPONSE', false],
    ['CANCELLED', false],
  ])('takes %s for a sign of life: %s', (code, alive) => {
    const { breaker } = setUp()
    fail(breaker, ...five.slice(1), code, 'TIMEOUT')
    expect(breaker.state).toBe(alive ? 'closed' : 'open')
  })

  it('gives the probe to another when it was not made or says nothing', async () => {
    const { clock, breaker } = setUp()
    fail(breaker, ...five)
    await clock.pass(30_000)
    breaker.tryPass()?.cancel()
    breaker.tryPass()?.fail(fault('BAD_RESPONSE'))
    expect(breaker.tryPass()).toBeDefined()
  })

  it('does not stay open longer for calls that had begun before', async () => {
    const { clock, breaker } = setUp()
    const late = breaker.tryPass()
    fail(breaker, ...five)
    await clock.pass(20_000)
    late?.fail(fault('TIMEOUT'))
    await clock.pass(10_000)
    expect(breaker.state).toBe('half-open')
  })

  it('lets those who wait go on one after the other as long as it fails, and all when it works', async () => {
    const { clock, breaker } = setUp()
    fail(breaker, ...five)
    const guard = { pacer: createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock }), breaker, clock }
    const startMs = clock.now()
    const callsMs: number[] = []
    const waits: string[] = []
    const call = async () => {
      callsMs.push(clock.now() - startMs)
      await clock.sleep(100, undefined)
      if (callsMs.length < 3) throw fault('UNAVAILABLE')
      return 'done'
    }
    const options = {
      cost: { requests: 1, tokens: 0 },
      patience: 'wait',
      onWait: ({ untilMs, reason }: { untilMs: number; reason: string }) =>
        void waits.push(`${reason} ${untilMs - clock.wallTime()}`),
    } as const
    const all = [1, 2, 3, 4].map(() => callGuarded(call, guard, options).catch((error) => error.code))
    expect(await clock.run(Promise.all(all))).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'done', 'done'])
    expect(callsMs).toEqual([30_000, 60_100, 90_200, 90_300])
    expect(new Set(waits)).toEqual(new Set(['unavailable 30000']))
    // What was let through by the limits and stopped by the breaker has used nothing up.
    expect(guard.pacer.usage().requests).toBe(2)
  })

  it('gives back what the limits let through when it opens meanwhile', async () => {
    const { clock, breaker } = setUp()
    const pacer = createPacer({ name: 'm', assumed: { ...UNLIMITED_PACE, perMinute: 1 }, clock })
    const cost = { requests: 1, tokens: 0 }
    const startMs = clock.now()
    await pacer.acquire(cost)
    const call = async () => clock.now() - startMs
    const calledMs = callGuarded(call, { pacer, breaker, clock }, { cost, patience: 'wait' })
    await clock.pass(45_000)
    fail(breaker, ...five)
    expect(await clock.run(calledMs)).toBeCloseTo(75_000, 3)
  })

  it('ends the wait when its caller cancels', async () => {
    const { breaker } = setUp()
    fail(breaker, ...five)
    const abort = new AbortController()
    const wait = breaker.whenPassable({ signal: abort.signal })
    abort.abort()
    await expect(wait).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('fails fast for somebody who waits: no call, no wait, no second try', async () => {
    const { clock, breaker } = setUp()
    fail(breaker, ...five)
    await clock.pass(25_000)
    const guard = { pacer: createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock }), breaker, clock }
    const call = async () => {
      throw new Error('not to be called')
    }
    const query = () => callGuarded(call, guard, { cost: { requests: 1, tokens: 1 }, patience: 'fail-fast' })
    const error = await withRetry(query, { ...clock, attempts: 2, maxTotalMs: 10_000 }).catch(
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true, retryAfterMs: 5000 })
    expect(error.message).toContain('the last 5 calls failed')
    expect(error.hint).toBe('It is tried again in 5 s')
    expect(clock.waits).toEqual([])
  })
})
