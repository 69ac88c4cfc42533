import type { Fragment } from './pdf-fragments.js'
import type { Line } from './pdf-lines.js'
import { startsItem } from './pdf-lists.js'

/** A stretch of lines, from `from` to before `to`. */
export type LineRange = { readonly from: number; readonly to: number }

/** Edges of the cells of a column differ by less than this share of the type's height. */
const edgeTolerance = 0.5
/** Gaps of rows that stand above one another have this much in common, in heights of type. */
const narrowGap = 0.4
const wideGap = 1.5
/** Rows of a table are at most this many heights of type apart. */
const maxPitch = 3.5
/** A row that goes on in the next line does so at the distance of lines of a text. */
const wrappedPitch = 1.5
/** So many rows of two cells are a table; of more cells, two are. */
const minPairs = 3

/** Where the lines of a column are rows of a table: cells that stand below one another, line after line. */
export function findTables(lines: readonly Line[]): LineRange[] {
  const tables: LineRange[] = []
  let from = 0
  while (from < lines.length) {
    const to = tableEnd(lines, from)
    const rows = lines.slice(from, to).filter(isRow)
    const isTable =
      rows.length >= minPairs || (rows.length === 2 && rows.every(({ cells }) => cells.length > 2))
    if (isTable) tables.push({ from, to })
    from = isTable ? to : from + 1
  }
  return tables
}

/** The line behind the last row of a table that begins at `from`; `from` itself when none does. */
function tableEnd(lines: readonly Line[], from: number): number {
  let row = lines[from]
  if (row === undefined || !isRow(row)) return from
  let end = from + 1
  for (let i = end; i < lines.length; i++) {
    const line = lines[i]
    if (line === undefined || line.y - (lines[i - 1]?.y ?? 0) > maxPitch * line.size) break
    if (isRow(line) && areAligned(row, line)) {
      row = line
      end = i + 1
    } else if (!isContinuation(row, line, lines[i - 1])) break
    else end = i + 1
  }
  return end
}

/** Several cells that are not a mark or number with the item that it introduces, and not a line of a table of contents. */
function isRow({ cells, text }: Line): boolean {
  return cells.length > 1 && !text.includes('…') && !(cells.length === 2 && startsItem(`${cells[0]?.text} x`))
}

/**
 * Most gaps of the row with fewer cells lie below or above gaps of the other one, and either an edge beside a gap is the same
 * in both or the common gap is wide: spaces in justified lines meet by chance, and are narrow.
 */
function areAligned(a: Line, b: Line): boolean {
  const [few, many] = a.cells.length <= b.cells.length ? [gapsOf(a), gapsOf(b)] : [gapsOf(b), gapsOf(a)]
  const aligned = few.filter((gap) =>
    many.some((other) => isSameGap(gap, other, Math.max(a.size, b.size))),
  ).length
  return aligned >= Math.ceil(0.6 * few.length)
}

type Gap = { readonly from: number; readonly to: number }

function gapsOf({ cells }: Line): Gap[] {
  return cells.slice(1).map(({ x0 }, i) => ({ from: cells[i]?.x1 ?? x0, to: x0 }))
}

function isSameGap(a: Gap, b: Gap, size: number): boolean {
  const common = Math.min(a.to, b.to) - Math.max(a.from, b.from)
  const hasEdge = [a.from - b.from, a.to - b.to].some(
    (difference) => Math.abs(difference) <= edgeTolerance * size,
  )
  return common > (hasEdge ? narrowGap : wideGap) * size
}

function isAligned(a: Fragment, b: Fragment): boolean {
  const tolerance = edgeTolerance * Math.max(a.size, b.size)
  const middle = (a.x0 + a.x1 - b.x0 - b.x1) / 2
  return [a.x0 - b.x0, a.x1 - b.x1, middle].some((difference) => Math.abs(difference) <= tolerance)
}

/** A line below a row whose cells go on in it: each below a cell, and none across a gap. */
function isContinuation(row: Line, line: Line, above: Line | undefined): boolean {
  if (above === undefined || line.text.includes('…') || line.y - above.y > wrappedPitch * line.size)
    return false
  if (gapsOf(row).some((gap) => line.cells.some(({ x0, x1 }) => x0 < gap.from && x1 > gap.to))) return false
  const below = line.cells.map((cell) => row.cells.findIndex((other) => isAligned(cell, other)))
  return (
    below.every((index) => index >= 0) &&
    (below.some((index) => index > 0) || line.cells.length < row.cells.length)
  )
}

/** One line of text a row, cells parted by ` | `; what goes on in a further line is joined to its cell. */
export function tableRows(lines: readonly Line[]): string[] {
  const rows: { readonly line: Line; readonly cells: string[] }[] = []
  for (const [i, line] of lines.entries()) {
    const row = rows.at(-1)
    if (row === undefined || !goesOn(row.line, line, lines[i - 1])) {
      rows.push({ line, cells: line.cells.map(({ text }) => text) })
      continue
    }
    for (const cell of line.cells) {
      const index = row.line.cells.findIndex((other) => isAligned(cell, other))
      row.cells[index] = `${row.cells[index]} ${cell.text}`
    }
  }
  return rows.map(({ cells }) => cells.join(' | '))
}

/** A continuation that leaves the first column free: what stands there begins a row. */
function goesOn(row: Line, line: Line, above: Line | undefined): boolean {
  const [cell, first] = [line.cells[0], row.cells[0]]
  const isFree = cell !== undefined && first !== undefined && !isAligned(cell, first)
  return isFree && line.cells.length < row.cells.length && isContinuation(row, line, above)
}
