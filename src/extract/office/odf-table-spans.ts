import type { CellMerge } from '../flow/flow.js'

type Table = { column: number; readonly rowsLeft: Map<number, number> }

/** Tells which cell covers a covered one: OpenDocument says only that it is covered. */
export class OdfTableSpans {
  readonly #tables: Table[] = []

  openTable(): void {
    this.#tables.push({ column: 0, rowsLeft: new Map() })
  }

  closeTable(): void {
    this.#tables.pop()
  }

  openRow(): void {
    const table = this.#tables.at(-1)
    if (table !== undefined) table.column = 0
  }

  /** @param rows how many rows the cell spans, its own included */
  openCell(rows: number): void {
    const table = this.#tables.at(-1)
    if (table === undefined) return
    if (rows > 1) table.rowsLeft.set(table.column, rows - 1)
    table.column++
  }

  openCovered(): CellMerge {
    const table = this.#tables.at(-1)
    if (table === undefined) return 'left'
    const column = table.column++
    const left = table.rowsLeft.get(column) ?? 0
    if (left === 0) return 'left'
    if (left === 1) table.rowsLeft.delete(column)
    else table.rowsLeft.set(column, left - 1)
    return 'above'
  }
}
