import type { PlannedUnit } from '../store.js'
import type { IdSet } from './id-set.js'
import { saturate, TITLE_WEIGHT } from './rank-passages.js'
import type { TermPostings } from './term-postings.js'

/** A unit with where its terms stand. */
export type Counted = { readonly unit: PlannedUnit; readonly terms: readonly TermPostings[] }

/** Passages worth ranking, and those of them worth reading. */
export type Chosen = { readonly ranked: readonly number[]; readonly read: readonly number[] }

/**
 * Chooses among the passages that hold a unit that finds, by BM25 with every passage of average length: lengths are
 * looked up one by one, which takes longer than all of this. All of them, while they are no more than wanted.
 */
export function roughlyBest(
  counted: readonly Counted[],
  passages: IdSet | undefined,
  wanted: { readonly ranked: number; readonly read: number },
): Chosen {
  const scores = new Map<number, number>()
  const finding = counted.filter(({ unit }) => unit.role === 'find')
  const others = counted.filter(({ unit }) => unit.role !== 'find')
  for (const { unit, terms } of [...finding, ...others]) {
    const isNew = unit.role === 'find'
    visitFrequencies(terms, (id, frequency) => {
      const before = scores.get(id)
      const counts = before !== undefined || (isNew && (passages === undefined || passages.has(id)))
      if (counts) scores.set(id, (before ?? 0) + unit.weight * saturate(frequency))
    })
  }
  const sorted = Float64Array.from(scores.values()).sort()
  return { ranked: best(scores, sorted, wanted.ranked), read: best(scores, sorted, wanted.read) }
}

/** Tells how often a unit stands in each passage. Most have one term: its postings are all there is to it. */
function visitFrequencies(
  terms: readonly TermPostings[],
  visit: (id: number, frequency: number) => void,
): void {
  const [only] = terms
  if (only !== undefined && terms.length === 1) {
    for (let i = 0; i < only.chunkIds.length; i++) visit(only.chunkIds[i] ?? 0, frequencyAt(only, i))
    return
  }
  const counts = new Map<number, number>()
  for (const list of terms) {
    for (let i = 0; i < list.chunkIds.length; i++) {
      const id = list.chunkIds[i] ?? 0
      counts.set(id, (counts.get(id) ?? 0) + frequencyAt(list, i))
    }
  }
  for (const [id, frequency] of counts) visit(id, frequency)
}

function frequencyAt({ titles, texts }: TermPostings, i: number): number {
  return TITLE_WEIGHT * (titles[i] ?? 0) + (texts[i] ?? 0)
}

/** The ids with the greatest scores, which are given ascending too; of equal ones at the limit those met first. */
function best(scores: ReadonlyMap<number, number>, sorted: Float64Array, number: number): number[] {
  if (scores.size <= number) return [...scores.keys()]
  const first = sorted.length - number
  const least = sorted[first] ?? 0
  let better = first
  while (sorted[better] === least) better++
  let places = better - first
  const chosen: number[] = []
  for (const [id, score] of scores) {
    if (score > least || (score === least && places-- > 0)) chosen.push(id)
  }
  return chosen
}
