import type { Database } from 'better-sqlite3'
import type { IndexedChunk, PlannedUnit, ScoredChunk, TermStatistics } from '../store.js'
import type { PassageSet } from './passage-set.js'
import { anyOf, quoteTerms } from './quote-terms.js'
import { type CountedUnit, type PassageLength, rankPassages } from './rank-passages.js'
import { collectPostings, FIELD, type Occurrences } from './unit-postings.js'

/** A passage that has just been added, whose terms and vector are not there yet. */
export type AddedPassage = {
  readonly chunkId: number
  readonly documentId: number
  readonly chunk: IndexedChunk
}

export type KeywordTables = ReturnType<typeof createKeywordTables>

type Totals = { passages: number; titleTerms: number; textTerms: number }
type LengthLists = Record<'chunkIds' | 'documentIds' | 'titles' | 'texts', readonly number[]>

/** The inverted index: FTS5 gives the postings, BM25F and nearness of words are computed here. */
export function createKeywordTables(database: Database) {
  const totals = database.prepare<[], Totals>(
    'SELECT passages, title_terms AS titleTerms, text_terms AS textTerms FROM keyword_totals',
  )
  const frequency = database.prepare<[string], number>('SELECT doc FROM chunk_vocab WHERE term = ?').pluck()
  // One row of three lists crosses the driver twice as fast as a row for each occurrence.
  const occurrences = database.prepare<[string], Record<keyof Occurrences, string>>(
    `SELECT json_group_array(doc) AS chunkIds, json_group_array(offset) AS offsets,
       json_group_array(CASE col WHEN 'title' THEN ${FIELD.title} WHEN 'text' THEN ${FIELD.text} ELSE ${FIELD.parts} END)
         AS fields
     FROM chunk_postings WHERE term = ?`,
  )
  const holders = database
    .prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const titled = database
    .prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const lengths = database.prepare<[string], Record<keyof LengthLists, string>>(
    `SELECT json_group_array(l.chunk_id) AS chunkIds, json_group_array(l.document_id) AS documentIds,
       json_group_array(l.title_terms) AS titles, json_group_array(l.text_terms) AS texts
     FROM json_each(?) wanted CROSS JOIN chunk_lengths l ON l.chunk_id = wanted.value`,
  )
  const insertTerms = database.prepare(
    'INSERT INTO chunk_fts (rowid, title, text, parts) VALUES (?, ?, ?, ?)',
  )
  const deleteTerms = database.prepare(
    'DELETE FROM chunk_fts WHERE rowid IN (SELECT id FROM chunks WHERE document_id = ?)',
  )
  const insertLengths = database.prepare(
    'INSERT INTO chunk_lengths (chunk_id, document_id, title_terms, text_terms) VALUES (?, ?, ?, ?)',
  )
  const changeTotals = database.prepare(
    'UPDATE keyword_totals SET passages = passages + ?, title_terms = title_terms + ?, text_terms = text_terms + ?',
  )
  const totalsOf = database.prepare<[number], Totals>(
    `SELECT count(*) AS passages, coalesce(sum(l.title_terms), 0) AS titleTerms, coalesce(sum(l.text_terms), 0) AS textTerms
     FROM chunks k JOIN chunk_lengths l ON l.chunk_id = k.id WHERE k.document_id = ?`,
  )
  const languages = database.prepare<[], string>('SELECT language FROM languages ORDER BY language').pluck()
  const insertLanguage = database.prepare('INSERT OR IGNORE INTO languages (language) VALUES (?)')
  const termsFrom = database.prepare<[string, string], { term: string; passages: number }>(
    'SELECT term, doc AS passages FROM chunk_vocab WHERE term >= ? AND term < ?',
  )

  const merge = database.prepare("INSERT INTO chunk_fts (chunk_fts) VALUES ('optimize')")

  function occurrencesOf(term: string): Occurrences {
    const { chunkIds = '[]', fields = '[]', offsets = '[]' } = occurrences.get(term) ?? {}
    return { chunkIds: JSON.parse(chunkIds), fields: JSON.parse(fields), offsets: JSON.parse(offsets) }
  }

  function lengthsOf(ids: readonly number[]): Map<number, PassageLength> {
    const row = lengths.get(JSON.stringify(ids))
    const list = (name: keyof LengthLists): readonly number[] => JSON.parse(row?.[name] ?? '[]')
    const [documentIds, titles, texts] = [list('documentIds'), list('titles'), list('texts')]
    return new Map(
      list('chunkIds').map((chunkId, i) => [
        chunkId,
        { documentId: documentIds[i] ?? 0, title: titles[i] ?? 0, text: texts[i] ?? 0 },
      ]),
    )
  }

  function countUnits(units: readonly PlannedUnit[], passages: PassageSet | undefined): CountedUnit[] {
    const finding = units.filter(({ role }) => role === 'find').flatMap(({ terms }) => terms)
    return units.map((unit) => {
      if (unit.role === 'mark')
        return { ...unit, holders: new Set(holders.all(anyOfBoth(finding, unit.terms))) }
      return { ...unit, postings: collectPostings(unit.terms.map(occurrencesOf), passages) }
    })
  }

  return {
    /** Passages with any of the units that find, best first by score, then by id. */
    search(units: readonly PlannedUnit[], limit: number, passages: PassageSet | undefined): ScoredChunk[] {
      const { passages: total = 0, titleTerms = 0, textTerms = 0 } = totals.get() ?? {}
      if (total === 0 || units.length === 0) return []
      const counted = countUnits(units, passages)
      const found = counted.filter(({ role }) => role === 'find')
      const ids = new Set(found.flatMap((unit) => ('postings' in unit ? [...unit.postings.keys()] : [])))
      const average = { title: titleTerms / total, text: textTerms / total }
      return rankPassages(counted, lengthsOf([...ids]), average).slice(0, limit)
    },

    searchTitles(
      terms: readonly string[],
      prefix: string,
      limit: number,
      passages: PassageSet | undefined,
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

    /** Merges the index into one piece, without what was deleted. */
    merge(): void {
      merge.run()
    },

    statistics(terms: readonly string[]): TermStatistics {
      return {
        passages: totals.get()?.passages ?? 0,
        frequencies: new Map(terms.map((term) => [term, frequency.get(term) ?? 0])),
      }
    },

    /**
     * Adds the terms of passages. All of a transaction at once: before any other statement that may be undone by itself
     * FTS5 writes what it has gathered, and small pieces cost a quarter of the time that indexing takes.
     */
    add(passages: readonly AddedPassage[]): void {
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

    /** Takes out the terms of a document's passages, which are still there. */
    removeDocument(documentId: number): void {
      const { passages = 0, titleTerms = 0, textTerms = 0 } = totalsOf.get(documentId) ?? {}
      changeTotals.run(-passages, -titleTerms, -textTerms)
      deleteTerms.run(documentId)
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

/** Of blank-separated terms. */
function countTerms(terms: string): number {
  let count = terms === '' ? 0 : 1
  for (let at = terms.indexOf(' '); at !== -1; at = terms.indexOf(' ', at + 1)) count++
  return count
}

function anyOfBoth(terms: readonly string[], others: readonly string[]): string {
  return `(${anyOf(terms)}) AND (${anyOf(others)})`
}
