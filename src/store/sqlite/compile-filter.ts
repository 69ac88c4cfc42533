import type { Filter, FilterField, FilterValue } from '../filter.js'

/**
 * A condition on `passage_ranges p`, with the values of its question marks. Each part of it is the ids of documents that an
 * index gives: rows of documents, which are long, are read only for a title or a size.
 */
export type Condition = { readonly sql: string; readonly values: readonly (string | number)[] }

/** The best known time of a document, in milliseconds since 1970. */
export const DOCUMENT_TIME = 'd.date_ms'

/** Where the fields that every document has are kept; that of collections in `collections c`. */
export const FIELD_COLUMNS = {
  path: 'd.uri',
  type: 'd.type',
  title: 'd.title',
  collection: 'c.name',
  time: DOCUMENT_TIME,
  size: 'd.size_bytes',
} as const
/** No text goes on with it: it stands for nothing. */
const LAST_CHARACTER = '\u{10ffff}'
const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Compiles a filter to SQL. Text of a user is only ever a value. */
export function compileFilter(filter: Filter): Condition {
  switch (filter.op) {
    case 'and':
      return combined(filter.of.map(compileFilter), ' AND ', '1')
    case 'or':
      return combined(filter.of.map(compileFilter), ' OR ', '0')
    case 'not': {
      const { sql, values } = compileFilter(filter.of)
      return { sql: `NOT ${sql}`, values }
    }
    case 'in':
      return any(filter.field, filter.values)
    case 'compare': {
      const operator = OPERATORS[filter.how]
      return holds(filter.field, kindOf(filter.value), `value ${operator} ?`, [filter.value])
    }
    case 'glob':
      return glob(filter.field, filter.pattern)
    case 'exists':
      if (filter.field.kind !== 'metadata') return { sql: '1', values: [] }
      return { sql: `p.document_id IN (${ROWS})`, values: [filter.field.name] }
  }
}

const ROWS = 'SELECT document_id FROM document_fields WHERE field = ?'

function combined(parts: readonly Condition[], by: string, none: string): Condition {
  if (parts.length === 0) return { sql: none, values: [] }
  return { sql: `(${parts.map(({ sql }) => sql).join(by)})`, values: parts.flatMap(({ values }) => values) }
}

function any(field: FilterField, values: readonly FilterValue[]): Condition {
  const present = values.filter((value) => value !== null)
  const parts = KINDS.flatMap((kind) => {
    const wanted = present.filter((value) => kindOf(value) === kind).map(toSql)
    return wanted.length === 0 ? [] : [holds(field, kind, `value IN (${wanted.map(() => '?')})`, wanted)]
  })
  if (present.length < values.length) parts.push(isNull(field))
  return combined(parts, ' OR ', '0')
}

/** As in MongoDB, null is also what is not there. */
function isNull(field: FilterField): Condition {
  if (field.kind !== 'metadata') return NEVER
  return {
    sql: `(p.document_id IN (${ROWS} AND kind = 'null') OR p.document_id NOT IN (${ROWS}))`,
    values: [field.name, field.name],
  }
}

/** What a pattern begins with stands in an index, which tells where to look; of the rest each value is matched once. */
function glob(field: FilterField, pattern: string): Condition {
  const [prefix = ''] = /^[^*?[\]{}\\]*/.exec(pattern) ?? []
  const range = prefix === '' ? 'value IS NOT NULL' : 'value >= ? AND value < ?'
  const ends = prefix === '' ? [] : [prefix, `${prefix}${LAST_CHARACTER}`]
  if (pattern === `${prefix}**`) return holds(field, 'text', range, ends)
  if (field.kind !== 'metadata')
    return holds(field, 'text', `${range} AND match_glob(?, value)`, [...ends, pattern])
  return holds(
    field,
    'text',
    `value IN (WITH present AS MATERIALIZED (${PRESENT} AND ${range}) ${MATCHING})`,
    [field.name, ...ends, pattern],
  )
}

const PRESENT = "SELECT DISTINCT value FROM document_fields WHERE field = ? AND kind = 'text'"
const MATCHING = 'SELECT value FROM present WHERE match_glob(?, value)'

/** Whether any value of the field, of this kind, meets a test on `value`. */
function holds(
  field: FilterField,
  kind: (typeof KINDS)[number],
  test: string,
  values: readonly (string | number)[],
): Condition {
  if (field.kind !== 'metadata') {
    const own = field.kind === 'time' || field.kind === 'size' ? 'number' : 'text'
    if (own !== kind) return NEVER
    const sql = test.replaceAll('value', FIELD_COLUMNS[field.kind])
    const where =
      field.kind === 'collection' ? `d.collection_id IN (SELECT c.id FROM collections c WHERE ${sql})` : sql
    return { sql: `p.document_id IN (SELECT d.id FROM documents d WHERE ${where})`, values }
  }
  return {
    sql: `p.document_id IN (${ROWS} AND kind = '${kind}' AND ${test})`,
    values: [field.name, ...values],
  }
}

const NEVER: Condition = { sql: '0', values: [] }

const KINDS = ['text', 'number', 'boolean'] as const

function kindOf(value: string | number | boolean): (typeof KINDS)[number] {
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'boolean'
}

function toSql(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? Number(value) : value
}
