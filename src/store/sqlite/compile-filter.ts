import type { Filter, FilterField, FilterValue } from '../filter.js'

/** A condition on `documents d`, with the values of its question marks. */
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
      return joined(filter.of, ' AND ', '1')
    case 'or':
      return joined(filter.of, ' OR ', '0')
    case 'not': {
      const { sql, values } = compileFilter(filter.of)
      return { sql: `NOT ${sql}`, values }
    }
    case 'in':
      return any(filter.values.map((value) => equals(filter.field, value)))
    case 'compare': {
      const operator = OPERATORS[filter.how]
      return holds(filter.field, kindOf(filter.value), `value ${operator} ?`, [filter.value])
    }
    case 'glob':
      return glob(filter.field, filter.pattern)
    case 'exists':
      if (filter.field.kind !== 'metadata') return { sql: '1', values: [] }
      return { sql: `d.id IN (${ROWS})`, values: [filter.field.name] }
  }
}

const ROWS = 'SELECT document_id FROM document_fields WHERE field = ?'

function joined(filters: readonly Filter[], by: string, none: string): Condition {
  const parts = filters.map(compileFilter)
  if (parts.length === 0) return { sql: none, values: [] }
  return { sql: `(${parts.map(({ sql }) => sql).join(by)})`, values: parts.flatMap(({ values }) => values) }
}

function any(parts: readonly Condition[]): Condition {
  if (parts.length === 0) return { sql: '0', values: [] }
  return {
    sql: `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    values: parts.flatMap(({ values }) => values),
  }
}

function equals(field: FilterField, value: FilterValue): Condition {
  if (value !== null) {
    return holds(field, kindOf(value), 'value = ?', [typeof value === 'boolean' ? Number(value) : value])
  }
  // As in MongoDB, null is also what is not there.
  if (field.kind !== 'metadata') return { sql: '0', values: [] }
  return {
    sql: `(d.id IN (${ROWS} AND kind = 'null') OR d.id NOT IN (${ROWS}))`,
    values: [field.name, field.name],
  }
}

/** What a pattern begins with stands in an index, which tells where to look; the rest is matched one by one. */
function glob(field: FilterField, pattern: string): Condition {
  const [prefix = ''] = /^[^*?[\]{}\\]*/.exec(pattern) ?? []
  const rest = pattern.slice(prefix.length)
  const tests = [
    ...(prefix === '' ? [] : [['value >= ? AND value < ?', prefix, `${prefix}${LAST_CHARACTER}`]]),
    ...(rest === '**' ? [] : [['match_glob(?, value)', pattern]]),
  ]
  const sql = tests.map(([test]) => test).join(' AND ')
  return holds(
    field,
    'text',
    sql === '' ? 'value IS NOT NULL' : sql,
    tests.flatMap(([, ...values]) => values.map(String)),
  )
}

/** Whether any value of the field, of this kind, meets a test on `value`. */
function holds(
  field: FilterField,
  kind: 'text' | 'number' | 'boolean',
  test: string,
  values: readonly (string | number)[],
): Condition {
  if (field.kind !== 'metadata') {
    const own = field.kind === 'time' || field.kind === 'size' ? 'number' : 'text'
    if (own !== kind) return NEVER
    const sql = test.replaceAll('value', FIELD_COLUMNS[field.kind])
    if (field.kind !== 'collection') return { sql: `(${sql})`, values }
    return { sql: `d.collection_id IN (SELECT c.id FROM collections c WHERE ${sql})`, values }
  }
  return { sql: `d.id IN (${ROWS} AND kind = '${kind}' AND ${test})`, values: [field.name, ...values] }
}

const NEVER: Condition = { sql: '0', values: [] }

function kindOf(value: string | number | boolean): 'text' | 'number' | 'boolean' {
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'boolean'
}
