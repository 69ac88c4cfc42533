import { type Fragment, rowsOf } from './pdf-fragments.js'
import { largest, smallest } from './pdf-measures.js'

/** A line of a column: one fragment, or several with wide gaps between them. Places are as in Word. */
export type Line = {
  /** In the order in which they are read. */
  readonly cells: readonly Fragment[]
  readonly text: string
  readonly x0: number
  readonly x1: number
  readonly y: number
  readonly size: number
  readonly isBold: boolean
  readonly startsBold: boolean
  readonly endsBold: boolean
  readonly isItalic: boolean
  readonly startsItalic: boolean
  readonly endsItalic: boolean
  readonly isMonospaced: boolean
  /** Width of its first word. */
  readonly firstWidth: number
}

/** The lines of a column from top to bottom. */
export function toLines(fragments: readonly Fragment[]): Line[] {
  return rowsOf(fragments).map((row) => toLine(row.sort((a, b) => a.x0 - b.x0)))
}

function toLine(cells: readonly Fragment[]): Line {
  // What is said of a line is what holds for most of it.
  const main = cells.reduce((longest, cell) => (cell.text.length > longest.text.length ? cell : longest))
  const visible = cells.filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
  return {
    cells,
    text: cells.map(({ text }) => text).join(' '),
    x0: smallest(cells.map(({ x0 }) => x0)),
    x1: largest(cells.map(({ x1 }) => x1)),
    y: main.y,
    size: main.size,
    isBold: visible.length > 0 && visible.every(({ isBold }) => isBold),
    startsBold: cells[0]?.startsBold ?? false,
    endsBold: cells.at(-1)?.endsBold ?? false,
    isItalic: visible.length > 0 && visible.every(({ isItalic }) => isItalic),
    startsItalic: cells[0]?.startsItalic ?? false,
    endsItalic: cells.at(-1)?.endsItalic ?? false,
    isMonospaced: cells.every(({ isMonospaced }) => isMonospaced),
    firstWidth: cells[0]?.firstWidth ?? 0,
  }
}
