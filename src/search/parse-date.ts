import { GemdexError } from '../errors.js'

/** A stretch of time, from `since` up to but without `before`; milliseconds since 1970. */
export type TimeRange = { readonly since: number; readonly before: number }

const PART = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/

/**
 * The stretch that a date names: a year (`2024`), month (`2024-03`) or day (`2024-03-05`) in UTC, or a single moment
 * (`2024-03-05T10:00Z`; without a zone in UTC). Throws BAD_INPUT naming `field`.
 */
export function parseDate(text: string, field: string): TimeRange {
  const range = readPart(text.trim()) ?? readInstant(text.trim())
  if (range !== undefined) return range
  throw new GemdexError('BAD_INPUT', `${field} must be a date, not "${text.slice(0, 60)}"`, {
    hint: 'Write 2024, 2024-03, 2024-03-05 or 2024-03-05T10:00Z.',
    field,
  })
}

function readPart(text: string): TimeRange | undefined {
  const match = PART.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [match[1], match[2], match[3]].map((part) =>
    part === undefined ? undefined : Number(part),
  )
  if (year === undefined) return undefined
  const since = utc(year, month ?? 1, day ?? 1)
  const valid = new Date(since)
  if (valid.getUTCMonth() + 1 !== (month ?? 1) || valid.getUTCDate() !== (day ?? 1)) return undefined
  if (day !== undefined) return { since, before: utc(year, month ?? 1, day + 1) }
  return { since, before: month === undefined ? utc(year + 1, 1, 1) : utc(year, month + 1, 1) }
}

function readInstant(text: string): TimeRange | undefined {
  if (!INSTANT.test(text)) return undefined
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
  const since = Date.parse(`${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}`)
  return Number.isNaN(since) ? undefined : { since, before: since + 1 }
}

/** Months from 1. */
export function utc(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}
