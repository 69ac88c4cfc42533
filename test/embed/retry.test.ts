import { afterEach, describe, expect, it, vi } from 'vitest'
import { sleepUnlessAborted } from '../../src/embed/clock.js'
import { type RetryOptions, withRetry } from '../../src/embed/retry.js'
import { type ErrorCode, type ErrorFacts, GemdexError } from '../../src/errors.js'

/** A clock that moves only when somebody waits, and notes how long. */
function fakeClock(random = 0.5) {
  const waits: number[] = []
  let nowMs = 5_000
  const options: RetryOptions = {
    random: () => random,
    now: () => nowMs,
    sleep: async (ms) => {
      waits.push(ms)
      nowMs += ms
    },
  }
  return { waits, options }
}

/** Fails with these errors, one per try, then gives 'done'. */
function failing(...errors: unknown[]) {
  let calls = 0
  const operation = async (attempt: number) => {
    calls++
    expect(attempt).toBe(calls)
    if (calls <= errors.length) throw errors[calls - 1]
    return 'done'
  }
  return { operation, calls: () => calls }
}

function error(code: ErrorCode, facts: ErrorFacts = { retryable: true }) {
  return new GemdexError(code, code, facts)
}

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

describe('withRetry', () => {
  it('gives the result of the first try that succeeds', async () => {
    const { waits, options } = fakeClock()
    const { operation, calls } = failing(error('UNAVAILABLE'), error('OFFLINE'), error('TIMEOUT'))
    expect(await withRetry(operation, options)).toBe('done')
    expect(calls()).toBe(4)
    expect(waits).toEqual([500, 1000, 2000])
  })

  it('draws the wait from zero up to 1 s, 2 s, 4 s ... 30 s', async () => {
    const { waits, options } = fakeClock(1)
    await withRetry(failing(...times(7, error('UNAVAILABLE'))).operation, { ...options, attempts: 8 })
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    const soon = fakeClock(0)
    await withRetry(failing(error('UNAVAILABLE')).operation, soon.options)
    expect(soon.waits).toEqual([0])
  })

  it('waits as long as it was asked to, and up to a quarter longer', async () => {
    for (const [random, waitMs] of [
      [0, 7000],
      [0.5, 7875],
      [1, 8750],
    ]) {
      const { waits, options } = fakeClock(random)
      await withRetry(
        failing(error('RATE_LIMITED', { retryable: true, retryAfterMs: 7000 })).operation,
        options,
      )
      expect(waits).toEqual([waitMs])
    }
  })

  it('gives up after five tries, with the last error as it was', async () => {
    const { options } = fakeClock()
    const last = error('UNAVAILABLE')
    const { operation, calls } = failing(...times(4, error('OFFLINE')), last)
    await expect(withRetry(operation, options)).rejects.toBe(last)
    expect(calls()).toBe(5)
  })

  it.each<[string, unknown]>([
    ['QUOTA_EXHAUSTED', error('QUOTA_EXHAUSTED', {})],
    ['KEY_REFUSED', error('KEY_REFUSED', {})],
    ['anything foreign', new TypeError('no')],
  ])('does not try %s again', async (_, thrown) => {
    const { waits, options } = fakeClock()
    const { operation, calls } = failing(thrown)
    await expect(withRetry(operation, options)).rejects.toBe(thrown)
    expect([calls(), waits]).toEqual([1, []])
  })

  it('tries BAD_RESPONSE once more, also between other errors', async () => {
    const { options } = fakeClock()
    expect(await withRetry(failing(error('BAD_RESPONSE')).operation, options)).toBe('done')
    const twice = failing(error('BAD_RESPONSE'), error('UNAVAILABLE'), error('BAD_RESPONSE'))
    await expect(withRetry(twice.operation, options)).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
    expect(twice.calls()).toBe(3)
  })

  it('begins no wait that would end after its time', async () => {
    const { waits, options } = fakeClock(0)
    const slow = error('RATE_LIMITED', { retryable: true, retryAfterMs: 40_000 })
    const { operation, calls } = failing(...times(4, slow))
    await expect(withRetry(operation, { ...options, maxTotalMs: 100_000 })).rejects.toBe(slow)
    expect([calls(), waits]).toEqual([3, [40_000, 40_000]])
  })

  it('is cancelled before a try', async () => {
    const { operation, calls } = failing()
    const signal = AbortSignal.abort()
    await expect(withRetry(operation, { signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(calls()).toBe(0)
  })

  it('is cancelled during a wait', async () => {
    const abort = new AbortController()
    const { operation, calls } = failing(error('RATE_LIMITED', { retryable: true, retryAfterMs: 60_000 }))
    const run = withRetry(operation, { signal: abort.signal })
    setTimeout(() => abort.abort(), 5)
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(calls()).toBe(1)
  })
})

describe('sleepUnlessAborted', () => {
  afterEach(() => void vi.useRealTimers())

  it('leaves neither timer nor listener behind', async () => {
    vi.useFakeTimers()
    const abort = new AbortController()
    const add = vi.spyOn(abort.signal, 'addEventListener')
    const remove = vi.spyOn(abort.signal, 'removeEventListener')
    const slept = sleepUnlessAborted(1000, abort.signal)
    vi.advanceTimersByTime(1000)
    await slept
    const cancelled = sleepUnlessAborted(1000, abort.signal)
    abort.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(sleepUnlessAborted(1000, abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(vi.getTimerCount()).toBe(0)
    expect(remove.mock.calls.length).toBeGreaterThanOrEqual(add.mock.calls.length)
  })
})
