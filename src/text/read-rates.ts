import type { Quantity } from './quantity.js'

const PERIODS: readonly (readonly [days: number, names: string, adverbs: string])[] = [
  [1 / 1440, 'minute|minuto', ''],
  [1 / 24, 'hour|stunde|hora|heure', 'hourly|stündlich'],
  [1, 'day|tag|d[ií]a|jour', 'daily|täglich|diari[oa]|quotidien(?:ne)?'],
  [7, 'week|woche|semana|semaine', 'weekly|wöchentlich|semanal|hebdomadaire'],
  [30, 'month|monat|mes|mois', 'monthly|monatlich|mensual|mensuel(?:le)?'],
  [365, 'year|jahr|año|an', 'yearly|annual|annually|jährlich|anual|annuel(?:le)?'],
]
const PATTERNS = PERIODS.map(([days, names, adverbs]) => ({
  days,
  pattern: new RegExp(
    `(?<!\\p{L})(?:(?:per|each|every|an?|pro|je|im|am|in der|jede[nrs]?|al?|por|cada|par)\\s+(?:${names})(?!\\p{L}|s?\\s+\\d)${
      adverbs === '' ? '' : `|(?:${adverbs})(?:e[nmrs]?|s)?(?!\\p{L})`
    })`,
    'giu',
  ),
}))

/** Most texts have none: one look instead of six. */
const ANY = new RegExp(PATTERNS.map(({ pattern }) => pattern.source).join('|'), 'iu')

/** How often, or for what time, an amount holds: `per year`, `a week`, `täglich`. In days. */
export function readRates(text: string): Quantity[] {
  if (!ANY.test(text)) return []
  return PATTERNS.flatMap(({ days, pattern }) =>
    [...text.matchAll(pattern)].map(({ index, 0: whole }) => ({
      start: index,
      end: index + whole.length,
      values: [days],
      dimension: 'rate',
    })),
  )
}
