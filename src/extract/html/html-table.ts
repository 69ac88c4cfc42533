import { attributeOf, collapse, type HtmlElement, type SourceLines, sourceLines, walk } from './html-tree.js'

export type TableRow = SourceLines & { readonly cells: readonly string[] }

/** A cell that spans rows is repeated in each, so that a row can be read alone; within bounds, or small files get huge. */
const maxRepeatedChars = 100
const maxRepeatedColumns = 20
const maxRepeatedCells = 20_000

type OpenRow = { cells: string[]; first: number; last: number }
type Span = { readonly text: string; rows: number }
/** Cells that reach down, by column. */
type Spans = { readonly open: Map<number, Span>; cellsLeft: number }

/** The rows of a table without tables inside: cells in order with white space collapsed; a caption is a row of one cell. */
export function tableRows(table: HtmlElement, isDropped: (element: HtmlElement) => boolean): TableRow[] {
  const rows: TableRow[] = []
  const spans: Spans = { open: new Map(), cellsLeft: maxRepeatedCells }
  let row: OpenRow | undefined
  let cell: string[] = []
  walk(table, {
    enter(element) {
      if (isDropped(element)) return false
      if (isRow(element)) row = { cells: [], first: Number.POSITIVE_INFINITY, last: 0 }
      else if (isCell(element)) cell = []
      else if (!isInline(element)) cell.push(' ')
      return true
    },
    leave(element) {
      if (isCell(element) && row !== undefined) addCell(row, element, cell.join(''), spans)
      else if (isRow(element) && row !== undefined) {
        if (element.tagName === 'caption') row.cells.push(collapse(cell.join('')).trim())
        else repeatSpans(row, spans)
        if (row.cells.some((text) => text !== '')) rows.push(row)
        row = undefined
        cell = []
      } else if (!isInline(element)) cell.push(' ')
    },
    text(node) {
      cell.push(node.value)
      if (row === undefined || node.value.trim() === '') return
      const { first, last } = sourceLines(node)
      row.first = Math.min(row.first, first)
      row.last = Math.max(row.last, last)
    },
  })
  return rows
}

function isRow({ tagName }: HtmlElement): boolean {
  return tagName === 'tr' || tagName === 'caption'
}

function isCell({ tagName }: HtmlElement): boolean {
  return tagName === 'td' || tagName === 'th'
}

function isInline({ tagName }: HtmlElement): boolean {
  return /^(?:a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|tt|u|var|wbr)$/.test(
    tagName,
  )
}

function addCell(row: OpenRow, element: HtmlElement, raw: string, spans: Spans): void {
  repeatSpans(row, spans)
  const text = collapse(raw).trim()
  const column = row.cells.length
  const rowspan = Number.parseInt(attributeOf(element, 'rowspan') ?? '1', 10)
  if (rowspan > 1 && text.length <= maxRepeatedChars && column < maxRepeatedColumns) {
    spans.open.set(column, { text, rows: rowspan - 1 })
  }
  row.cells.push(text)
}

/** Puts the cells that reach down from rows above into their columns. */
function repeatSpans(row: OpenRow, spans: Spans): void {
  for (;;) {
    const column = row.cells.length
    const span = spans.open.get(column)
    if (span === undefined || spans.cellsLeft === 0) return
    if (--span.rows === 0) spans.open.delete(column)
    spans.cellsLeft--
    row.cells.push(span.text)
  }
}
