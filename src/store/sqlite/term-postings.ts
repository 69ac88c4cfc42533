import type { Database } from 'better-sqlite3'

/** Where a term stands, passage by passage in the order of their ids: entry i of each list is of one passage. */
export type TermPostings = {
  readonly chunkIds: Uint32Array
  /** Occurrences in the title. */
  readonly titles: Uint32Array
  /** Occurrences in the text and among the parts of its words. */
  readonly texts: Uint32Array
  /** The words of all texts at which it stands, ascending within a passage: those of passage i from `starts[i]` to `starts[i + 1]`. */
  readonly places: Uint32Array
  readonly starts: Uint32Array
}

/**
 * Occurrences that a connection keeps, of the terms asked for last: 10 MB at most. What is common is asked for again and
 * again, and takes a quarter of a microsecond for each occurrence to read.
 */
const KEPT_OCCURRENCES = 500_000
/** What each term counts for beside its occurrences: with hardly any, its five lists take 1.2 kB. */
export const TERM_COST = 60
/** An occurrence in one number: its passage, the word of its field, and the field. Passages of 200 words leave room. */
const WORDS = 2 ** 20
const FIELDS = 4
const FIELD = { title: 0, text: 1, parts: 2 } as const
const COMMA = 44
const DIGIT_0 = 48

export type TermPostingsReader = ReturnType<typeof createTermPostings>

/** Reads postings from the inverted index, and keeps those of common terms while `state` gives the same. */
export function createTermPostings(database: Database, state: () => string, most = KEPT_OCCURRENCES) {
  // One string crosses the driver four times as fast as a row for each occurrence.
  const occurrences = database
    .prepare<[string], string | null>(
      `SELECT group_concat((doc * ${WORDS} + offset) * ${FIELDS} +
         CASE col WHEN 'text' THEN ${FIELD.text} WHEN 'title' THEN ${FIELD.title} ELSE ${FIELD.parts} END)
       FROM chunk_postings WHERE term = ?`,
    )
    .pluck()
  const known = new Map<string, { readonly postings: TermPostings; readonly size: number }>()
  let knownState: string | undefined
  let size = 0

  function forget(term: string): void {
    size -= known.get(term)?.size ?? 0
    known.delete(term)
  }

  return {
    /** To be called before the postings of a search are asked for: drops what has changed, and says whether it has. */
    refresh(): boolean {
      const present = state()
      if (present === knownState) return false
      known.clear()
      size = 0
      knownState = present
      return true
    },

    /** Whether they are known without reading. */
    isKept: (term: string): boolean => known.has(term),

    of(term: string): TermPostings {
      const found = known.get(term)
      const read = found ?? readOccurrences(occurrences.get(term) ?? '')
      forget(term)
      known.set(term, read)
      size += read.size
      for (const oldest of known.keys()) {
        if (size <= most) break
        forget(oldest)
      }
      return read.postings
    },
  }
}

/** Comma-separated numbers, ascending. */
function readOccurrences(list: string): { postings: TermPostings; size: number } {
  const packed = parseNumbers(list)
  const ids = new Uint32Array(packed.length)
  const titles = new Uint32Array(packed.length)
  const texts = new Uint32Array(packed.length)
  const starts = new Uint32Array(packed.length + 1)
  const places = new Uint32Array(packed.length)
  let passages = 0
  let placed = 0
  for (const occurrence of packed) {
    const id = Math.floor(occurrence / (WORDS * FIELDS))
    // Below 2^31: a remainder of whole numbers is quicker than one of floats.
    const place = occurrence - id * (WORDS * FIELDS)
    const field = place % FIELDS
    const offset = (place - field) / FIELDS
    if (passages === 0 || ids[passages - 1] !== id) {
      ids[passages] = id
      starts[passages] = placed
      passages++
    }
    const counts = field === FIELD.title ? titles : texts
    counts[passages - 1] = (counts[passages - 1] ?? 0) + 1
    if (field === FIELD.text) places[placed++] = offset
  }
  starts[passages] = placed
  const postings = {
    chunkIds: ids.slice(0, passages),
    titles: titles.slice(0, passages),
    texts: texts.slice(0, passages),
    starts: starts.slice(0, passages + 1),
    places: places.slice(0, placed),
  }
  return { postings, size: TERM_COST + packed.length }
}

/** Half of the time that JSON.parse takes. */
function parseNumbers(list: string): Float64Array {
  const numbers = new Float64Array((list.length >> 1) + 1)
  let count = 0
  let value = 0
  for (let at = 0; at < list.length; at++) {
    const code = list.charCodeAt(at)
    if (code === COMMA) {
      numbers[count++] = value
      value = 0
    } else value = value * 10 + (code - DIGIT_0)
  }
  if (list !== '') numbers[count++] = value
  return numbers.subarray(0, count)
}
