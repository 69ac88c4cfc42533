import { lazy } from '../lazy.js'
import { untilToday } from './calendar.js'
import { COUNT, countOf, MONTH, UNIT, unitOf } from './date-words.js'
import type { TimeRange } from './parse-date.js'
import { ANY_DATE, DATE, readDatePhrase } from './read-date-phrase.js'

/** A time named in a query: the words that name it, and the query without them. */
export type NamedTime = { readonly words: string; readonly rest: string; readonly range: Partial<TimeRange> }

type Rule = {
  readonly pattern: RegExp
  readonly range: (groups: readonly string[], now: Date) => Partial<TimeRange> | undefined
}

const THE = "(?:(?:the|den|der|dem|des|le|la|les|el|los|las|il|lo|gli|os|as|l['’])\\s*)?"
const IN =
  '(?:in|on|from|of|during|within|over|for|dated|im|am|vom|von|aus|während|innerhalb|en|de|del|du|dans|pendant|depuis|durante|em|no|na|do|da|nel|nella|в|за|от)'
/** Portuguese has more before a year, and in English these speak of numbers: `over 2000 people`, `no 2020 report`. */
const NOT_BEFORE_YEAR = '(?!(?:over|no|na|do|da)\\s+\\d)'
const BETWEEN = '(?:between|zwischen|entre|tra|fra|между)'
const AND = '(?:and|und|et|y|e|и)'
const FROM = '(?:from|von|vom|de|du|desde|dal|с)'
const TO = "(?:to|until|till|through|bis|à|au|jusqu['’]à|hasta|até|a|al|по|до|-|–|—)"
/** `since` and `until` include what they name; `after` and `before` do not. */
const OPEN: Readonly<Record<'since' | 'after' | 'until' | 'before', string>> = {
  since: 'since|seit|ab|depuis|desde|dal|с',
  after: 'after|nach|après|después de|depois de|dopo|после',
  until: "until|till|up to|bis|jusqu['’](?:à|en)|hasta|até|fino al|до",
  before: '(?<!day\\s)before|vor|avant|antes de|prima del|до',
}
const LAST_FEW =
  '(?:last|past|previous|letzten?|vergangenen?|derni(?:ers|ères)|últim[oa]s|ultim[ie]|последни[ех]|最近)'
const LAST_FEW_BEHIND = '(?:pasad[oa]s|derni(?:ers|ères)|passé(?:e)?s|passad[oa]s|scors[ie])'

/** Chinese, Japanese and Korean go without blanks around a date. */
const START = '(?:(?<![\\p{L}\\p{N}]|\\p{N}\\.)|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))'
const END = '(?:(?![\\p{L}\\p{N}])|(?<=[\u3400-\u9fff\uac00-\ud7af]))'

/** The first that fits wins, so the longer come first. Made for the first search that looks for times: it takes 5 ms. */
const rules = lazy((): readonly Rule[] => [
  rule(`${BETWEEN}\\s+(${ANY_DATE})\\s+${AND}\\s+(${ANY_DATE})`, stretch),
  rule(`(?:${FROM}|in|during)\\s+(${ANY_DATE})\\s*${TO}\\s*(${ANY_DATE})`, stretch),
  ...(Object.keys(OPEN) as (keyof typeof OPEN)[]).map((kind) =>
    rule(`(?:${OPEN[kind]})\\s+${THE}(${ANY_DATE})`, ([date = ''], now) =>
      openRange(kind, readDatePhrase(date, now)),
    ),
  ),
  rule(`(?:${IN}\\s+)?${THE}${LAST_FEW}\\s+(${COUNT})\\s+(${UNIT})`, recent),
  rule(`(?:${IN}\\s+)?${THE}(${COUNT})\\s+${LAST_FEW}\\s+(${UNIT})`, recent),
  rule(`(?:${IN}\\s+)?${THE}(${COUNT})\\s+(${UNIT})\\s+${LAST_FEW_BEHIND}`, recent),
  rule(`(?:${IN}\\s+)?${THE}past\\s+(${UNIT})`, ([unit = ''], now) => recent(['1', unit], now)),
  rule(`(?:${IN}\\s+)?${THE}(${DATE})`, ([date = ''], now) => readDatePhrase(date, now)),
  rule(`${NOT_BEFORE_YEAR}${IN}\\s+${THE}(${ANY_DATE})`, ([date = ''], now) => readDatePhrase(date, now)),
])

/**
 * Finds the first time that a query names: `last month`, `since March 2023`, `between 2020 and 2022`, `on 5 March 2023`, `two
 * weeks ago`, `in the past 30 days`, `yesterday`; in English, German, French and Spanish, the common ones in Italian, Portuguese,
 * Russian, Chinese, Japanese and Korean too. Calendar units are UTC's, weeks begin on Monday; a month without a year is the
 * latest that has begun. Undefined when it names none, or nothing else.
 */
export function findDates(query: string, now: Date): NamedTime | undefined {
  // Expressions that ignore case take ten times as long to compile. A few letters are longer in lower case, such as İ.
  // Runs of blanks are made single ones: what looks for blanks on both sides of something takes the square of their length.
  const words = query.replace(/\s+/g, ' ')
  const lower = words.toLowerCase()
  const text = lower.length === words.length ? lower : words
  for (const { pattern, range } of rules()) {
    const match = pattern.exec(text)
    const found = match === null ? undefined : range(match.slice(1), now)
    if (match === null || found === undefined) continue
    const end = match.index + match[0].length
    const rest = `${words.slice(0, match.index)} ${words.slice(end)}`.replace(/\s+/g, ' ').trim()
    if (!/[\p{L}\p{N}]/u.test(rest)) return undefined
    return { words: words.slice(match.index, end), rest, range: found }
  }
  return undefined
}

function rule(pattern: string, range: Rule['range']): Rule {
  return { pattern: new RegExp(`${START}(?:${pattern})${END}`, 'u'), range }
}

/** From the first day of one to the last of the other; a month without a year is in that of the other. */
function stretch([first = '', last = '']: readonly string[], now: Date): TimeRange | undefined {
  const year = /\d{4}/.exec(last)?.[0]
  const isBareMonth = new RegExp(`^(?:${MONTH})$`, 'u').test(first)
  const from = readDatePhrase(isBareMonth && year !== undefined ? `${first} ${year}` : first, now)
  const to = readDatePhrase(last, now)
  if (from === undefined || to === undefined || to.before <= from.since) return undefined
  return { since: from.since, before: to.before }
}

function openRange(kind: keyof typeof OPEN, range: TimeRange | undefined): Partial<TimeRange> | undefined {
  if (range === undefined) return undefined
  const { since, before } = range
  switch (kind) {
    case 'since':
      return { since }
    case 'after':
      return { since: before }
    case 'until':
      return { before }
    default:
      return { before: since }
  }
}

function recent([count = '', unit = '']: readonly string[], now: Date): TimeRange {
  return untilToday(unitOf(unit), now, countOf(count))
}
