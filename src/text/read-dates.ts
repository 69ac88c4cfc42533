import { foldWord } from './fold-word.js'
import type { Quantity } from './quantity.js'
import type { Word } from './segment-words.js'

const MONTHS = [
  'january januar janner jan enero ene janvier',
  'february februar feber feb febrero fevrier',
  'march marz maerz mar marzo mars',
  'april apr abril abr avril',
  'may mai mayo',
  'june juni jun junio juin',
  'july juli jul julio juillet',
  'august aug agosto ago aout',
  'september sept sep septiembre setiembre septembre',
  'october oktober oct okt octubre octobre',
  'november nov noviembre novembre',
  'december dezember dec dez diciembre dic decembre',
]
const MONTH_OF: ReadonlyMap<string, number> = new Map(
  MONTHS.flatMap((names, i) => names.split(' ').map((name) => [name, i + 1] as const)),
)
const WEEKDAY =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tage?s?|mittwochs?|sonnabends?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)$/

/** Whether a folded word (`foldWord`) is a month or a day of the week. */
export function isCalendarWord(folded: string): boolean {
  return MONTH_OF.has(folded) || WEEKDAY.test(folded)
}

const ISO_DATE = /(?<![\p{L}\p{N}])(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?!\d)/gu
const POINT_DATE = /(?<![\p{L}\p{N}.])(?<day>\d{1,2})\. ?(?<month>\d{1,2})\. ?(?<year>\d{4})(?![\d.])/gu
const HAN_DATE = /(?:(?<year>\d{4})\s*年\s*)?(?<month>\d{1,2})\s*月\s*(?<day>\d{1,2})\s*日/gu
/** Days before the one that stands at the month: `3 to`, `5, 12 and`, `12.–`. */
const EARLIER_DAY = /(?<![\p{L}\p{N}.,])(\d{1,2})\.?\s*(?:to|and|or|bis|und|oder|al?|y|o|au|et|[-–,])\s*$/iu
const MAX_GAP_CHARS = 6
const MAX_LOOK_BACK_CHARS = 14

const CLOCK =
  /(?<![\p{L}\p{N}.:])(?<hour>\d{1,2})[:h](?<minute>\d{2})(?![\d:])(?:\s*(?:Uhr|hrs?|h)\b)?(?:\s*(?<half>[ap])\.?\s?m\b\.?)?/giu
const HALF_DAY = /(?<![\p{L}\p{N}.:])(?<hour>\d{1,2})\s*(?<half>[ap])\.?\s?m\b\.?/giu
const FULL_HOUR = /(?<![\p{L}\p{N}.:])(?<hour>\d{1,2})(?:\.(?<minute>\d{2}))?\s*(?:Uhr\b|o['’]clock)/giu

/** The dates of a text that name a day and a month. Of `3 to 21 June` both. */
export function readDates(text: string, words: readonly Word[]): Quantity[] {
  if (!/\d/.test(text)) return []
  const numeric = [ISO_DATE, POINT_DATE, HAN_DATE].flatMap((pattern) => [...text.matchAll(pattern)])
  const dates = numeric.flatMap(({ index, 0: whole, groups }) => {
    const year = groups?.year === undefined ? {} : { year: Number(groups.year) }
    const date = { day: Number(groups?.day), month: Number(groups?.month), ...year }
    return isDate(date) ? [{ start: index, end: index + whole.length, values: [], date }] : []
  })
  return [...dates, ...readNamedDates(text, words)]
}

function isDate({ day, month }: { readonly day: number; readonly month: number }): boolean {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12
}

/** `30 November 2024`, `November 30, 2024`, `am 30. November`, `el 30 de noviembre de 2024`. */
function readNamedDates(text: string, words: readonly Word[]): Quantity[] {
  return words.flatMap((word, i) => {
    const month = MONTH_OF.get(foldWord(word.word))
    if (month === undefined) return []
    const before = words[skipDe(words, i - 1, -1)]
    const dayBefore = dayOf(before, word, text)
    const day = dayBefore ?? dayOf(words[i + 1], word, text)
    if (day === undefined) return []
    const last = dayBefore === undefined ? i + 1 : i
    const yearAt = skipDe(words, last + 1, 1)
    const year = yearOf(words[yearAt], words[yearAt - 1], text)
    const start = dayBefore === undefined ? word.start : (before?.start ?? word.start)
    const end = (year === undefined ? words[last] : words[yearAt])?.end ?? word.end
    const named = { month, ...(year === undefined ? {} : { year }) }
    const date: Quantity = { start, end, values: [], date: { day, ...named } }
    return dayBefore === undefined ? [date] : [...earlierDays(text, start, named), date]
  })
}

function skipDe(words: readonly Word[], at: number, step: 1 | -1): number {
  return /^de[l]?$/i.test(words[at]?.word ?? '') ? at + step : at
}

function earlierDays(text: string, before: number, named: { month: number; year?: number }): Quantity[] {
  const from = Math.max(0, before - MAX_LOOK_BACK_CHARS)
  const match = EARLIER_DAY.exec(text.slice(from, before))
  const date = { day: Number(match?.[1]), ...named }
  if (match === null || !isDate(date)) return []
  const start = from + match.index
  const earlier: Quantity = { start, end: start + (match[1]?.length ?? 0), values: [], date }
  return [...earlierDays(text, start, named), earlier]
}

function dayOf(word: Word | undefined, month: Word, text: string): number | undefined {
  const day = /^(\d{1,2})(?:st|nd|rd|th|er|º)?$/.exec(word?.word ?? '')?.[1]
  if (word === undefined || day === undefined) return undefined
  const gap = text.slice(Math.min(word.end, month.end), Math.max(word.start, month.start))
  if (gap.length > MAX_GAP_CHARS || /[;:|\n\d]/.test(gap)) return undefined
  return isDate({ day: Number(day), month: 1 }) ? Number(day) : undefined
}

function yearOf(word: Word | undefined, previous: Word | undefined, text: string): number | undefined {
  if (word === undefined || previous === undefined || !/^(?:1\d|20)\d{2}$/.test(word.word)) return undefined
  return /^[ ,.\u00a0\n]{1,3}$/.test(text.slice(previous.end, word.start)) ? Number(word.word) : undefined
}

/** Times of day, in hours, so that `18:00` is the 18 of `18 Uhr` and of `from 18 to 20`. */
export function readTimes(text: string): Quantity[] {
  if (!/\d/.test(text)) return []
  const times: Quantity[] = []
  for (const { index, 0: whole, groups } of [CLOCK, HALF_DAY, FULL_HOUR].flatMap((pattern) => [
    ...text.matchAll(pattern),
  ])) {
    const [hour, minute] = [Number(groups?.hour), Number(groups?.minute ?? 0)]
    if (hour > 24 || minute > 59) continue
    const [start, end] = [index, index + whole.length]
    if (times.some((time) => start < time.end && end > time.start)) continue
    const value = hourOfDay(hour, groups?.half?.toLowerCase()) + minute / 60
    times.push({ start, end, values: [value], dimension: 'clock' })
  }
  return times
}

function hourOfDay(hour: number, half: string | undefined): number {
  if (half === 'p' && hour < 12) return hour + 12
  return half === 'a' && hour === 12 ? 0 : hour
}
