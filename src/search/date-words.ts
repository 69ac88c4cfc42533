/** What stretches of time are called: English, German, French and Spanish; the common ones in Italian, Portuguese and Russian too. */

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'

const MONTHS: readonly string[] = [
  'january|jan|januar|jänner|janvier|enero|gennaio|janeiro|январ[ьяе]',
  'february|feb|februar|février|febrero|febbraio|fevereiro|феврал[ьяе]',
  'march|märz|mars|marzo|março|март[ае]?',
  'april|apr|avril|abril|aprile|апрел[ьяе]',
  'may|mai|mayo|maggio|maio|ма[йяе]',
  'june|jun|juni|juin|junio|giugno|junho|июн[ьяе]',
  'july|jul|juli|juillet|julio|luglio|julho|июл[ьяе]',
  'august|aug|août|agosto|август[ае]?',
  'september|sept|sep|septembre|septiembre|settembre|setembro|сентябр[ьяе]',
  'october|oct|oktober|octobre|octubre|ottobre|outubro|октябр[ьяе]',
  'november|nov|novembre|noviembre|novembro|ноябр[ьяе]',
  'december|dec|dezember|décembre|diciembre|dicembre|dezembro|декабр[ьяе]',
]
const WEEKDAYS: readonly string[] = [
  'sunday|sonntag|dimanche|domingo',
  'monday|montag|lundi|lunes',
  'tuesday|dienstag|mardi|martes',
  'wednesday|mittwoch|mercredi|miércoles',
  'thursday|donnerstag|jeudi|jueves',
  'friday|freitag|vendredi|viernes',
  'saturday|samstag|samedi|sábado',
]
const UNITS: Readonly<Record<Unit, string>> = {
  day: 'days?|tage?n?|jours?|días?|dias?|giorni?o?|дн(?:я|ей|и)|день',
  week: 'weeks?|wochen?|semaines?|semanas?|settiman[ae]|недел[яюиье]|недель',
  month: 'months?|monate?n?|monats|mois|mes(?:es)?|mese|mesi|mês|месяц(?:а|е|ев|ы)?',
  quarter: 'quarters?|quartale?n?|quartals|trimestres?',
  year: 'years?|jahre?n?|jahres|ans?|années?|años?|anno|anni|anos?|год(?:а|у|ы)?|лет',
}
const NUMBERS: readonly string[] = [
  'a|an|one|einem|einer|einen?|une?|una|uno',
  'two|a couple of|zwei|deux|dos|due|dois|duas',
  'three|drei|trois|tres|tre|três',
  'four|vier|quatre|cuatro|quattro|quatro',
  'five|fünf|cinq|cinco|cinque',
  'six|sechs|seis|sei',
  'seven|sieben|sept|siete|sette|sete',
  'eight|acht|huit|ocho|otto|oito',
  'nine|neun|neuf|nueve|nove',
  'ten|zehn|dix|diez|dieci|dez',
  'eleven|elf|onze|once|undici',
  'twelve|zwölf|douze|doce|dodici|doze',
]

export const MONTH = MONTHS.join('|')
export const WEEKDAY = WEEKDAYS.join('|')
export const UNIT = Object.values(UNITS).join('|')
/** Those but days. */
export const LONGER_UNIT = [UNITS.week, UNITS.month, UNITS.quarter, UNITS.year].join('|')
/** Digits or a word up to twelve; the longer alternatives first. */
export const COUNT = `\\d{1,3}|${NUMBERS.join('|')
  .split('|')
  .sort((a, b) => b.length - a.length)
  .join('|')}`

/** From 1. */
export function monthOf(word: string): number {
  return 1 + indexIn(MONTHS, word)
}

/** From 0 for Sunday, as `Date` counts. */
export function weekdayOf(word: string): number {
  return indexIn(WEEKDAYS, word)
}

export function countOf(word: string): number {
  return /^\d/.test(word) ? Number(word) : 1 + indexIn(NUMBERS, word)
}

export function unitOf(word: string): Unit {
  const units = Object.keys(UNITS) as Unit[]
  return units.find((unit) => isOneOf(UNITS[unit], word)) ?? 'day'
}

function indexIn(lists: readonly string[], word: string): number {
  return lists.findIndex((words) => isOneOf(words, word))
}

function isOneOf(words: string, word: string): boolean {
  return new RegExp(`^(?:${words})$`, 'u').test(word)
}
