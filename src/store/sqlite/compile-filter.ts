import type { Filter, FilterField, FilterValue } from '../filter.js'
import { translateGlob } from './translate-glob.js'

/**
 * What a filter asks the index for, and how the answers are put together. A look-up gives ids of documents, some more than
 * once, from an index of SQLite: rows of documents, which are long, are read only for a title or a size.
 */
export type FilterPlan =
  | { readonly op: 'and' | 'or'; readonly of: readonly FilterPlan[] }
  | { readonly op: 'not'; readonly of: FilterPlan }
  | LookUp

export type LookUp = {
  readonly op: 'look up'
  /** Gives a column `id`; `match_glob(text)` in it matches the pattern. */
  readonly sql: string
  /** Of the question marks. Text of a user is only ever a value. */
  readonly values: readonly (string | number)[]
  readonly pattern?: string | undefined
}

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

const ALL: FilterPlan = { op: 'and', of: [] }
const NONE: FilterPlan = { op: 'or', of: [] }

/** Compiles a filter to look-ups, each of one field. */
export function compileFilter(filter: Filter): FilterPlan {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { op: filter.op, of: filter.of.map(compileFilter) }
    case 'not':
      return { op: 'not', of: compileFilter(filter.of) }
    case 'in':
      return any(filter.field, filter.values)
    case 'compare':
      return holds(filter.field, kindOf(filter.value), `value ${OPERATORS[filter.how]} ?`, [filter.value])
    case 'glob':
      return glob(filter.field, filter.pattern)
    case 'exists':
      return filter.field.kind === 'metadata' ? withField(filter.field.name) : ALL
  }
}

function any(field: FilterField, values: readonly FilterValue[]): FilterPlan {
  const present = values.filter((value) => value !== null)
  const of = KINDS.flatMap((kind) => {
    const wanted = present.filter((value) => kindOf(value) === kind).map(toSql)
    return wanted.length === 0 ? [] : [holds(field, kind, `value IN (${wanted.map(() => '?')})`, wanted)]
  })
  if (present.length < values.length) of.push(isNull(field))
  return { op: 'or', of }
}

/** As in MongoDB, null is also what is not there. */
function isNull(field: FilterField): FilterPlan {
  if (field.kind !== 'metadata') return NONE
  const missing: FilterPlan = { op: 'not', of: withField(field.name) }
  return { op: 'or', of: [withField(field.name, "AND kind = 'null'"), missing] }
}

/** What a pattern begins with stands in an index, which tells where to look. */
function glob(field: FilterField, pattern: string): FilterPlan {
  const [prefix = ''] = /^[^*?[\]{}\\]*/.exec(pattern) ?? []
  const range = prefix === '' ? 'value IS NOT NULL' : 'value >= ? AND value < ?'
  const ends = prefix === '' ? [] : [prefix, `${prefix}${LAST_CHARACTER}`]
  const { sql, values } = translateGlob(pattern)
  return holds(field, 'text', `${range} AND ${sql}`, [...ends, ...values], pattern)
}

/** Whether any value of the field, of this kind, meets a test on `value`. */
function holds(
  field: FilterField,
  kind: (typeof KINDS)[number],
  test: string,
  values: LookUp['values'],
  pattern?: string,
): FilterPlan {
  if (field.kind === 'metadata')
    return withField(field.name, `AND kind = '${kind}' AND ${test}`, values, pattern)
  const own = field.kind === 'time' || field.kind === 'size' ? 'number' : 'text'
  if (own !== kind) return NONE
  const condition = test.replaceAll('value', FIELD_COLUMNS[field.kind])
  const where =
    field.kind === 'collection'
      ? `d.collection_id IN (SELECT c.id FROM collections c WHERE ${condition})`
      : condition
  return { op: 'look up', sql: `SELECT d.id FROM documents d WHERE ${where}`, values, pattern }
}

/** Documents whose metadata has the key, with a value that meets a further condition. */
function withField(
  name: string,
  condition = '',
  values: LookUp['values'] = [],
  pattern?: string,
): FilterPlan {
  const sql = `SELECT document_id AS id FROM document_fields WHERE field = ? ${condition}`
  return { op: 'look up', sql, values: [name, ...values], pattern }
}

const KINDS = ['text', 'number', 'boolean'] as const

function kindOf(value: string | number | boolean): (typeof KINDS)[number] {
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'boolean'
}

function toSql(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? Number(value) : value
}
