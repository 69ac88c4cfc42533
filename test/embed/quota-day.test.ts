import { describe, expect, it } from 'vitest'
import { endOfQuotaDay, quotaDay } from '../../src/embed/quota-day.js'

const HOUR = 3_600_000

describe('the day of quota', () => {
  it.each([
    ['2026-11-22T12:00:00Z', '2026-11-22', '2026-11-23T08:00:00Z'],
    ['2026-07-01T06:59:59Z', '2026-06-30', '2026-07-01T07:00:00Z'],
    ['2026-07-01T07:00:00Z', '2026-07-01', '2026-07-02T07:00:00Z'],
    ['2026-12-31T23:00:00Z', '2026-12-31', '2027-01-01T08:00:00Z'],
  ])('of %s is %s and ends at %s', (time, day, end) => {
    expect(quotaDay(Date.parse(time))).toBe(day)
    expect(endOfQuotaDay(Date.parse(time))).toBe(Date.parse(end))
  })

  it.each([
    ['in March, when the clocks go forward', '2026-03-08T08:00:00Z', 23],
    ['in November, when they go back', '2026-11-01T07:00:00Z', 25],
  ])('%s is not 24 hours long', (_, midnight, hours) => {
    const start = Date.parse(midnight)
    for (let hour = 0; hour < hours; hour++) {
      expect(endOfQuotaDay(start + hour * HOUR)).toBe(start + hours * HOUR)
      expect(quotaDay(start + hour * HOUR)).toBe(quotaDay(start))
    }
    expect(quotaDay(start - 1)).not.toBe(quotaDay(start))
    expect(quotaDay(start + hours * HOUR)).not.toBe(quotaDay(start))
  })
})
