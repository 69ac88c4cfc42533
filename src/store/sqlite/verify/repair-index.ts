import type { Database } from 'better-sqlite3'
import { analyzedText } from '../../../text/analyze.js'
import type { Checked, VerifyReport } from '../../verify-report.js'
import { createCodeWriter } from '../codes/code-writer.js'
import { convertStoreError } from '../convert-error.js'
import { createFieldWriter } from '../document-fields.js'
import { assertFullSync, openDatabase } from '../open-database.js'
import { invertedIndexes } from '../schema.js'
import { isUnclosed, markUnclosed } from '../unclosed.js'
import { checkContent, createRecutter, type Damage, paged } from './check-content.js'
import { readMetadata } from './check-derived.js'
import { collectFindings } from './collect-findings.js'
import { fillChecksums } from './fill-checksums.js'
import { rebuildKeywords, type TermsOf } from './rebuild-keywords.js'
import { examine, verifyIndex } from './verify-index.js'

/** Rows that belong to nothing, in this order: what goes may leave others behind. */
const ORPHANS = [
  'DELETE FROM document_texts WHERE document_id NOT IN (SELECT id FROM documents)',
  'DELETE FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)',
  'DELETE FROM chunk_vectors WHERE chunk_id NOT IN (SELECT id FROM chunks) OR vector_id NOT IN (SELECT id FROM vectors)',
  'DELETE FROM vectors WHERE set_id NOT IN (SELECT id FROM vector_sets)',
  'DELETE FROM document_vectors WHERE document_id NOT IN (SELECT id FROM documents) OR vector_id NOT IN (SELECT id FROM vectors)',
  'DELETE FROM codes WHERE chunk_id NOT IN (SELECT id FROM chunks)',
  'DELETE FROM code_sets WHERE set_id NOT IN (SELECT id FROM vector_sets)',
  'DELETE FROM document_fields WHERE document_id NOT IN (SELECT id FROM documents)',
  'DELETE FROM chunk_lengths WHERE chunk_id NOT IN (SELECT id FROM chunks)',
  'DELETE FROM turns WHERE session_id NOT IN (SELECT id FROM sessions)',
  'DELETE FROM turn_citations WHERE turn_id NOT IN (SELECT id FROM turns)',
  'DELETE FROM turn_vectors WHERE turn_id NOT IN (SELECT id FROM turns) OR set_id NOT IN (SELECT id FROM vector_sets)',
]

/** Findings after which the keyword index is made anew. */
const OF_KEYWORDS: readonly Checked[] = ['keywords', 'languages', 'passages', 'references']

/**
 * Mends what can be mended from texts and vectors that are sound, in one transaction: all of it, or nothing. Passages are cut
 * out of their documents again; damaged vectors are taken out, so that `migrate` makes them anew; files whose texts are
 * damaged are marked to be read again by the next `index`; everything derived is made anew where it is wrong. Gives what
 * `verifyIndex` says afterwards; throws STORE_ codes, with nothing changed.
 */
export function repairIndex(path: string, termsOf: TermsOf): VerifyReport {
  const wasUnclosed = isUnclosed(path)
  try {
    const database = openDatabase(path, { create: false })
    try {
      // References are what is being mended; they are checked again at the end.
      database.pragma('foreign_keys = OFF')
      database
        .transaction(() => {
          const { report, damage } = reindexed(database, path)
          const wrong = new Set(report.findings.map(({ check }) => check))
          for (const statement of ORPHANS) database.exec(statement)
          mendPassages(database, damage)
          dropVectors(database, damage)
          markUnread(database)
          if (OF_KEYWORDS.some((check) => wrong.has(check))) rebuildKeywords(database, termsOf)
          mendRanges(database)
          if (wrong.has('fields')) rebuildFields(database)
          if (wrong.has('conversations')) rebuildTurnWords(database)
          rebuildCodes(database)
          fillChecksums(database)
          // Has connections that are open forget what they keep of the index as it was.
          database.exec('INSERT INTO removals (first_chunk, last_chunk) VALUES (0, -1)')
        })
        .immediate()
      assertFullSync(database)
    } finally {
      database.close()
    }
  } catch (thrown) {
    // It has been closed now, and is as damaged as before.
    if (wasUnclosed) markUnclosed(path)
    throw convertStoreError(thrown, path)
  }
  return verifyIndex(path)
}

