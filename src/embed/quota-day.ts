import { lazy } from '../lazy.js'

/** Google renews daily quotas at midnight there (rate limits page). Made once, when needed: that takes up to 30 ms. */
const pacificTimeFormat = lazy(
  () =>
    new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/Los_Angeles',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    }),
)

const HOUR_MS = 3_600_000

/** Hours that Pacific time lags behind UTC, in summer and in winter. */
const OFFSETS = [7, 8]

/** The day of quota that a time (milliseconds since 1970) falls into, such as `2026-11-22`. */
export function quotaDay(timeMs: number): string {
  const { year, month, day } = pacificTime(timeMs)
  return `${year}-${month}-${day}`
}

/**
 * When the quota day of a time ends: the next midnight in Pacific time, in milliseconds since 1970. Follows daylight
 * saving (by Intl): such a day has 23, 24 or 25 hours. The clocks change at two, so midnight is there once a day.
 */
export function endOfQuotaDay(timeMs: number): number {
  const { year, month, day } = pacificTime(timeMs)
  const midnights = OFFSETS.map(
    (hours) => Date.UTC(Number(year), Number(month) - 1, Number(day) + 1, 0, 0, 0) + hours * HOUR_MS,
  )
  return midnights.find((midnight) => pacificTime(midnight).hour === '00') ?? Math.max(...midnights)
}

function pacificTime(timeMs: number): { year: string; month: string; day: string; hour: string } {
  const parts = new Map(
    pacificTimeFormat()
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour') }
}
