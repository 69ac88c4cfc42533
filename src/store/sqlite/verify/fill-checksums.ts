import type { Database } from 'better-sqlite3'
import { checksumOf, documentChecksum, passageChecksum } from '../checksum.js'
import { readDocuments, readPassages, readVectors } from './check-content.js'

/** Gives rows of older versions their checksums, in the caller's transaction. */
export function fillChecksums(database: Database): void {
  const setDocument = database.prepare('UPDATE document_texts SET checksum = ? WHERE document_id = ?')
  const setPassage = database.prepare('UPDATE chunks SET checksum = ? WHERE id = ?')
  const setVector = database.prepare('UPDATE vectors SET checksum = ? WHERE id = ?')
  for (const row of readDocuments(database))
    if (row.checksum === null) setDocument.run(documentChecksum(row), row.id)
  for (const row of readPassages(database))
    if (row.checksum === null) setPassage.run(passageChecksum(row), row.id)
  for (const row of readVectors(database))
    if (row.checksum === null) setVector.run(checksumOf(row.key, row.vector), row.id)
}
