import type { Bound } from './read-bounds.js'

/**
 * A number, a time of day or a date as a text says it. UTF-16 offsets.
 *
 * `values` are all readings of an ambiguous notation (`1.250` is 1250 or 1.25), in the base unit of `dimension` where a
 * unit is named. A date has day and month, and the year when it is named; its `values` are empty.
 */
export type Quantity = {
  readonly start: number
  readonly end: number
  readonly values: readonly number[]
  readonly dimension?: string
  readonly date?: { readonly day: number; readonly month: number; readonly year?: number }
  /** Whether it is a least, a greatest, or an end of a range. */
  readonly bound?: Bound
  /** Written as a word: `one` and its like may be no number at all. */
  readonly spelled?: true
}

/**
 * Whether two quantities are the same: a common reading in the same dimension, where both have one; dates agree in day
 * and month, and in the year where both have one.
 */
export function isSameQuantity(a: Quantity, b: Quantity): boolean {
  if (a.date !== undefined && b.date !== undefined) {
    const { day, month, year } = a.date
    const sameYear = year === undefined || b.date.year === undefined || year === b.date.year
    return day === b.date.day && month === b.date.month && sameYear
  }
  if (a.dimension !== undefined && b.dimension !== undefined && a.dimension !== b.dimension) return false
  return a.values.some((value) => b.values.some((other) => isClose(value, other)))
}

/** Whether two quantities measure the same: both are dates, or have the same unit's dimension, or none. */
export function isSameKind(a: Quantity, b: Quantity): boolean {
  return a.dimension === b.dimension && (a.date === undefined) === (b.date === undefined)
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

/** What stands between the ends of a range, as alternatives of a pattern. */
export const TO_WORDS = 'to|–|-|—|bis|a|à'
const TO = new RegExp(`^\\s*(?:${TO_WORDS})\\s*[-−+€$]?$`, 'u')

/** Whether an amount lies within a range that a text gives, ends included: 20 m in `18 to 22 m`. `quantities` are the text's, in order. */
export function isWithinRange(asked: Quantity, text: string, quantities: readonly Quantity[]): boolean {
  if (asked.date !== undefined) return false
  return quantities.some((from, i) => {
    const to = quantities[i + 1]
    return (
      to !== undefined &&
      from.dimension === asked.dimension &&
      to.dimension === asked.dimension &&
      TO.test(text.slice(from.end, to.start)) &&
      asked.values.some(
        (value) => from.values.some((low) => low <= value) && to.values.some((high) => value <= high),
      )
    )
  })
}
