import { type TimeRange, utc } from './parse-date.js'

/** A time named in a query: the words that name it, and the query without them. */
export type NamedTime = { readonly words: string; readonly rest: string; readonly range: Partial<TimeRange> }

const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'.split(
  '|',
)
const GERMAN_MONTHS =
  'januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember'.split('|')
const MONTH = [...new Set([...MONTHS, ...GERMAN_MONTHS])].join('|')
const UNIT = 'days?|weeks?|months?|years?|tagen?|wochen?|monaten?|jahren?'
const DAY_MS = 86_400_000

type Rule = {
  readonly pattern: RegExp
  readonly range: (match: RegExpExecArray, now: Date) => Partial<TimeRange>
}

/** The first that fits wins, so the longer come first. */
const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(`\\b(?:in|from|im)\\s+(${MONTH})\\s+(\\d{4})\\b`, 'iu'),
    range: ([, month = '', year]) => monthRange(Number(year), monthNumber(month)),
  },
  {
    pattern: new RegExp(
      `\\b(since|after|before|until|seit|nach|vor|bis)\\s+(?:(${MONTH})\\s+)?(\\d{4})\\b`,
      'iu',
    ),
    range: ([, word = '', month, year]) =>
      openRange(
        word,
        month === undefined ? yearRange(Number(year)) : monthRange(Number(year), monthNumber(month)),
      ),
  },
  {
    pattern: /\b(?:in|from|im jahr)\s+(\d{4})\b/iu,
    range: ([, year]) => yearRange(Number(year)),
  },
  {
    pattern: new RegExp(
      `\\b(?:in the |within the |over the |in den |innerhalb der )?(?:last|past|previous|letzten|vergangenen)\\s+(\\d{1,3})\\s+(${UNIT})(?!\\p{L})`,
      'iu',
    ),
    range: ([, count, unit = ''], now) => ({
      since: stepBack(now, Number(count), unit),
      before: endOfDay(now),
    }),
  },
  {
    pattern:
      /\b(?:from |of )?(?:last|previous|letzten?|letztes|vorigen?|voriges)\s+(day|week|month|year|woche|monats?|jahr(?:es)?)(?!\p{L})/iu,
    range: ([, unit = ''], now) => calendarRange(unit, now, -1),
  },
  {
    pattern:
      /\b(?:from )?(?:this|diesen?|dieses|dieser)\s+(week|month|year|woche|monats?|jahr(?:es)?)(?!\p{L})/iu,
    range: ([, unit = ''], now) => calendarRange(unit, now, 0),
  },
  { pattern: /\b(?:yesterday|gestern)(?:'s)?(?!\p{L})/iu, range: (_, now) => dayRange(now, -1) },
  { pattern: /\b(?:today|heute)(?:'s)?(?!\p{L})/iu, range: (_, now) => dayRange(now, 0) },
]

/**
 * Finds the first time that a query names, in English or German: `last month`, `since March 2023`, `in 2021`, `in the past
 * 30 days`, `yesterday`. Calendar units are UTC's, weeks begin on Monday. Undefined when it names none, or nothing else.
 */
export function findDates(query: string, now: Date): NamedTime | undefined {
  for (const { pattern, range } of RULES) {
    const match = pattern.exec(query)
    if (match === null) continue
    const before = query.slice(0, match.index)
    const rest = `${before} ${query.slice(match.index + match[0].length)}`.replace(/\s+/g, ' ').trim()
    if (!/[\p{L}\p{N}]/u.test(rest)) return undefined
    return { words: match[0], rest, range: range(match, now) }
  }
  return undefined
}

function monthNumber(name: string): number {
  const lower = name.toLowerCase()
  return 1 + Math.max(MONTHS.indexOf(lower), GERMAN_MONTHS.indexOf(lower))
}

function yearRange(year: number): TimeRange {
  return { since: utc(year, 1, 1), before: utc(year + 1, 1, 1) }
}

function monthRange(year: number, month: number): TimeRange {
  return { since: utc(year, month, 1), before: utc(year, month + 1, 1) }
}

/** Since and until include what they name; after and before do not. */
function openRange(word: string, { since, before }: TimeRange): Partial<TimeRange> {
  switch (word.toLowerCase()) {
    case 'since':
    case 'seit':
      return { since }
    case 'after':
    case 'nach':
      return { since: before }
    case 'until':
    case 'bis':
      return { before }
    default:
      return { before: since }
  }
}

function dayRange(now: Date, by: number): TimeRange {
  const [year, month, day] = partsOf(now)
  return { since: utc(year, month, day + by), before: utc(year, month, day + by + 1) }
}

function calendarRange(unit: string, now: Date, by: number): TimeRange {
  const [year, month, day] = partsOf(now)
  const kind = unit.toLowerCase()
  if (/^(?:year|jahr)/.test(kind)) return yearRange(year + by)
  if (/^mon/.test(kind)) return monthRange(year, month + by)
  if (kind === 'day') return dayRange(now, by)
  const monday = day - ((now.getUTCDay() + 6) % 7) + 7 * by
  return { since: utc(year, month, monday), before: utc(year, month, monday + 7) }
}

function stepBack(now: Date, count: number, unit: string): number {
  const [year, month, day] = partsOf(now)
  const kind = unit.toLowerCase()
  if (/^(?:year|jahr)/.test(kind)) return utc(year - count, month, day)
  if (/^mon/.test(kind)) return utc(year, month - count, day)
  return utc(year, month, day) - count * (/^w/.test(kind) ? 7 : 1) * DAY_MS
}

function endOfDay(now: Date): number {
  return dayRange(now, 0).before
}

function partsOf(now: Date): [year: number, month: number, day: number] {
  return [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()]
}
