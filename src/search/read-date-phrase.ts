import { dayRange, latestMonth, latestWeekday, monthRange, unitRange, yearRange } from './calendar.js'
import {
  COUNT,
  countOf,
  LONGER_UNIT,
  MONTH,
  monthOf,
  UNIT,
  type Unit,
  unitOf,
  WEEKDAY,
  weekdayOf,
} from './date-words.js'
import { type TimeRange, utc } from './parse-date.js'

type Form = {
  /** Without groups that capture, so that it can be part of another expression. */
  readonly source: string
  /** Of a whole text, with groups. */
  readonly whole: RegExp
  /** Of what the groups matched. Undefined for what is no date, such as 31 April. */
  readonly read: (groups: readonly (string | undefined)[], now: Date) => TimeRange | undefined
}

const YEAR = '(?:1[5-9]|20|21)\\d{2}'
const OF = '(?:(?:of|de|del)\\s+)?'
const ENDING = '(?:st|nd|rd|th|er|º|\\.)?'
const LAST = '(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|прошл(?:ый|ом|ую|ой|ого|ые))'
const LAST_BEHIND = '(?:pasad[oa]|últim[oa]|derni(?:er|ère)|passée?|passat[oa]|passad[oa]|scors[oa])'
const THIS = '(?:this|current|diese[nrsm]?|est[ea]|cet(?:te)?|ce|quest[oa]|[dn]?est[ea]|эт(?:от|ом|у|ой|ого))'
/** `Life on Mars` is not about a month: behind these words it is no French one. */
const IN_ENGLISH = '(?:about|after|before|between|during|for|from|in|like|of|on|over|since|the|to|until|with)'
const AGO = '(?:ago|fa|atrás|назад)'
const AGO_BEFORE = '(?:vor|il y a|hace|há)'

/** What stands for a day, week, month or year of its own, by days or units before now. */
const NAMED: readonly (readonly [words: string, unit: Unit, by: number])[] = [
  [
    'the day before yesterday|day before yesterday|vorgestern|avant-hier|anteayer|позавчера|前天|一昨日',
    'day',
    -2,
  ],
  ["yesterday|gestern|d'hier|ayer|ieri|ontem|вчера|昨天|昨日|어제", 'day', -1],
  ["today|heute|aujourd['’]hui|hoy|oggi|hoje|сегодня|今天|今日|오늘", 'day', 0],
  ['上周|上週|上个星期|先週|지난주', 'week', -1],
  ['本周|本週|这周|今週|이번 주', 'week', 0],
  ['上个月|上個月|上月|先月|지난달', 'month', -1],
  ['本月|这个月|這個月|今月|이번 달', 'month', 0],
  ['去年|昨年|작년|지난해', 'year', -1],
  ['今年|올해', 'year', 0],
]

