import type { Database } from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from './open-database.js'
import { waitInTurn } from './wait-in-turn.js'

/** FTS5 reads all postings of a term to tell how many there are: half a millisecond up to here, 40 ms for `the` in a million. */
const COMMON = 10_000
/** Counts of common terms are renewed when the index has become so many times as large or as small. */
const GROWTH = 1.5

export type TermFrequencies = ReturnType<typeof createTermFrequencies>

/**
 * In how many passages terms occur. Terms in more than 10,000 are taken to be as common as when they were last counted,
 * which changes their weight by less than a tenth.
 */
export function createTermFrequencies(database: Database, leastCommon = COMMON) {
  const frequency = database.prepare<[string], number>('SELECT doc FROM chunk_vocab WHERE term = ?').pluck()
  const common = database
    .prepare<[string], number>(
      `SELECT max(1, round(1.0 * c.passages * t.passages / t.counted_passages))
       FROM common_terms c JOIN keyword_totals t ON t.counted_passages > 0 WHERE c.term = ?`,
    )
    .pluck()
  const sizes = database.prepare<[], { passages: number; counted: number }>(
    'SELECT passages, counted_passages AS counted FROM keyword_totals',
  )
  const countAll = database.prepare<[number], { term: string; passages: number }>(
    'SELECT term, doc AS passages FROM chunk_vocab WHERE doc >= ?',
  )
  const clear = database.prepare('DELETE FROM common_terms')
  const insert = database.prepare('INSERT INTO common_terms (term, passages) VALUES (?, ?)')
  const setCounted = database.prepare('UPDATE keyword_totals SET counted_passages = ?')
  const termsFrom = database.prepare<[string, string], { term: string; passages: number }>(
    'SELECT term, doc AS passages FROM chunk_vocab WHERE term >= ? AND term < ?',
  )

  const put = database.transaction(
    (terms: readonly { readonly term: string; readonly passages: number }[], counted: number) => {
      clear.run()
      for (const { term, passages } of terms) insert.run(term, passages)
      setCounted.run(counted)
    },
  )

  return {
    of(term: string): number {
      return common.get(term) ?? frequency.get(term) ?? 0
    },

    withPrefix(prefix: string): { term: string; passages: number }[] {
      return termsFrom.all(prefix, `${prefix}\u{10ffff}`)
    },

    /**
     * Counts common terms anew when the index has changed by half since. Reads all postings, which takes 7 s for a million
     * passages of 120 words: outside of a transaction, so that nobody waits for it.
     */
    refresh(): void {
      const { passages = 0, counted = 0 } = sizes.get() ?? {}
      const least = Math.max(leastCommon, counted)
      if (passages <= GROWTH * least && passages * GROWTH >= counted) return
      const terms = countAll.all(leastCommon)
      waitInTurn(database, BUSY_TIMEOUT_MS, () => put.immediate(terms, passages))
    },
  }
}
