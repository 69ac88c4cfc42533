import type { Database } from 'better-sqlite3'
import {
  type ChecksummedDocument,
  type ChecksummedPassage,
  checksumOf,
  documentChecksum,
  passageChecksum,
} from '../checksum.js'
import type { Findings } from './collect-findings.js'

/** Rows read at a time. */
const STEP = 500

type Summed = { readonly id: number; readonly checksum: number | null }
type DocumentRow = Summed & ChecksummedDocument & { readonly name: string }
type PassageRow = Summed & ChecksummedPassage & { readonly documentId: number; readonly name: string }
type VectorRow = Summed & { readonly key: Buffer; readonly vector: Buffer; readonly bytes: number }

/** What the sums say: rows that changed since they were written, and how many have no sum. */
export type Damage = {
  readonly documents: readonly number[]
  readonly passages: readonly number[]
  readonly vectors: readonly number[]
  readonly unsummed: number
}

/** Compares texts, passages and vectors with their checksums, as the bytes that the file has. */
export function checkContent(database: Database, findings: Findings): Damage {
  let unsummed = 0
  const isDamaged = ({ checksum }: Summed, sum: number) => {
    if (checksum === null) unsummed++
    return checksum !== null && checksum !== sum
  }
  const damage = { documents: [] as number[], passages: [] as number[], vectors: [] as number[] }
  findings.run('documents', () => {
    const names: string[] = []
    for (const row of readDocuments(database)) {
      if (!isDamaged(row, documentChecksum(row))) continue
      damage.documents.push(row.id)
      names.push(row.name)
    }
    findings.add(
      'documents',
      'index',
      names.length,
      'Texts of documents have changed since they were stored',
      names,
    )
  })
  findings.run('passages', () => {
    const recut = createRecutter(database)
    const names = { repair: [] as string[], index: [] as string[] }
    for (const row of readPassages(database)) {
      if (!isDamaged(row, passageChecksum(row))) continue
      damage.passages.push(row.id)
      names[recut(row.id) === undefined ? 'index' : 'repair'].push(row.name)
    }
    const message = 'Passages have changed since they were stored'
    const ofSound = `${message}; the texts of their documents have not`
    findings.add('passages', 'repair', names.repair.length, ofSound, names.repair)
    const ofDamaged = `${message}, as have their documents or their places in these`
    findings.add('passages', 'index', names.index.length, ofDamaged, names.index)
  })
  findings.run('vectors', () => {
    for (const row of readVectors(database)) {
      const isSound = !isDamaged(row, checksumOf(row.key, row.vector)) && isVector(row)
      if (!isSound) damage.vectors.push(row.id)
    }
    const message = 'Vectors have changed since they were stored; `verify --repair` takes them out'
    findings.add('vectors', 'migrate', damage.vectors.length, message)
  })
  return { ...damage, unsummed }
}

type CutRow = Summed & Omit<ChecksummedPassage, 'text'> & { readonly documentId: number }

/**
 * Cuts passages out of their documents again: gives the text that was stored, or undefined where that does not come of it. Quick for
 * passages in order: the document that was read last is kept.
 */
export function createRecutter(database: Database): (passageId: number) => string | undefined {
  const read = database.prepare<[number], CutRow>(
    'SELECT id, document_id AS documentId, checksum, ordinal, start, end, headings, location FROM chunks WHERE id = ?',
  )
  const textOf = database
    .prepare<[number], string>('SELECT text FROM document_texts WHERE document_id = ?')
    .pluck()
  let last: { readonly documentId: number; readonly text: string | undefined } | undefined
  return (passageId) => {
    const row = read.get(passageId)
    if (row === undefined) return undefined
    if (last?.documentId !== row.documentId)
      last = { documentId: row.documentId, text: textOf.get(row.documentId) }
    const text = last.text?.slice(row.start, row.end)
    return text !== undefined && passageChecksum({ ...row, text }) === row.checksum ? text : undefined
  }
}

/** Reads a query by ascending id, some rows at a time, so that others may run in between. */
export function* paged<Row extends { readonly id: number }>(
  database: Database,
  query: string,
): Generator<Row> {
  const page = database.prepare<[number, number], Row>(query)
  for (let last = -1; ; ) {
    const rows = page.all(last, STEP)
    yield* rows
    last = rows.at(-1)?.id ?? last
    if (rows.length < STEP) return
  }
}

export function readDocuments(database: Database): Iterable<DocumentRow> {
  return paged<DocumentRow>(
    database,
    `SELECT d.id, t.checksum, c.name || '/' || d.uri AS name, CAST(d.uri AS BLOB) AS uri, CAST(d.title AS BLOB) AS title,
       CAST(d.metadata AS BLOB) AS metadata, CAST(t.text AS BLOB) AS text, CAST(t.blocks AS BLOB) AS blocks
     FROM documents d JOIN document_texts t ON t.document_id = d.id JOIN collections c ON c.id = d.collection_id
     WHERE d.id > ? ORDER BY d.id LIMIT ?`,
  )
}

export function readPassages(database: Database): Iterable<PassageRow> {
  return paged<PassageRow>(
    database,
    `SELECT k.id, k.checksum, k.ordinal, k.start, k.end, CAST(k.headings AS BLOB) AS headings,
       CAST(k.location AS BLOB) AS location, CAST(k.text AS BLOB) AS text, k.document_id AS documentId,
       c.name || '/' || d.uri AS name
     FROM chunks k JOIN documents d ON d.id = k.document_id JOIN collections c ON c.id = d.collection_id
     WHERE k.id > ? ORDER BY k.id LIMIT ?`,
  )
}

export function readVectors(database: Database): Iterable<VectorRow> {
  return paged<VectorRow>(
    database,
    `SELECT v.id, v.checksum, CAST(v.key AS BLOB) AS key, CAST(v.vector AS BLOB) AS vector, 4 * s.dimensions AS bytes
     FROM vectors v JOIN vector_sets s ON s.id = v.set_id WHERE v.id > ? ORDER BY v.id LIMIT ?`,
  )
}

/** Of the dimensions of its set, every component finite and not all zero. */
function isVector({ vector, bytes }: VectorRow): boolean {
  if (vector.length !== bytes) return false
  let squares = 0
  for (let at = 0; at < bytes; at += 4) squares += vector.readFloatLE(at) ** 2
  return Number.isFinite(squares) && squares > 0
}
