import { PLAIN, readInline } from '../../text/read-inline.js'
import type { Style } from '../style.js'
import { createLineFiller } from './line-filler.js'
import { displayWidth } from './split-units.js'

const MIN_CELL_COLUMNS = 4
const GAP = '  '
const RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/

/** The lines of a table of Markdown, aligned, and broken within cells where the terminal is too narrow. */
export function renderTable(lines: readonly string[], columns: number, style: Style): string {
  const hasHead = RULE.test(lines[1] ?? '')
  const rows = lines.filter((line, i) => !(i === 1 && hasHead) && !RULE.test(line)).map(cellsOf)
  const widths = widthsOf(rows, columns)
  const out = rows.map((row, i) => {
    const isHead = hasHead && i === 0
    const rule = isHead ? `${style.dim(widths.map((width) => '─'.repeat(width)).join(GAP))}\n` : ''
    return renderRow(row, widths, style, isHead) + rule
  })
  return out.join('')
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
}

function visibleWidth(cell: string): number {
  const words = cell.split(/\s+/).filter(Boolean)
  let state = PLAIN
  const visible = words.map((word) => {
    const { spans, after } = readInline(word, state)
    state = after
    return spans.map(({ text }) => text).join('')
  })
  return displayWidth(visible.join(' '))
}

/** Widths that fit the terminal, taken from the widest columns where they do not. */
function widthsOf(rows: readonly (readonly string[])[], columns: number): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(MIN_CELL_COLUMNS, ...rows.map((row) => visibleWidth(row[i] ?? ''))),
  )
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (count - 1) - columns
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= MIN_CELL_COLUMNS) break
    widths[widest] = width - 1
    excess--
  }
  return widths
}

function renderRow(row: readonly string[], widths: readonly number[], style: Style, isHead: boolean): string {
  const cells = widths.map((width, i) => renderCell(row[i] ?? '', width, style, isHead))
  const height = Math.max(1, ...cells.map((lines) => lines.length))
  const lines = Array.from({ length: height }, (_, line) =>
    widths
      .map((width, i) => {
        const { text, used } = cells[i]?.[line] ?? { text: '', used: 0 }
        return text + ' '.repeat(Math.max(0, width - used))
      })
      .join(GAP)
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

type CellLine = { readonly text: string; readonly used: number }

function renderCell(cell: string, width: number, style: Style, isHead: boolean): CellLine[] {
  const filler = createLineFiller(width, style)
  let out = filler.begin('', '', isHead ? style.bold : undefined)
  for (const word of cell.split(/\s+/).filter(Boolean)) out += filler.word(word)
  return out.split('\n').map((text) => ({ text, used: displayWidth(text) }))
}