/** Forms that say by themselves that they are a date; the longer first. */
const FORMS: readonly Form[] = [
  form('(YEAR)-(\\d{2})-(\\d{2})', ([y, m, d]) => validDay(y, Number(m), d)),
  form('(YEAR)-(\\d{2})(?!-?\\d)', ([y, m]) => validMonth(y, Number(m))),
  form('(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?(YEAR)', ([d, m, y]) => validDay(y, Number(m), d)),
  form('(YEAR)\\s?[年년]\\s?(\\d{1,2})\\s?[月월]\\s?(\\d{1,2})\\s?[日일]', ([y, m, d]) =>
    validDay(y, Number(m), d),
  ),
  form('(YEAR)\\s?[年년]\\s?(\\d{1,2})\\s?[月월]', ([y, m]) => validMonth(y, Number(m))),
  form('(YEAR)\\s?[年년]', ([y]) => yearRange(Number(y))),
  form(`(\\d{1,2})${ENDING}\\s+${OF}(${MONTH})\\.?,?\\s+${OF}(YEAR)`, ([d, m = '', y]) =>
    validDay(y, monthOf(m), d),
  ),
  form(`(${MONTH})\\.?\\s+(\\d{1,2})${ENDING},?\\s+(YEAR)`, ([m = '', d, y]) => validDay(y, monthOf(m), d)),
  form(`(${MONTH})\\.?\\s+${OF}(YEAR)`, ([m = '', y]) => monthRange(Number(y), monthOf(m))),
  form('q([1-4])\\s*[/-]?\\s*(YEAR)', ([q, y]) => monthRange(Number(y), 3 * Number(q) - 2, 3)),
  form('(YEAR)\\s*[/-]?\\s*q([1-4])', ([y, q]) => monthRange(Number(y), 3 * Number(q) - 2, 3)),
  form(`(${COUNT})\\s+(${UNIT})\\s+${AGO}`, ([n = '', unit = ''], now) =>
    unitRange(unitOf(unit), now, -countOf(n)),
  ),
  form(`${AGO_BEFORE}\\s+(${COUNT})\\s+(${UNIT})`, ([n = '', unit = ''], now) =>
    unitRange(unitOf(unit), now, -countOf(n)),
  ),
  // The last day is seldom yesterday, and the last year of a contract not the one before this.
  form(`${LAST}\\s+(${LONGER_UNIT})(?!\\s+of\\s)`, ([unit = ''], now) => unitRange(unitOf(unit), now, -1)),
  form(`(${LONGER_UNIT})\\s+${LAST_BEHIND}`, ([unit = ''], now) => unitRange(unitOf(unit), now, -1)),
  form(`${LAST}\\s+(${WEEKDAY})`, ([day = ''], now) => latestWeekday(weekdayOf(day), now)),
  form(`${LAST}\\s+(${MONTH})`, ([month = ''], now) => latestMonth(monthOf(month), now)),
  form(`${THIS}\\s+(${UNIT})`, ([unit = ''], now) => unitRange(unitOf(unit), now, 0)),
  ...NAMED.map(([words, unit, by]) => form(`(?:${words})(?:['’]s)?`, (_, now) => unitRange(unit, now, by))),
]

/** Forms that are dates only behind a word such as `in` or `since`. */
const BARE_FORMS: readonly Form[] = [
  form(`(?:(?:the year|dem jahr|jahr|l['’]année|l['’]an|el año|l['’]anno|o ano|году?)\\s+)?(YEAR)`, ([y]) =>
    yearRange(Number(y)),
  ),
  form(`(?!(?<=${IN_ENGLISH}\\s)mars)(${MONTH})`, ([month = ''], now) => latestMonth(monthOf(month), now)),
  form(`(${WEEKDAY})`, ([day = ''], now) => latestWeekday(weekdayOf(day), now)),
]

export const DATE = sourceOf(FORMS)
export const ANY_DATE = sourceOf([...FORMS, ...BARE_FORMS])

/** The stretch of time that a text in lower case matching `DATE` or `ANY_DATE` names, seen from `now`. */
export function readDatePhrase(text: string, now: Date): TimeRange | undefined {
  for (const { whole, read } of [...FORMS, ...BARE_FORMS]) {
    const match = whole.exec(text)
    if (match !== null) return read(match.slice(1), now)
  }
  return undefined
}

function form(pattern: string, read: Form['read']): Form {
  const source = pattern.replaceAll('YEAR', YEAR)
  return {
    source: source.replace(/\((?!\?)/g, '(?:'),
    whole: new RegExp(`^(?:${source})$`, 'u'),
    read,
  }
}

function sourceOf(forms: readonly Form[]): string {
  return forms.map(({ source }) => source).join('|')
}

function validDay(year: string | undefined, month: number, day: string | undefined): TimeRange | undefined {
  const date = new Date(utc(Number(year), month, Number(day)))
  const isReal = date.getUTCMonth() + 1 === month && date.getUTCDate() === Number(day)
  return isReal ? dayRange(Number(year), month, Number(day)) : undefined
}

function validMonth(year: string | undefined, month: number): TimeRange | undefined {
  return month >= 1 && month <= 12 ? monthRange(Number(year), month) : undefined
}
