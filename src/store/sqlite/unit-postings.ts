/** How often a unit stands in a passage, and at which words of its text (from 0, ascending). */
export type Posting = { title: number; text: number; readonly places: number[] }
export type Postings = ReadonlyMap<number, Posting>

/** Where a term stands, occurrence by occurrence: passage, field and word, in order of passages and then of words. */
export type Occurrences = {
  readonly chunkIds: readonly number[]
  readonly fields: readonly Field[]
  readonly offsets: readonly number[]
}

type Field = (typeof FIELD)[keyof typeof FIELD]
const BLANK = 32
export const FIELD = { title: 0, text: 1, parts: 2 } as const

/** The analysed terms of a passage by field, blank-separated. */
export type PassageTerms = {
  readonly chunkId: number
  readonly title: string
  readonly text: string
  readonly parts: string
}

/**
 * Gathers the occurrences of a unit's terms in these passages; those of `parts` count as text, but have no place in it.
 */
export function collectPostings(terms: readonly Occurrences[], passages: ReadonlySet<number>): Postings {
  const postings = new Map<number, Posting>()
  for (const { chunkIds, fields, offsets } of terms) {
    let lastId = -1
    let last: Posting | undefined
    for (const [i, chunkId] of chunkIds.entries()) {
      if (chunkId !== lastId) {
        lastId = chunkId
        last = passages.has(chunkId) ? entryOf(postings, chunkId) : undefined
      }
      if (last === undefined) continue
      if (fields[i] === FIELD.title) last.title++
      else last.text++
      if (fields[i] === FIELD.text) last.places.push(offsets[i] ?? 0)
    }
  }
  if (terms.length > 1) for (const { places } of postings.values()) places.sort((a, b) => a - b)
  return postings
}

/** The same, from the passages themselves. */
export function countInTexts(terms: readonly string[], passages: readonly PassageTerms[]): Postings {
  const postings = new Map<number, Posting>()
  for (const { chunkId, title, text, parts } of passages) {
    const places = placesOf(terms, text)
    const posting = {
      title: placesOf(terms, title).length,
      text: places.length + placesOf(terms, parts).length,
      places,
    }
    if (posting.title + posting.text > 0) postings.set(chunkId, posting)
  }
  return postings
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

function entryOf(postings: Map<number, Posting>, chunkId: number): Posting {
  const known = postings.get(chunkId)
  if (known !== undefined) return known
  const posting = { title: 0, text: 0, places: [] }
  postings.set(chunkId, posting)
  return posting
}
