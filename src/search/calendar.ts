import type { Unit } from './date-words.js'
import { type TimeRange, utc } from './parse-date.js'

/** Days, weeks (from Monday), months, quarters and years of UTC, and steps between them. */

export function yearRange(year: number): TimeRange {
  return { since: utc(year, 1, 1), before: utc(year + 1, 1, 1) }
}

/** Months from 1; those outside of 1 to 12 are in other years. */
export function monthRange(year: number, month: number, months = 1): TimeRange {
  return { since: utc(year, month, 1), before: utc(year, month + months, 1) }
}

export function dayRange(year: number, month: number, day: number): TimeRange {
  return { since: utc(year, month, day), before: utc(year, month, day + 1) }
}

/** The unit that is now, or so many before or after it. */
export function unitRange(unit: Unit, now: Date, by: number): TimeRange {
  const [year, month, day] = partsOf(now)
  switch (unit) {
    case 'year':
      return yearRange(year + by)
    case 'quarter':
      return monthRange(year, 1 + 3 * (Math.floor((month - 1) / 3) + by), 3)
    case 'month':
      return monthRange(year, month + by)
    case 'week': {
      const monday = day - ((now.getUTCDay() + 6) % 7) + 7 * by
      return { since: utc(year, month, monday), before: utc(year, month, monday + 7) }
    }
    default:
      return dayRange(year, month, day + by)
  }
}

/** The last so many units up to the end of today. */
export function untilToday(unit: Unit, now: Date, count: number): TimeRange {
  const [year, month, day] = partsOf(now)
  const { before } = dayRange(year, month, day)
  if (unit === 'day') return { since: utc(year, month, day - count), before }
  if (unit === 'week') return { since: utc(year, month, day - 7 * count), before }
  const months = { month: 1, quarter: 3, year: 12 }[unit] * count
  return { since: dayOfMonth(year, month - months, day), before }
}

/** The 31st of a month of 30 days is its last. */
function dayOfMonth(year: number, month: number, day: number): number {
  const last = new Date(utc(year, month + 1, 0)).getUTCDate()
  return utc(year, month, Math.min(day, last))
}

/** The latest such month that has begun. */
export function latestMonth(month: number, now: Date): TimeRange {
  const [year, current] = partsOf(now)
  return monthRange(month <= current ? year : year - 1, month)
}

/** The latest such day of the week before today. */
export function latestWeekday(weekday: number, now: Date): TimeRange {
  const [year, month, day] = partsOf(now)
  return dayRange(year, month, day - (((now.getUTCDay() - weekday + 6) % 7) + 1))
}

function partsOf(now: Date): [year: number, month: number, day: number] {
  return [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()]
}