/** What is wrong, once indexes fit their tables: one that does not would lead the other checks astray. */
function reindexed(database: Database, path: string): ReturnType<typeof examine> {
  const found = examine(database, path)
  if (!found.report.findings.some(({ check, mend }) => check === 'file' && mend === 'repair')) return found
  database.exec('REINDEX')
  return examine(database, path)
}

/** Cuts damaged passages out of their documents again, where that gives what was stored; then they have their sum again. */
function mendPassages(database: Database, { passages }: Damage): void {
  const recut = createRecutter(database)
  const update = database.prepare('UPDATE chunks SET text = ? WHERE id = ?')
  for (const id of passages) {
    const text = recut(id)
    if (text !== undefined) update.run(text, id)
  }
}

function dropVectors(database: Database, { vectors }: Damage): void {
  const drops = ['chunk_vectors WHERE vector_id', 'document_vectors WHERE vector_id', 'vectors WHERE id'].map(
    (rows) => database.prepare<[number]>(`DELETE FROM ${rows} = ?`),
  )
  for (const id of vectors) for (const drop of drops) drop.run(id)
}

/** Has the next `index` read the files of documents and passages that are still damaged. */
function markUnread(database: Database): void {
  const forget = database.prepare(
    `UPDATE files SET fingerprint = '', content_hash = ''
     WHERE (collection_id, uri) = (SELECT collection_id, file_uri FROM documents WHERE id = ?)`,
  )
  for (const id of stillDamaged(database)) forget.run(id)
}

function stillDamaged(database: Database): Set<number> {
  const { documents, passages } = checkContent(database, collectFindings())
  const documentOf = database.prepare<[number], number>('SELECT document_id FROM chunks WHERE id = ?').pluck()
  return new Set([...documents, ...passages.flatMap((id) => documentOf.get(id) ?? [])])
}

function mendRanges(database: Database): void {
  const wanted = 'SELECT document_id, min(id), max(id) FROM chunks GROUP BY document_id'
  const wrong = '(document_id, first_chunk, last_chunk)'
  database.exec(`
    DELETE FROM passage_ranges WHERE ${wrong} NOT IN (${wanted});
    INSERT INTO passage_ranges SELECT * FROM (${wanted})
      WHERE document_id NOT IN (SELECT document_id FROM passage_ranges);
  `)
}

function rebuildFields(database: Database): void {
  database.exec('DELETE FROM document_fields')
  const write = createFieldWriter(database)
  const rows = paged<{ id: number; metadata: string }>(
    database,
    'SELECT id, metadata FROM documents WHERE id > ? ORDER BY id LIMIT ?',
  )
  for (const { id, metadata } of rows) write(id, readMetadata(metadata) ?? {})
}

function rebuildTurnWords(database: Database): void {
  database.exec(`DROP TABLE turn_fts; ${invertedIndexes.turns}`)
  const insert = database.prepare('INSERT INTO turn_fts (rowid, terms) VALUES (?, ?)')
  const rows = paged<{ id: number; question: string; answer: string }>(
    database,
    'SELECT id, question, answer FROM turns WHERE id > ? ORDER BY id LIMIT ?',
  )
  for (const { id, question, answer } of rows) insert.run(id, analyzedText(`${question}\n${answer}`))
}

/** Where one is wrong, or vectors have been taken out. */
function rebuildCodes(database: Database): void {
  const set = database
    .prepare<[], { id: number; dimensions: number }>(
      "SELECT id, dimensions FROM vector_sets WHERE state = 'active'",
    )
    .get()
  const codes = createCodeWriter(database)
  if (set !== undefined && codes.countWrong(set) > 0) codes.rebuild(set)
}
