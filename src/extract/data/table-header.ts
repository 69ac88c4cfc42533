/** Rows looked at to tell a header from data. */
export const HEADER_SAMPLE_ROWS = 50
const MAX_HEADER_CHARS = 120
/** Narrower rows above a table are its title. */
const MIN_WIDTH_SHARE = 0.6

/** Where the data of a table begins, and what its columns are called. */
export type TableHeader = {
  /** Index of the header among the rows; those before it are a title or a note. -1 when the table has none. */
  readonly index: number
  /** Names of the columns, empty for one without; none when the table has no header. */
  readonly names: readonly string[]
}

/**
 * Finds the header among the first rows of a table: the first row that is as wide as the others and holds words that are not
 * repeated below it in their column. Numbers, dates and long texts are data (years are not: `Country, 2021, 2022`).
 */
export function findHeader(rows: readonly (readonly string[])[]): TableHeader {
  const sample = rows.slice(0, HEADER_SAMPLE_ROWS)
  const width = usualWidth(sample)
  const index = sample.findIndex((row) => filledWidth(row) >= width * MIN_WIDTH_SHARE)
  const candidate = sample[index] ?? []
  const below = sample.slice(index + 1).filter((row) => filledWidth(row) > 0)
  return below.length > 0 && looksLikeHeader(candidate, below)
    ? { index, names: candidate.map(oneLine) }
    : { index: -1, names: [] }
}

/** A row as one line that can be read alone, `Header: value | Header: value`; empty cells are left out. */
export function rowLine(names: readonly string[], cells: readonly string[]): string {
  const parts: string[] = []
  cells.forEach((cell, column) => {
    const value = oneLine(cell)
    const name = names[column] ?? ''
    if (value !== '') parts.push(name === '' ? value : `${name}: ${value}`)
  })
  return parts.join(' | ')
}

export function oneLine(cell: string): string {
  return cell.replace(/\s+/g, ' ').trim()
}

function looksLikeHeader(row: readonly string[], below: readonly (readonly string[])[]): boolean {
  const filled = row.map(oneLine).filter((cell) => cell !== '')
  if (filled.length === 0 || filled.some((cell) => cell.length > MAX_HEADER_CHARS)) return false
  // Exports of data frames leave the first name empty; more holes than that are a row of data.
  if (filled.length < filledWidth(row) - 1) return false
  const values = filled.filter((cell) => isValue(cell) && !isYear(cell))
  const years = filled.filter(isYear)
  if (values.length > 0 || years.length === filled.length) return false
  if (new Set(filled.map((cell) => cell.toLowerCase())).size < filled.length * 0.8) return false
  const repeated = row.filter(
    (cell, column) => oneLine(cell) !== '' && below.some((other) => other[column] === cell),
  )
  return repeated.length <= filled.length * 0.2
}

/** Cells up to the last one that is filled. */
function filledWidth(row: readonly string[]): number {
  return row.findLastIndex((cell) => cell.trim() !== '') + 1
}

/** The commonest width of the rows; of several the greatest. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const width = filledWidth(row)
    if (width > 0) counts.set(width, (counts.get(width) ?? 0) + 1)
  }
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])
  return first?.[0] ?? 0
}

/** A number with its signs and units, a date, a time, an address. */
function isValue(cell: string): boolean {
  return (
    /^[-+(]?\p{Sc}?\s?\d[\d.,:/\s-]*(?:%|\p{Sc}|e[+-]?\d+)?\)?$/iu.test(cell) ||
    /^\d{4}-\d{2}-\d{2}[T ]/.test(cell) ||
    /^(?:https?:\/\/|\S+@\S+\.\S+$)/i.test(cell)
  )
}

function isYear(cell: string): boolean {
  return /^(?:19|20)\d{2}$/.test(cell)
}
