import { basename } from 'node:path/posix'
import type { Metadata, MetadataValue } from '../types.js'

/** Dates that a document gives itself as that of its contents, the surest first. */
const OWN_DATES = ['date', 'published', 'sent', 'created', 'modified', 'updated'] as const
/** Years beyond are slips of the pen, or numbers of another kind. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2200
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH = `(?<month>(?:${MONTHS.join('|')})[a-z]{0,6})`
/** Days and months without a time: midnight UTC. */
const DAY_FORMS: readonly RegExp[] = [
  /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})$/,
  /^(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.\s?(?<year>\d{4})$/,
  new RegExp(`^${MONTH}\\.? (?:(?<day>\\d{1,2}),? )?(?<year>\\d{4})$`, 'i'),
  new RegExp(`^(?<day>\\d{1,2}) ${MONTH}\\.?,? (?<year>\\d{4})$`, 'i'),
]
/** A day of the week or a month, then somewhere a year: `Date` makes a date of `Tue 5` and of `may be` too. */
const DATE_AND_TIME = new RegExp(
  `^(?:mon|tue|wed|thu|fri|sat|sun|${MONTHS.join('|')})[a-z]{0,6}[.,]{0,2} .*\\b\\d{4}\\b`,
  'i',
)

/**
 * The date of a document in milliseconds since 1970: what its front matter or mail header says, else its file's name, else
 * what its file format records (an office file's dates change when it is copied from a template), else the file system.
 */
export function documentDate(metadata: Metadata, uri: string, modifiedMs: number): number {
  const [date, published, sent, ...recorded] = OWN_DATES.map((key) => readDate(valueAt(metadata, key)))
  const candidates = [date, published, sent, dateOfName(uri), ...recorded]
  return candidates.find((candidate) => candidate !== undefined) ?? modifiedMs
}

/** People write the keys of front matter as they like: `Date`. */
function valueAt(metadata: Metadata, key: string): MetadataValue | undefined {
  return metadata[key] ?? Object.entries(metadata).find(([name]) => name.toLowerCase() === key)?.[1]
}

/**
 * ISO 8601 dates and times, with or without the parts behind the year, what `Date` reads of RFC 2822, and days as they are
 * written in front matter: `2024-3-5`, `March 5, 2024`, `5 March 2024`, `March 2024`, `5.3.2024`. Undefined for a day that its
 * month does not have.
 */
function readDate(value: MetadataValue | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const {
    year,
    month = '',
    day = '1',
  } = DAY_FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined) ?? {}
  if (year !== undefined) return dateOf(Number(year), monthNumber(month), Number(day))
  const parsed = Date.parse(parsable(text) ?? '')
  return isPlausible(parsed) ? parsed : undefined
}

/** From 1, of a number or an English name that begins with one of `MONTHS`. */
function monthNumber(month: string): number {
  return /^\d/.test(month) ? Number(month) : 1 + MONTHS.indexOf(month.slice(0, 3).toLowerCase())
}

/** What `Date.parse` reads the same way everywhere; undefined for what it would guess at. */
function parsable(text: string): string | undefined {
  if (/^\d{4}(-\d{2}(-\d{2}([T ]|$)|$)|$)/.test(text))
    return text.replace(' ', 'T').replace(/ (?=[+-]\d{2}:?\d{2}$)/, '')
  return DATE_AND_TIME.test(text) ? text : undefined
}

/** `2024-03-11 board.md`, `report_20240311.pdf`, `2024-03 minutes.txt`, `notes 11.03.2024.txt`; midnight UTC. */
function dateOfName(uri: string): number | undefined {
  const name = basename(uri)
  const [, year, month, day] =
    /(?<!\d)((?:19|20)\d{2})[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(name) ??
    /(?<!\d)((?:19|20)\d{2})[-_](0[1-9]|1[0-2])(?![-_.]?\d)/.exec(name) ??
    []
  if (year !== undefined && month !== undefined) return dateOf(Number(year), Number(month), Number(day ?? 1))
  const [, first, second, third] =
    /(?<![\p{L}\d.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d{2})(?!\d)/u.exec(name) ?? []
  return third === undefined ? undefined : dateOf(Number(third), Number(second), Number(first))
}

/** Undefined for a day that its month does not have. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day)
  const date = new Date(ms)
  // `Date` takes the year 1 for 1901.
  const isReal = date.getUTCDate() === day && date.getUTCFullYear() === year
  return isReal && isPlausible(ms) ? ms : undefined
}

function isPlausible(ms: number): boolean {
  if (!Number.isFinite(ms)) return false
  const year = new Date(ms).getUTCFullYear()
  return year >= FIRST_YEAR && year <= LAST_YEAR
}
