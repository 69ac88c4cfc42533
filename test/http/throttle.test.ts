import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createThrottle } from '../../src/http/throttle.js'
import { CLOCK_JUMPS } from '../helpers/clock-jumps.js'

const MINUTE_MS = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each(CLOCK_JUMPS)(
  'when the clock jumps by %i ms, whoever was refused is told a wait of a minute at most, and let in after a minute',
  async (jumpMs) => {
    const throttle = createThrottle(2)
    for (let i = 0; i < 10; i++) await throttle.countWrongKey('192.0.2.1')
    for (let i = 0; i < 2; i++) await throttle.countRequest('key')
    vi.setSystemTime(Date.now() + jumpMs)
    const refusals = await Promise.allSettled([
      throttle.checkAddress('192.0.2.1'),
      throttle.countRequest('key'),
    ])
    for (const refusal of refusals) {
      // A clock that was set forward may end the minute early.
      if (refusal.status === 'fulfilled') continue
      expect(refusal.reason).toMatchObject({ code: 'RATE_LIMITED' })
      expect(refusal.reason.retryAfterMs).toBeGreaterThanOrEqual(0)
      expect(refusal.reason.retryAfterMs).toBeLessThanOrEqual(MINUTE_MS)
    }
    if (jumpMs < 0) expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    vi.advanceTimersByTime(MINUTE_MS)
    await throttle.checkAddress('192.0.2.1')
    await throttle.countRequest('key')
  },
)
