import type { Database } from 'better-sqlite3'
import type { Metadata, MetadataValue } from '../../types.js'

/** Kinds of values are compared among themselves only; `object` and `empty` say that a key is there. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'null' | 'object' | 'empty'
export type FieldRow = {
  readonly field: string
  readonly kind: FieldKind
  readonly value: string | number | null
}

/** Deeper metadata is not looked into. */
const MAX_DEPTH = 8

/** A document's metadata as rows: `author.name` for nested keys, one row for each item of a list. */
export function fieldRows(metadata: Metadata): FieldRow[] {
  const rows = Object.entries(metadata).flatMap(([key, value]) => rowsOf(key, value, 0))
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function rowsOf(field: string, value: MetadataValue, depth: number): FieldRow[] {
  if (value === null) return [{ field, kind: 'null', value: null }]
  if (typeof value === 'string') return [{ field, kind: 'text', value }]
  if (typeof value === 'number') return [{ field, kind: 'number', value }]
  if (typeof value === 'boolean') return [{ field, kind: 'boolean', value: value ? 1 : 0 }]
  if (depth === MAX_DEPTH) return [{ field, kind: 'object', value: null }]
  if (isList(value)) {
    if (value.length === 0) return [{ field, kind: 'empty', value: null }]
    return value.flatMap((item) => rowsOf(field, item, depth + 1))
  }
  const nested = Object.entries(value).flatMap(([key, item]) => rowsOf(`${field}.${key}`, item, depth + 1))
  return [{ field, kind: 'object', value: null }, ...nested]
}

function isList(value: MetadataValue): value is readonly MetadataValue[] {
  return Array.isArray(value)
}

/** Writes the rows of one document. */
export function createFieldWriter(database: Database): (documentId: number, metadata: Metadata) => void {
  const insert = database.prepare(
    'INSERT INTO document_fields (document_id, field, kind, value) VALUES (?, ?, ?, ?)',
  )
  return (documentId, metadata) => {
    for (const { field, kind, value } of fieldRows(metadata)) insert.run(documentId, field, kind, value)
  }
}
