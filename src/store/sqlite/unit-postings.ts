import type { PassageSet } from './passage-scopes.js'

/** How often a unit stands in a passage, and at which words of its text (from 0, ascending). */
export type Posting = { title: number; text: number; readonly places: number[] }
export type Postings = ReadonlyMap<number, Posting>

type PostingRow = readonly [chunkId: number, column: 'title' | 'text' | 'parts', offset: number]

/**
 * Gathers the occurrences of a unit's terms by passage; those of `parts` count as text, but have no place in it. `read`
 * gives a term's occurrences, passage by passage, the places in each field ascending; one list is read at a time.
 */
export function collectPostings(
  terms: readonly string[],
  read: (term: string) => Iterable<PostingRow>,
  passages: PassageSet,
): Postings {
  const postings = new Map<number, Posting>()
  for (const term of terms) {
    let lastId = -1
    let last: Posting | undefined
    for (const [chunkId, column, offset] of read(term)) {
      if (chunkId !== lastId) {
        lastId = chunkId
        last = passages === undefined || passages.has(chunkId) ? entryOf(postings, chunkId) : undefined
      }
      if (last === undefined) continue
      if (column === 'title') last.title++
      else last.text++
      if (column === 'text') last.places.push(offset)
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
