import type { PlannedUnit, TermStatistics } from '../store/store.js'
import type { QueryUnit } from './query-units.js'

/**
 * Postings read with their counts and places for one query, beyond the rarest unit's. Reading one takes about a
 * microsecond, so this bounds a search to some 60 ms whatever the size of the index; telling whether a passage holds a
 * term takes a tenth of that.
 */
const MAX_POSTINGS = 50_000

/**
 * Plans a keyword search by document frequency: rare units find passages and are counted in them; units so common that
 * counting them would take too long only add to the score of what the rare ones found. Units that no passage holds are
 * left out.
 */
export function planKeywords(
  units: readonly QueryUnit[],
  statistics: TermStatistics,
  maxPostings = MAX_POSTINGS,
): PlannedUnit[] {
  const known = units
    .map((unit) => ({ unit, passages: passagesWith(unit, statistics) }))
    .filter(({ passages }) => passages > 0)
  const finding = new Set<QueryUnit>()
  let postings = 0
  const byRarity = known.toSorted((a, b) => a.passages - b.passages)
  for (const { unit, passages } of byRarity) {
    postings += passages
    if (finding.size > 0 && postings > maxPostings) break
    finding.add(unit)
  }
  return known.map(({ unit, passages }) => ({
    terms: unit.terms.filter((term) => (statistics.frequencies.get(term) ?? 0) > 0),
    weight: unit.weight * inverseDocumentFrequency(statistics.passages, passages),
    isWord: unit.isWord,
    finds: finding.has(unit),
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
