import type { Database } from 'better-sqlite3'
import type { Metadata } from '../../../types.js'
import { createCodeWriter } from '../codes/code-writer.js'
import { type FieldRow, fieldRows } from '../document-fields.js'
import { paged } from './check-content.js'
import type { Findings } from './collect-findings.js'

/** Checks what is made from texts and vectors: it must agree with them, row by row where that is cheap. */
export function checkDerived(database: Database, findings: Findings): void {
  const count = (sql: string) => database.prepare<[], number>(sql).pluck().get() ?? 0
  const differ = (one: string, other: string) =>
    count(`SELECT (SELECT count(*) FROM (SELECT ${one} EXCEPT SELECT ${other}))
      + (SELECT count(*) FROM (SELECT ${other} EXCEPT SELECT ${one}))`)

  findings.run('keywords', () => {
    const message = 'Passages and their terms do not agree'
    findings.add('keywords', 'repair', differ('id FROM chunks', 'id FROM chunk_fts_docsize'), message)
    const lengths = 'Passages and the lengths that ranking needs do not agree'
    const wrong = differ('id, document_id FROM chunks', 'chunk_id, document_id FROM chunk_lengths')
    findings.add('keywords', 'repair', wrong, lengths)
    const totals = differ(
      'passages, title_terms, text_terms FROM keyword_totals',
      'count(*), ifnull(sum(title_terms), 0), ifnull(sum(text_terms), 0) FROM chunk_lengths',
    )
    findings.add('keywords', 'repair', totals > 0 ? 1 : 0, 'The totals that ranking needs are wrong')
  })
  findings.run('ranges', () => {
    const wrong = differ(
      'document_id, first_chunk, last_chunk FROM passage_ranges',
      'document_id, min(id), max(id) FROM chunks GROUP BY document_id',
    )
    findings.add('ranges', 'repair', wrong, 'Documents and the ranges of their passages do not agree')
  })
  findings.run('languages', () => {
    const missing = count(
      'SELECT count(*) FROM (SELECT language FROM chunks EXCEPT SELECT language FROM languages)',
    )
    findings.add('languages', 'repair', missing, 'Languages of passages are not listed')
  })
  findings.run('fields', () => {
    const wrong = documentsWithWrongFields(database)
    findings.add(
      'fields',
      'repair',
      wrong.length,
      'What filters find documents by is not what they say',
      wrong,
    )
  })
  findings.run('conversations', () => {
    const wrong = differ('id FROM turns', 'id FROM turn_fts_docsize')
    findings.add('conversations', 'repair', wrong, 'Turns of conversations and their words do not agree')
  })
  findings.run('codes', () => {
    const set = database
      .prepare<[], { id: number; dimensions: number }>(
        "SELECT id, dimensions FROM vector_sets WHERE state = 'active'",
      )
      .get()
    if (set === undefined) return
    const wrong = createCodeWriter(database).countWrong(set)
    findings.add('codes', 'repair', wrong, 'Search codes are not those of their vectors')
  })
}

function documentsWithWrongFields(database: Database): string[] {
  const fieldsOf = database.prepare<[number], FieldRow>(
    'SELECT field, kind, value FROM document_fields WHERE document_id = ?',
  )
  const wrong: string[] = []
  const rows = paged<{ id: number; metadata: string; name: string }>(
    database,
    `SELECT d.id, d.metadata, c.name || '/' || d.uri AS name FROM documents d
     JOIN collections c ON c.id = d.collection_id WHERE d.id > ? ORDER BY d.id LIMIT ?`,
  )
  for (const { id, metadata, name } of rows) {
    const wanted = readMetadata(metadata)
    if (wanted !== undefined && !areSame(fieldRows(wanted), fieldsOf.all(id))) wrong.push(name)
  }
  return wrong
}

/** Undefined for what is damaged itself, which its checksum tells. */
export function readMetadata(text: string): Metadata | undefined {
  try {
    return JSON.parse(text) as Metadata
  } catch {
    return undefined
  }
}

function areSame(some: readonly FieldRow[], others: readonly FieldRow[]): boolean {
  const keys = (rows: readonly FieldRow[]) =>
    rows.map(({ field, kind, value }) => JSON.stringify([field, kind, value])).sort()
  return some.length === others.length && keys(some).join('\n') === keys(others).join('\n')
}
