import type { PlannedUnit } from '../store.js'
import type { IdSet } from './id-set.js'
import { saturate, TITLE_WEIGHT } from './rank-passages.js'
import type { TermPostings } from './term-postings.js'

/** A unit with where its terms stand. */
export type Counted = { readonly unit: PlannedUnit; readonly terms: readonly TermPostings[] }

/** Passages worth ranking, and those of them worth reading: ids, ascending. */
export type Chosen = { readonly ranked: Uint32Array; readonly read: Uint32Array }

/** Passages with a number each, in the order of their ids. */
type Numbered = { readonly ids: Uint32Array; readonly numbers: Float64Array }

const NONE: Numbered = { ids: new Uint32Array(0), numbers: new Float64Array(0) }

/**
 * Chooses among the passages that hold a unit that finds, by BM25 with every passage of average length: lengths are
 * looked up one by one, which takes longer than all of this. All of them, while they are no more than wanted.
 */
export function roughlyBest(
  counted: readonly Counted[],
  passages: IdSet | undefined,
  wanted: { readonly ranked: number; readonly read: number },
): Chosen {
  const finding = counted.filter(({ unit }) => unit.role === 'find').map(scoresOf)
  const others = counted.filter(({ unit }) => unit.role !== 'find').map(scoresOf)
  const found = within(finding.reduce(addAll, NONE), passages)
  const scores = others.reduce(addToKnown, found)
  const ranked = best(scores, wanted.ranked)
  return { ranked: ranked.ids, read: best(ranked, wanted.read).ids }
}

function scoresOf({ unit, terms }: Counted): Numbered {
  const { ids, numbers } = terms.map(frequenciesOf).reduce(addAll, NONE)
  for (let i = 0; i < numbers.length; i++) numbers[i] = unit.weight * saturate(numbers[i] ?? 0)
  return { ids, numbers }
}

function frequenciesOf({ chunkIds, titles, texts }: TermPostings): Numbered {
  const numbers = new Float64Array(chunkIds.length)
  for (let i = 0; i < numbers.length; i++) numbers[i] = TITLE_WEIGHT * (titles[i] ?? 0) + (texts[i] ?? 0)
  return { ids: chunkIds, numbers }
}

/** Adds up the numbers of passages that either has. */
function addAll(some: Numbered, more: Numbered): Numbered {
  if (some.ids.length === 0) return more
  const ids = new Uint32Array(some.ids.length + more.ids.length)
  const numbers = new Float64Array(ids.length)
  let [i, j, count] = [0, 0, 0]
  while (i < some.ids.length || j < more.ids.length) {
    const own = some.ids[i] ?? Number.POSITIVE_INFINITY
    const other = more.ids[j] ?? Number.POSITIVE_INFINITY
    ids[count] = Math.min(own, other)
    const before = own <= other ? (some.numbers[i++] ?? 0) : 0
    numbers[count++] = other <= own ? before + (more.numbers[j++] ?? 0) : before
  }
  return { ids: ids.subarray(0, count), numbers: numbers.subarray(0, count) }
}

/** Adds to the numbers of passages that are known. */
function addToKnown({ ids, numbers }: Numbered, more: Numbered): Numbered {
  const sums = numbers.slice()
  let j = 0
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    while (j < more.ids.length && (more.ids[j] ?? 0) < id) j++
    if (more.ids[j] === id) sums[i] = (sums[i] ?? 0) + (more.numbers[j] ?? 0)
  }
  return { ids, numbers: sums }
}

function within(found: Numbered, passages: IdSet | undefined): Numbered {
  return passages === undefined ? found : filter(found, (id) => passages.has(id))
}

function filter({ ids, numbers }: Numbered, isWanted: (id: number, number: number) => boolean): Numbered {
  const kept = { ids: new Uint32Array(ids.length), numbers: new Float64Array(ids.length) }
  let count = 0
  for (let i = 0; i < ids.length; i++) {
    const [id, number] = [ids[i] ?? 0, numbers[i] ?? 0]
    if (!isWanted(id, number)) continue
    kept.ids[count] = id
    kept.numbers[count++] = number
  }
  return { ids: kept.ids.subarray(0, count), numbers: kept.numbers.subarray(0, count) }
}

/** Those with the greatest numbers, in the order of their ids; of equal ones at the limit those with the lowest ids. */
function best(scores: Numbered, wanted: number): Numbered {
  const first = scores.numbers.length - wanted
  if (first <= 0) return scores
  const sorted = scores.numbers.slice().sort()
  const least = sorted[first] ?? 0
  let better = first
  while (sorted[better] === least) better++
  let places = better - first
  return filter(scores, (_, score) => score > least || (score === least && places-- > 0))
}
