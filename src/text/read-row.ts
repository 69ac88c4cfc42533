import type { Quantity } from './quantity.js'
import type { Amount, Statement } from './read-statement.js'
import type { Span } from './split-sentences.js'
import { type Unit, unitOf, unitOfWord } from './units.js'

/** Cells of a table row, with the names of their columns. */
export type SourceRow = {
  /** Offset of the table's first row: the same for all of its rows. */
  readonly table: number
  readonly cells: readonly Statement[]
  readonly heads: readonly Statement[]
}

/** The first row of a table so far. */
export type TableAbove = { readonly start: number; readonly heads: readonly Statement[] }

type Read = (text: string) => Statement
type Cell = Span & { readonly text: string }
type ReadCells = { readonly cells: readonly Statement[]; readonly heads: readonly Statement[] }

const NONE =
  /^(?:none|no|nothing|never|false|n\/a|[-–—]|keine?r?|nein|nichts|ninguno|ninguna|nada|aucune?|rien|无|なし)$/iu
/** `Neuschnee [cm]: 7`: a cell that carries the name of its column. */
const NAMED_CELL = /^([^\s:][^:]{0,119}): (?=\S)/u
const UNIT_IN_BRACKETS = /[[(]([^\])]+)[\])]/gu

/**
 * Reads a row whose words are `statement`. Its columns are named in its own cells, or else by the table's first row, which is
 * no row by itself: `row` is undefined then. An amount without a unit has that of its column's name.
 */
export function readRow(
  surface: string,
  statement: Statement,
  table: TableAbove | undefined,
  read: Read,
): { readonly statement: Statement; readonly row?: Omit<SourceRow, 'table'>; readonly isNamed: boolean } {
  const cells = splitCells(surface)
  const hasHeads = table !== undefined && table.heads.length > 0
  const named = readNamedCells(cells, hasHeads, read)
  const columns = named ?? readUnder(cells, table?.heads, read)
  if (columns === undefined) return { statement, isNamed: false }
  const units = columns.heads.map(({ text }) => unitOfColumn(text))
  const row = {
    heads: columns.heads,
    cells: columns.cells.map((cell, i) => withUnit(cell, units[i], () => true)),
  }
  const whole = cells.reduce(
    (all, cell, i) => withUnit(all, units[i], ({ start, end }) => start >= cell.start && end <= cell.end),
    statement,
  )
  return {
    statement: named === undefined ? whole : denyCells(whole, cells),
    row,
    isNamed: named !== undefined,
  }
}

/** The cells of a table's first row. */
export function readHeads(surface: string, read: Read): Statement[] {
  return splitCells(surface).map(({ text }) => read(text))
}

function splitCells(row: string): Cell[] {
  const end = row.trimEnd().length - (/\|\s*$/.test(row) ? 1 : 0)
  const cells: Cell[] = []
  let start = /^\s*\|/.exec(row)?.[0].length ?? 0
  while (start <= end) {
    const bar = row.indexOf('|', start)
    const next = bar === -1 || bar > end ? end : bar
    cells.push({ start, end: next, text: row.slice(start, next).trim() })
    start = next + 1
  }
  return cells
}

/**
 * Undefined unless every cell carries the name of its column. The first may be without one, as in exports of data frames, where
 * no first row names it.
 */
function readNamedCells(cells: readonly Cell[], hasHeads: boolean, read: Read): ReadCells | undefined {
  if (cells.length < 2) return undefined
  const named = cells.map(({ text }) => {
    const [label = '', name] = NAMED_CELL.exec(text) ?? []
    return { name, value: text.slice(label.length) }
  })
  if (named.slice(hasHeads ? 0 : 1).some(({ name }) => name === undefined)) return undefined
  return {
    heads: named.map(({ name = '', value }) => denyIfNone(read(name), value)),
    cells: named.map(({ value }) => read(value)),
  }
}

/** In the words of a row that names its columns, `Dogs allowed: no` denies that they are. */
function denyCells(statement: Statement, cells: readonly Cell[]): Statement {
  const denied = cells.filter(({ text }) => NONE.test(text.replace(NAMED_CELL, '')))
  return {
    ...statement,
    words: statement.words.map((word) => {
      const isDenied = denied.some(({ start, end }) => word.start >= start && word.end <= end)
      return isDenied ? { ...word, negated: true } : word
    }),
  }
}

function denyIfNone(head: Statement, cell: string): Statement {
  return NONE.test(cell) ? negate(head) : head
}

function readUnder(
  cells: readonly Cell[],
  heads: readonly Statement[] | undefined,
  read: Read,
): ReadCells | undefined {
  if (heads === undefined) return undefined
  return {
    heads: heads.map((head, i) => denyIfNone(head, cells[i]?.text ?? '')),
    cells: cells.map(({ text }) => read(text)),
  }
}

function negate(statement: Statement): Statement {
  return { ...statement, words: statement.words.map((word) => ({ ...word, negated: !word.negated })) }
}

/** `Schneehöhe [cm]`, `Days with cover`; undefined when it names none, or several. */
function unitOfColumn(head: string): Unit | undefined {
  const inBrackets = [...head.matchAll(UNIT_IN_BRACKETS)].flatMap(
    ([, name = '']) => unitOf(name.trim()) ?? [],
  )
  const words = head.match(/\p{L}+/gu) ?? []
  const named = words.flatMap((word) => unitOfWord(word) ?? [])
  const units = inBrackets.length > 0 ? inBrackets : named
  return units.length === 1 ? units[0] : undefined
}

/** The bare number stays beside it: a claim may leave the unit out. */
function withUnit(
  statement: Statement,
  unit: Unit | undefined,
  isMeant: (amount: Span) => boolean,
): Statement {
  if (unit === undefined) return statement
  const measured = statement.quantities
    .filter((amount) => amount.dimension === undefined && amount.date === undefined && isMeant(amount))
    .map((amount): Amount => ({ ...amount, ...inUnit(amount, unit) }))
  return measured.length === 0
    ? statement
    : { ...statement, quantities: [...statement.quantities, ...measured] }
}

function inUnit({ values }: Quantity, { factor, dimension }: Unit) {
  return { values: values.map((value) => value * factor), dimension }
}
