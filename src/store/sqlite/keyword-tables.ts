import type { Database } from 'better-sqlite3'
import type { PlannedUnit, ScoredChunk, TermStatistics } from '../store.js'
import type { PassageSet } from './passage-scopes.js'
import { quoteTerms } from './quote-terms.js'
import { type CountedUnit, type PassageLength, rankPassages } from './rank-passages.js'
import { collectPostings } from './unit-postings.js'

export type KeywordTables = ReturnType<typeof createKeywordTables>

type Totals = { passages: number; titleTerms: number; textTerms: number }
type LengthRow = { chunkId: number; documentId: number; title: number; text: number }

/** The inverted index: FTS5 gives the postings, BM25F and nearness of words are computed here. */
export function createKeywordTables(database: Database) {
  const totals = database.prepare<[], Totals>(
    'SELECT passages, title_terms AS titleTerms, text_terms AS textTerms FROM keyword_totals',
  )
  const frequency = database.prepare<[string], number>('SELECT doc FROM chunk_vocab WHERE term = ?').pluck()
  const postings = database
    .prepare<[string], [number, 'title' | 'text' | 'parts', number]>(
      'SELECT doc, col, offset FROM chunk_postings WHERE term = ?',
    )
    .raw()
  const holders = database.prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?').pluck()
  const lengths = database.prepare<[string], LengthRow>(
    `SELECT l.chunk_id AS chunkId, l.document_id AS documentId, l.title_terms AS title, l.text_terms AS text
     FROM json_each(?) wanted CROSS JOIN chunk_lengths l ON l.chunk_id = wanted.value`,
  )
  const insertLengths = database.prepare(
    'INSERT INTO chunk_lengths (chunk_id, document_id, title_terms, text_terms) VALUES (?, ?, ?, ?)',
  )
  const languages = database.prepare<[], string>('SELECT language FROM languages ORDER BY language').pluck()
  const insertLanguage = database.prepare('INSERT OR IGNORE INTO languages (language) VALUES (?)')
  const termsFrom = database.prepare<[string, string], { term: string; passages: number }>(
    'SELECT term, doc AS passages FROM chunk_vocab WHERE term >= ? AND term < ?',
  )

  function countUnits(units: readonly PlannedUnit[], passages: PassageSet): CountedUnit[] {
    const finding = units.filter(({ finds }) => finds).flatMap(({ terms }) => terms)
    return units.map((unit) => {
      if (!unit.finds) return { ...unit, holders: new Set(holders.all(anyOfBoth(finding, unit.terms))) }
      return { ...unit, postings: collectPostings(unit.terms, (term) => postings.iterate(term), passages) }
    })
  }

  return {
    /** Passages with any of the units that find, best first by score, then by id. */
    search(units: readonly PlannedUnit[], limit: number, passages: PassageSet): ScoredChunk[] {
      const { passages: total = 0, titleTerms = 0, textTerms = 0 } = totals.get() ?? {}
      if (total === 0 || units.length === 0) return []
      const counted = countUnits(units, passages)
      const ids = new Set(counted.flatMap((unit) => ('postings' in unit ? [...unit.postings.keys()] : [])))
      const lengthOf = new Map<number, PassageLength>(
        lengths.all(JSON.stringify([...ids])).map((row) => [row.chunkId, row]),
      )
      const average = { title: titleTerms / total, text: textTerms / total }
      return rankPassages(counted, lengthOf, average).slice(0, limit)
    },

    statistics(terms: readonly string[]): TermStatistics {
      return {
        passages: totals.get()?.passages ?? 0,
        frequencies: new Map(terms.map((term) => [term, frequency.get(term) ?? 0])),
      }
    },

    /** Counts the terms of a passage that was added to `chunk_fts`. */
    addLengths(chunkId: number, documentId: number, titleTerms: string, textTerms: readonly string[]): void {
      const inText = textTerms.reduce((sum, terms) => sum + countTerms(terms), 0)
      insertLengths.run(chunkId, documentId, countTerms(titleTerms), inText)
    },

    addLanguage(language: string): void {
      insertLanguage.run(language)
    },

    languages(): string[] {
      return languages.all()
    },

    /** The terms that begin so, with the number of passages that hold each. */
    termsWithPrefix(prefix: string): { term: string; passages: number }[] {
      return termsFrom.all(prefix, `${prefix}\u{10ffff}`)
    },
  }
}

function countTerms(terms: string): number {
  return terms === '' ? 0 : terms.split(' ').length
}

function anyOfBoth(terms: readonly string[], others: readonly string[]): string {
  const any = (list: readonly string[]) => list.map((term) => quoteTerms([term])).join(' OR ')
  return `(${any(terms)}) AND (${any(others)})`
}
