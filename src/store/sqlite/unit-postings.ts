import type { PassageSet } from './passage-set.js'

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
export const FIELD = { title: 0, text: 1, parts: 2 } as const

/** Gathers the occurrences of a unit's terms by passage; those of `parts` count as text, but have no place in it. */
export function collectPostings(terms: readonly Occurrences[], passages: PassageSet | undefined): Postings {
  const postings = new Map<number, Posting>()
  for (const { chunkIds, fields, offsets } of terms) {
    let lastId = -1
    let last: Posting | undefined
    for (const [i, chunkId] of chunkIds.entries()) {
      if (chunkId !== lastId) {
        lastId = chunkId
        last = passages === undefined || passages.has(chunkId) ? entryOf(postings, chunkId) : undefined
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

function entryOf(postings: Map<number, Posting>, chunkId: number): Posting {
  const known = postings.get(chunkId)
  if (known !== undefined) return known
  const posting = { title: 0, text: 0, places: [] }
  postings.set(chunkId, posting)
  return posting
}
