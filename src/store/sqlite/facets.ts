import type { Database } from 'better-sqlite3'
import type { FacetCount } from '../../types.js'
import type { FilterField } from '../filter.js'
import { FIELD_COLUMNS } from './compile-filter.js'
import type { FieldKind } from './document-fields.js'

type FacetRow = { value: string | number; kind: FieldKind; count: number }

const VALUE_OF: Partial<Record<keyof typeof FIELD_COLUMNS, (column: string) => string>> = {
  time: (column) => `strftime('%Y', ${column} / 1000, 'unixepoch')`,
  size: (column) => `CAST(pow(10, floor(log10(max(${column}, 1)))) AS INTEGER)`,
}

export type Facets = ReturnType<typeof createFacets>

/** Counts documents by the values of a field; times by their year, sizes by their power of ten. */
export function createFacets(database: Database) {
  const found = `FROM (SELECT DISTINCT k.document_id FROM json_each(?) wanted CROSS JOIN chunks k ON k.id = wanted.value) f
    JOIN documents d ON d.id = f.document_id JOIN collections c ON c.id = d.collection_id`
  const order = 'ORDER BY count DESC, value LIMIT ?'
  const byMetadata = database.prepare<[string, string, number], FacetRow>(
    `SELECT x.value, x.kind, count(*) AS count ${found}
     CROSS JOIN document_fields x ON x.document_id = d.id AND x.field = ? AND x.kind IN ('text', 'number', 'boolean')
     GROUP BY x.kind, x.value ${order}`,
  )
  const byColumn = (kind: keyof typeof FIELD_COLUMNS) => {
    const column = FIELD_COLUMNS[kind]
    const value = VALUE_OF[kind]?.(column) ?? column
    return database.prepare<[string, number], FacetRow>(
      `SELECT ${value} AS value, 'text' AS kind, count(*) AS count ${found} GROUP BY 1 ${order}`,
    )
  }

  return {
    /** The commonest values of a field among the documents of these passages. */
    count(field: FilterField, chunkIds: readonly number[], limit: number): FacetCount[] {
      const ids = JSON.stringify(chunkIds)
      const rows =
        field.kind === 'metadata'
          ? byMetadata.all(ids, field.name, limit)
          : byColumn(field.kind).all(ids, limit)
      return rows.map(({ value, kind, count }) => ({
        value: kind === 'boolean' ? value === 1 : value,
        count,
      }))
    },
  }
}
