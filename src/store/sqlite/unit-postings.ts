import type { TermPostings } from './term-postings.js'

/** How often a unit stands in some passages, and where: entry i of each list is of passage i. */
export type UnitPostings = {
  /** Occurrences in the title. */
  readonly titles: Uint32Array
  /** Occurrences in the text and among the parts of its words. */
  readonly texts: Uint32Array
  /** The words of texts (from 0) at which it stands: those of passage i from `starts[i]` to `ends[i]`, ascending. */
  readonly places: ArrayLike<number>
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

const BLANK = 32

/** The analysed terms of a passage by field, blank-separated. */
export type PassageTerms = {
  readonly chunkId: number
  readonly title: string
  readonly text: string
  readonly parts: string
}

/**
 * Gathers the occurrences of a unit's terms in these passages (ascending ids), or in those of them that count; those of
 * `parts` count as text, but have no place in it.
 */
export function collectPostings(
  terms: readonly TermPostings[],
  passages: Uint32Array,
  isCounted: (id: number) => boolean = () => true,
): UnitPostings {
  const [first, ...others] = terms.map((term) => postingsIn(term, passages, isCounted))
  return others.reduce(together, first ?? noPostings(passages.length, []))
}

function noPostings(passages: number, places: ArrayLike<number>): UnitPostings {
  const zeros = () => new Uint32Array(passages)
  return { titles: zeros(), texts: zeros(), places, starts: zeros(), ends: zeros() }
}

function postingsIn(
  { chunkIds, titles, texts, places, starts }: TermPostings,
  passages: Uint32Array,
  isCounted: (id: number) => boolean,
): UnitPostings {
  const found = noPostings(passages.length, places)
  let at = 0
  for (let i = 0; i < passages.length; i++) {
    const id = passages[i] ?? 0
    while (at < chunkIds.length && (chunkIds[at] ?? 0) < id) at++
    if (chunkIds[at] !== id || !isCounted(id)) continue
    found.titles[i] = titles[at] ?? 0
    found.texts[i] = texts[at] ?? 0
    found.starts[i] = starts[at] ?? 0
    found.ends[i] = starts[at + 1] ?? 0
  }
  return found
}

function together(a: UnitPostings, b: UnitPostings): UnitPostings {
  const places: number[] = []
  const sum = noPostings(a.titles.length, places)
  const placesIn = ({ places, starts, ends }: UnitPostings, i: number) =>
    Array.from({ length: (ends[i] ?? 0) - (starts[i] ?? 0) }, (_, k) => places[(starts[i] ?? 0) + k] ?? 0)
  for (let i = 0; i < sum.titles.length; i++) {
    sum.titles[i] = (a.titles[i] ?? 0) + (b.titles[i] ?? 0)
    sum.texts[i] = (a.texts[i] ?? 0) + (b.texts[i] ?? 0)
    sum.starts[i] = places.length
    places.push(...[...placesIn(a, i), ...placesIn(b, i)].sort((x, y) => x - y))
    sum.ends[i] = places.length
  }
  return sum
}

/** The same, from the terms of some of the passages, which come in the order of their ids. */
export function countInTexts(
  terms: readonly string[],
  texts: readonly PassageTerms[],
  passages: Uint32Array,
): UnitPostings {
  const places: number[] = []
  const found = noPostings(passages.length, places)
  let i = 0
  for (const { chunkId, title, text, parts } of texts) {
    while (i < passages.length && (passages[i] ?? 0) < chunkId) i++
    if (passages[i] !== chunkId) continue
    found.starts[i] = places.length
    places.push(...placesOf(terms, text))
    found.ends[i] = places.length
    found.titles[i] = placesOf(terms, title).length
    found.texts[i] = places.length - (found.starts[i] ?? 0) + placesOf(terms, parts).length
  }
  return found
}

/** The positions of any of the terms among blank-separated ones, ascending. To look for each is five times as fast as to split. */
function placesOf(terms: readonly string[], text: string): number[] {
  const places: number[] = []
  const padded = ` ${text} `
  for (const term of terms) {
    const wanted = ` ${term} `
    let place = 0
    let counted = 0
    for (let at = padded.indexOf(wanted); at !== -1; at = padded.indexOf(wanted, at + 1)) {
      for (; counted < at; counted++) if (padded.charCodeAt(counted) === BLANK) place++
      places.push(place)
    }
  }
  return terms.length > 1 ? places.sort((a, b) => a - b) : places
}
