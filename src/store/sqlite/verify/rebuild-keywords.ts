import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../../errors.js'
import { createKeywordTables, type TermedPassage } from '../keyword-tables.js'
import { invertedIndexes } from '../schema.js'
import { paged } from './check-content.js'

const STEP = 500

/** A passage as its terms are made of it. */
export type PassageWords = {
  readonly title: string
  readonly headings: readonly string[]
  readonly text: string
  /** ISO 639-1. */
  readonly language: string
}
export type TermsOf = (passage: PassageWords) => TermedPassage['chunk']

type Row = {
  readonly id: number
  readonly documentId: number
  readonly title: string
  readonly headings: string
  readonly text: string
  readonly language: string
}

/**
 * Makes the keyword index anew from the passages, with lengths, totals and languages, in the caller's transaction. The new one
 * takes the place of the old when it has every passage; STORE_FAILED else.
 */
export function rebuildKeywords(database: Database, termsOf: TermsOf): void {
  // A broken inverted index can be dropped, but not emptied row by row.
  database.exec(`
    DROP TABLE chunk_vocab;
    DROP TABLE chunk_postings;
    DROP TABLE chunk_fts;
    ${invertedIndexes.passages};
    CREATE VIRTUAL TABLE chunk_vocab USING fts5vocab (chunk_fts, row);
    CREATE VIRTUAL TABLE chunk_postings USING fts5vocab (chunk_fts, instance);
    DELETE FROM chunk_lengths;
    DELETE FROM keyword_totals;
    INSERT INTO keyword_totals (passages, title_terms, text_terms) VALUES (0, 0, 0);
    DELETE FROM common_terms;
    DELETE FROM languages;
  `)
  const keywords = createKeywordTables(database)
  const rows = paged<Row>(
    database,
    `SELECT k.id, k.document_id AS documentId, d.title, k.headings, k.text, k.language
     FROM chunks k JOIN documents d ON d.id = k.document_id WHERE k.id > ? ORDER BY k.id LIMIT ?`,
  )
  let waiting: TermedPassage[] = []
  for (const { id, documentId, headings, ...words } of rows) {
    const chunk = termsOf({ ...words, headings: readHeadings(headings) })
    waiting.push({ chunkId: id, documentId, chunk })
    if (waiting.length < STEP) continue
    keywords.add(waiting)
    waiting = []
  }
  keywords.add(waiting)
  const missing = database
    .prepare<[], number>('SELECT (SELECT count(*) FROM chunks) - (SELECT count(*) FROM chunk_fts_docsize)')
    .pluck()
    .get()
  if (missing !== 0)
    throw new GemdexError(
      'STORE_FAILED',
      `The new keyword index lacks ${missing} passages: the old one stays`,
    )
}

function readHeadings(text: string): string[] {
  try {
    return JSON.parse(text) as string[]
  } catch {
    return []
  }
}
