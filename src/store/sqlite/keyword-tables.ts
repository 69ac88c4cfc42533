import type { Database } from 'better-sqlite3'
import type { IndexedChunk, TermStatistics } from '../store.js'
import type { IdSet } from './id-set.js'
import { quoteTerms } from './quote-terms.js'
import { createTermFrequencies } from './term-frequencies.js'

/** A passage that has just been added, whose terms and vector are not there yet. */
export type AddedPassage = {
  readonly chunkId: number
  readonly documentId: number
  readonly chunk: IndexedChunk
}

/** The same, as far as its terms go. */
export type TermedPassage = Omit<AddedPassage, 'chunk'> & {
  readonly chunk: Pick<IndexedChunk, 'titleTerms' | 'textTerms' | 'partTerms' | 'language'>
}

export type KeywordTables = ReturnType<typeof createKeywordTables>

export type KeywordTotals = { passages: number; titleTerms: number; textTerms: number }

/** The inverted index with what ranking needs beside it. Writes expect to run inside the caller's transaction. */
export function createKeywordTables(database: Database) {
  const totals = database.prepare<[], KeywordTotals>(
    'SELECT passages, title_terms AS titleTerms, text_terms AS textTerms FROM keyword_totals',
  )
  const frequencies = createTermFrequencies(database)
  const titled = database
    .prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const insertTerms = database.prepare(
    'INSERT INTO chunk_fts (rowid, title, text, parts) VALUES (?, ?, ?, ?)',
  )
  const deleteTerms = database.prepare<[string]>(
    `DELETE FROM chunk_fts WHERE rowid IN
       (SELECT k.id FROM json_each(?) wanted CROSS JOIN chunks k ON k.document_id = wanted.value)`,
  )
  const insertLengths = database.prepare(
    'INSERT INTO chunk_lengths (chunk_id, document_id, title_terms, text_terms) VALUES (?, ?, ?, ?)',
  )
  const changeTotals = database.prepare(
    'UPDATE keyword_totals SET passages = passages + ?, title_terms = title_terms + ?, text_terms = text_terms + ?',
  )
  const totalsOf = database.prepare<[string], KeywordTotals>(
    `SELECT count(*) AS passages, coalesce(sum(l.title_terms), 0) AS titleTerms, coalesce(sum(l.text_terms), 0) AS textTerms
     FROM json_each(?) wanted CROSS JOIN chunks k ON k.document_id = wanted.value
     JOIN chunk_lengths l ON l.chunk_id = k.id`,
  )
  const insertLanguage = database.prepare('INSERT OR IGNORE INTO languages (language) VALUES (?)')
  const merge = database.prepare("INSERT INTO chunk_fts (chunk_fts) VALUES ('optimize')")

  const totalsNow = (): KeywordTotals => totals.get() ?? { passages: 0, titleTerms: 0, textTerms: 0 }

  return {
    totals: totalsNow,

    statistics(terms: readonly string[]): TermStatistics {
      return {
        passages: totalsNow().passages,
        frequencies: new Map(terms.map((term) => [term, frequencies.of(term)])),
      }
    },

    /** The terms that begin so, with the number of passages that hold each. */
    termsWithPrefix: frequencies.withPrefix,

    searchTitles(
      terms: readonly string[],
      prefix: string,
      limit: number,
      passages: IdSet | undefined,
    ): number[] {
      const wanted = terms.map((term) => quoteTerms([term]))
      if (prefix !== '') wanted.push(`${quoteTerms([prefix])} *`)
      const found: number[] = []
      if (wanted.length === 0) return found
      for (const chunkId of titled.iterate(`title : (${wanted.join(' AND ')})`)) {
        if (passages?.has(chunkId) ?? true) found.push(chunkId)
        if (found.length === limit) break
      }
      return found
    },

    /**
     * Adds the terms of passages. All of a transaction at once: before any other statement that may be undone by itself
     * FTS5 writes what it has gathered, and small pieces cost a quarter of the time that indexing takes.
     */
    add(passages: readonly TermedPassage[]): void {
      let [inTitles, inTexts] = [0, 0]
      for (const { chunkId, documentId, chunk } of passages) {
        const title = countTerms(chunk.titleTerms)
        const text = countTerms(chunk.textTerms) + countTerms(chunk.partTerms)
        insertLengths.run(chunkId, documentId, title, text)
        inTitles += title
        inTexts += text
      }
      changeTotals.run(passages.length, inTitles, inTexts)
      for (const language of new Set(passages.map(({ chunk }) => chunk.language)))
        insertLanguage.run(language)
      for (const { chunkId, chunk } of passages)
        insertTerms.run(chunkId, chunk.titleTerms, chunk.textTerms, chunk.partTerms)
    },

    /** Takes out the terms of documents' passages, which are still there. Of many at once, for the reason that `add` has. */
    removeDocuments(documentIds: readonly number[]): void {
      const ids = JSON.stringify(documentIds)
      const { passages = 0, titleTerms = 0, textTerms = 0 } = totalsOf.get(ids) ?? {}
      changeTotals.run(-passages, -titleTerms, -textTerms)
      deleteTerms.run(ids)
    },

    /** Outside of a transaction, after writing: keeps what is known of common terms close to the truth. */
    refresh: frequencies.refresh,

    /** Merges the index into one piece, without what was deleted. */
    merge(): void {
      merge.run()
    },
  }
}

/** Of blank-separated terms. */
function countTerms(terms: string): number {
  let count = terms === '' ? 0 : 1
  for (let at = terms.indexOf(' '); at !== -1; at = terms.indexOf(' ', at + 1)) count++
  return count
}
