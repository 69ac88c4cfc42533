import type { HitExplanation, ListExplanation, QueryExplanation, SearchResult } from '../types.js'
import { oneLine, type Style } from './style.js'

/** The parts of a hit's score, in one line. */
export function formatExplanation(explanation: HitExplanation): string {
  const { keyword, vector, matchedTerms, idfShare, recency, similarToAbove, rankBeforeRerank } = explanation
  const parts = [
    formatList('keyword', 'BM25', keyword),
    formatList('vector', 'cosine', vector),
    `words found: ${matchedTerms.map(oneLine).join(' ') || 'none'} (${Math.round(idfShare * 100)} % of the query's weight)`,
  ]
  if (recency !== undefined) parts.push(`${recency.ageDays} days old (score x ${recency.factor.toFixed(2)})`)
  if (similarToAbove !== undefined) parts.push(`likeness to hits above ${similarToAbove.toFixed(2)}`)
  if (rankBeforeRerank !== undefined) parts.push(`rank ${rankBeforeRerank} before the model's order`)
  return parts.join(' · ')
}

function formatList(name: string, scoreName: string, list: ListExplanation | undefined): string {
  if (list === undefined) return `not among the ${name} hits`
  return `${name} rank ${list.rank} (${scoreName} ${list.score}, adds ${list.fused.toFixed(5)})`
}

/** How a query was understood, in a few lines. */
export function formatQueryExplanation(explanation: QueryExplanation, style: Style): string {
  const { text, phrases, excluded, units, expansion, hypotheticalAnswer, dates } = explanation
  const lines = [`searched for: ${oneLine(text)}`]
  if (phrases.length > 0)
    lines.push(`must stand so: ${phrases.map((phrase) => `"${oneLine(phrase)}"`).join(' ')}`)
  if (excluded.length > 0) lines.push(`must not stand: ${excluded.map(oneLine).join(' ')}`)
  if (dates !== undefined)
    lines.push(`"${oneLine(dates.words)}": ${dates.since || 'any time'} up to ${dates.before || 'now'}`)
  if (expansion !== undefined) lines.push(`added by the model: ${expansion.map(oneLine).join(' ')}`)
  if (hypotheticalAnswer !== undefined) lines.push(`imagined answer: ${oneLine(hypotheticalAnswer)}`)
  for (const { word, terms, weight, use } of units) {
    const how = { finds: '', ranks: ', only ranks', unknown: ', in no passage' }[use]
    lines.push(`  ${oneLine(word)}: weight ${weight}${how} (indexed as ${terms.map(oneLine).join(', ')})`)
  }
  return `${lines.map((line) => style.dim(line)).join('\n')}\n`
}

/** One line for each field. */
export function formatFacets(facets: NonNullable<SearchResult['facets']>, style: Style): string {
  const lines = Object.entries(facets).map(([field, values]) => {
    const counted = values.map(({ value, count }) => `${oneLine(String(value))} (${count})`)
    return `${style.bold(oneLine(field))}: ${counted.join(', ') || 'none'}`
  })
  return `${lines.join('\n')}\n`
}
