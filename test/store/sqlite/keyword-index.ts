import type Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { AddedPassage } from '../../../src/store/sqlite/keyword-tables.js'
import { openDatabase } from '../../../src/store/sqlite/open-database.js'
import { makeChunks } from '../samples.js'

/** An index in memory without anything in it, closed after the test. */
export function openMemory(): Database.Database {
  const database = openDatabase(':memory:', { create: true })
  onTestFinished(() => {
    database.close()
  })
  return database
}

/** Puts passages into an index, each in a document of its own, up to their terms: their words. */
export function passagesOf(database: Database.Database, texts: readonly string[]): AddedPassage[] {
  database.exec("INSERT OR IGNORE INTO collections (id, name) VALUES (1, 'notes')")
  const insertDocument = database.prepare(
    `INSERT INTO documents (public_id, collection_id, uri, title, type, metadata, size_bytes, content_hash, modified_ms,
       indexed_ms) VALUES ($name, 1, $name, '', '', '{}', 0, '', 0, 0)`,
  )
  const insertChunk = database.prepare(
    `INSERT INTO chunks (document_id, ordinal, start, end, tokens, headings, location, text)
     VALUES (?, 0, 0, 0, 0, '', '', ?)`,
  )
  const before = database.prepare<[], number>('SELECT count(*) FROM documents').pluck().get() ?? 0
  return makeChunks(texts.map((text) => ({ text }))).map((chunk, i) => {
    const documentId = Number(insertDocument.run({ name: `n${before + i}` }).lastInsertRowid)
    return { documentId, chunkId: Number(insertChunk.run(documentId, chunk.text).lastInsertRowid), chunk }
  })
}
