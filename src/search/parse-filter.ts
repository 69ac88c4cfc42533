import { GemdexError } from '../errors.js'
import type { Comparison, Filter, FilterField, FilterValue } from '../store/filter.js'
import { parseDate } from './parse-date.js'

const OWN_FIELDS = ['path', 'type', 'title', 'collection', 'time', 'size'] as const
const METADATA_PREFIX = 'metadata.'
const MAX_DEPTH = 16
const MAX_PARTS = 1_000
const MAX_PATTERN_CHARS = 1_000
const OPERATORS = '$eq $ne $in $nin $gt $gte $lt $lte $glob $exists $not'

/**
 * Reads a filter in the form of MongoDB's query language: `{"author": "Ada", "time": {"$gte": "2024"}}` is all of its
 * parts; `$and`, `$or`, `$not` combine. Fields are `path`, `type`, `title`, `collection`, `time` (dates as text, see
 * `parseDate`), `size` (bytes) and keys of the metadata (`metadata.type` for one of a name that is taken). Throws BAD_INPUT that names the
 * part at fault.
 */
export function parseFilter(input: unknown): Filter {
  const budget = { left: MAX_PARTS }
  return readFilter(input, 'filter', 0, budget)
}

/** The field that a name stands for. */
export function parseField(name: string): FilterField {
  const own = OWN_FIELDS.find((field) => field === name)
  if (own !== undefined) return { kind: own }
  const key = name.startsWith(METADATA_PREFIX) ? name.slice(METADATA_PREFIX.length) : name
  return { kind: 'metadata', name: key }
}

type Budget = { left: number }

function readFilter(input: unknown, at: string, depth: number, budget: Budget): Filter {
  if (depth > MAX_DEPTH) throw bad(at, `is nested deeper than ${MAX_DEPTH} levels`)
  if (!isObject(input)) throw bad(at, `must be an object, not ${show(input)}`)
  const parts = Object.entries(input).map(([key, value]) => readEntry(key, value, at, depth, budget))
  budget.left -= parts.length
  if (budget.left < 0) throw bad(at, `has more than ${MAX_PARTS} parts`)
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { op: 'and', of: parts }
}

function readEntry(key: string, value: unknown, at: string, depth: number, budget: Budget): Filter {
  const here = `${at}.${key}`
  if (key === '$and' || key === '$or') {
    if (!Array.isArray(value) || value.length === 0) throw bad(here, 'must be a list of filters, not empty')
    const of = value.map((one: unknown, i) => readFilter(one, `${here}.${i}`, depth + 1, budget))
    return { op: key === '$and' ? 'and' : 'or', of }
  }
  if (key === '$not') return { op: 'not', of: readFilter(value, here, depth + 1, budget) }
  if (key.startsWith('$'))
    throw bad(here, `is not known: there are $and, $or and $not, and for a field ${OPERATORS}`)
  return readCondition(parseField(key), value, here, depth, budget)
}

/** What is asked of one field: a value, or an object of operators. */
function readCondition(
  field: FilterField,
  input: unknown,
  at: string,
  depth: number,
  budget: Budget,
): Filter {
  if (depth > MAX_DEPTH) throw bad(at, `is nested deeper than ${MAX_DEPTH} levels`)
  if (!isObject(input)) return isOneOf(field, [input], at)
  const entries = Object.entries(input)
  if (entries.length === 0) throw bad(at, `needs an operator: ${OPERATORS}`)
  const parts = entries.map(([operator, value]): Filter => {
    const here = `${at}.${operator}`
    if (operator === '$not') return { op: 'not', of: readCondition(field, value, here, depth + 1, budget) }
    return readOperator(field, operator, value, here)
  })
  budget.left -= parts.length
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { op: 'and', of: parts }
}

function readOperator(field: FilterField, operator: string, value: unknown, at: string): Filter {
  switch (operator) {
    case '$eq':
      return isOneOf(field, [value], at)
    case '$ne':
      return { op: 'not', of: isOneOf(field, [value], at) }
    case '$in':
      return isOneOf(field, listOf(value, at), at)
    case '$nin':
      return { op: 'not', of: isOneOf(field, listOf(value, at), at) }
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return compare(field, operator.slice(1) as Comparison, value, at)
    case '$glob':
      if (typeof value !== 'string' || value === '' || value.length > MAX_PATTERN_CHARS)
        throw bad(at, `must be a pattern of 1 to ${MAX_PATTERN_CHARS} characters, not ${show(value)}`)
      return { op: 'glob', field, pattern: field.kind === 'path' ? value.normalize('NFC') : value }
    case '$exists':
      if (typeof value !== 'boolean') throw bad(at, `must be true or false, not ${show(value)}`)
      return value ? { op: 'exists', field } : { op: 'not', of: { op: 'exists', field } }
    default:
      throw bad(at, `is not known: there are ${OPERATORS}`)
  }
}

function isOneOf(field: FilterField, values: readonly unknown[], at: string): Filter {
  if (field.kind !== 'time')
    return { op: 'in', field, values: values.map((value) => plainValue(value, field, at)) }
  const ranges = values.map((value): Filter => {
    const { since, before } = timeOf(value, at)
    return { op: 'and', of: [compareTo(field, 'gte', since), compareTo(field, 'lt', before)] }
  })
  return ranges.length === 1 && ranges[0] !== undefined ? ranges[0] : { op: 'or', of: ranges }
}

/** Of a date that names a stretch of time: later is after its end, up to it includes all of it. */
function compare(field: FilterField, how: Comparison, value: unknown, at: string): Filter {
  if (field.kind !== 'time') {
    if (typeof value !== 'string' && !isNumber(value))
      throw bad(at, `must be a text or a number, not ${show(value)}`)
    return compareTo(field, how, value)
  }
  const { since, before } = timeOf(value, at)
  switch (how) {
    case 'gt':
      return compareTo(field, 'gte', before)
    case 'gte':
      return compareTo(field, 'gte', since)
    case 'lt':
      return compareTo(field, 'lt', since)
    case 'lte':
      return compareTo(field, 'lt', before)
  }
}

function compareTo(field: FilterField, how: Comparison, value: string | number): Filter {
  return { op: 'compare', field, how, value }
}

function timeOf(value: unknown, at: string): { since: number; before: number } {
  if (isNumber(value)) return { since: value, before: value + 1 }
  if (typeof value === 'string') return parseDate(value, at)
  throw bad(at, `must be a date or milliseconds since 1970, not ${show(value)}`)
}

function listOf(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MAX_PARTS)
    throw bad(at, `must be a list of at most ${MAX_PARTS} values, not ${show(value)}`)
  return value
}

function plainValue(value: unknown, field: FilterField, at: string): FilterValue {
  if (value === null || typeof value === 'boolean' || isNumber(value)) return value
  // Paths are kept composed, whatever the file system gave.
  if (typeof value === 'string') return field.kind === 'path' ? value.normalize('NFC') : value
  throw bad(at, `must be a text, a number, true, false or null, not ${show(value)}`)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'an object'
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown
}

function bad(at: string, message: string): GemdexError {
  const field = at.length > 80 ? `${at.slice(0, 80)}…` : at
  return new GemdexError('BAD_INPUT', `${field} ${message}`, {
    hint: 'A filter looks like {"author": "Ada", "time": {"$gte": "2024"}}.',
    field,
  })
}
