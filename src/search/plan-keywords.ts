import type { PlannedUnit, TermStatistics } from '../store/store.js'
import type { QueryUnit } from './query-units.js'

/**
 * Postings read for one query, beyond the rarest unit's. Reading one takes about a microsecond, so this bounds a search to
 * some 30 ms whatever the size of the index.
 */
const MAX_POSTINGS = 20_000

/**
 * Plans a keyword search by document frequency: rare words find passages; what is common, and function words, only rank
 * what those found, all of them while the budget lasts, then the best. Units that no passage holds are
 * left out. Parts of words find passages as words do.
 */
export function planKeywords(
  units: readonly QueryUnit[],
  statistics: TermStatistics,
  maxPostings = MAX_POSTINGS,
): PlannedUnit[] {
  const known = units
    .map((unit) => ({ unit, passages: passagesWith(unit, statistics) }))
    .filter(({ passages }) => passages > 0)
  const mayFind = ({ unit }: { readonly unit: QueryUnit }) => unit.kind !== 'function'
  const onlyFunctionWords = !known.some(mayFind)
  const roles = new Map<QueryUnit, PlannedUnit['role']>()
  let postings = 0
  const byRarity = known.toSorted(
    (a, b) => Number(mayFind(b)) - Number(mayFind(a)) || a.passages - b.passages,
  )
  for (const one of byRarity) {
    postings += one.passages
    // Function words stand several times in most passages: counting them all would cost more than everything else.
    const budget = mayFind(one) ? maxPostings : maxPostings / 3
    if (roles.size > 0 && postings > budget) roles.set(one.unit, 'refine')
    else roles.set(one.unit, mayFind(one) || onlyFunctionWords ? 'find' : 'count')
  }
  return known.map(({ unit, passages }) => ({
    terms: unit.terms.filter((term) => (statistics.frequencies.get(term) ?? 0) > 0),
    passages,
    weight: unit.weight * inverseDocumentFrequency(statistics.passages, passages),
    hasPlace: unit.kind !== 'part',
    role: roles.get(unit) ?? 'refine',
  }))
}

/** As in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)), positive for every n up to N. */
export function inverseDocumentFrequency(passages: number, withTerm: number): number {
  return Math.log1p((passages - withTerm + 0.5) / (withTerm + 0.5))
}

/** How many passages hold any of a unit's terms, at most. */
export function passagesWith({ terms }: QueryUnit, { passages, frequencies }: TermStatistics): number {
  const sum = terms.reduce((total, term) => total + (frequencies.get(term) ?? 0), 0)
  return Math.min(passages, sum)
}
