import { type FlowCell, type FlowTable, flatText } from './flow.js'

/** A cell that spans rows is repeated in each, so that a row can be read alone; within bounds, or small files get huge. */
const maxRepeatedChars = 100
const maxRepeatedCells = 20_000
/** Cells with more than this are prose that a table only places. */
const layoutCellChars = 1500

/** Whether a table places text on the page instead of holding data: one column, headings or tables in it, very long cells. */
export function isLayout(table: FlowTable): boolean {
  const columns = Math.max(...table.rows.map((row) => row.length), 0)
  return columns <= 1 || table.rows.some((row) => row.some(isLayoutCell))
}

function isLayoutCell({ items }: FlowCell): boolean {
  const isStructured = items.some((item) => item.kind === 'table' || item.style.heading !== undefined)
  return isStructured || flatText(items).length > layoutCellChars
}

/** One line for each row that holds words: its cells parted by ` | `. */
export function tableLines(table: FlowTable): string[] {
  const lines: string[] = []
  let above: readonly string[] = []
  let repeatsLeft = maxRepeatedCells
  for (const row of table.rows) {
    const columns: string[] = []
    const shown: string[] = []
    for (const { items, merge, span } of row) {
      const repeated = merge === 'above' && repeatsLeft-- > 0 ? (above[columns.length] ?? '') : ''
      const text = merge === 'own' ? flatText(items) : repeated.length <= maxRepeatedChars ? repeated : ''
      if (merge !== 'left') shown.push(text)
      columns.push(text, ...Array.from({ length: Math.min(span, 100) - 1 }, () => ''))
    }
    above = columns
    while (shown.at(-1) === '') shown.pop()
    if (shown.some((text) => text !== '')) lines.push(shown.join(' | '))
  }
  return lines
}
