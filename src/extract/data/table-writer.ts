import type { ExtractLimits } from '../extractor.js'
import { TextBuilder } from '../text-builder.js'
import { findHeader, HEADER_SAMPLE_ROWS, rowLine, type TableHeader } from './table-header.js'

/** Columns beyond are left out: what is wider is a matrix of numbers. */
const MAX_COLUMNS = 256
/** Of the names of the columns, where they stand above the rows. */
const MAX_NAMES_CHARS = 300

export type TableOptions = {
  /** Name of the sheet in the rows' locations. */
  readonly sheet: string
  /** Characters of the source, by which it is told whether its rows can carry their headers. */
  readonly sourceChars: number
  readonly limits: Pick<ExtractLimits, 'maxChars'>
}

type Row = { readonly cells: readonly string[]; readonly number: number }

export type WrittenTable = ReturnType<TextBuilder['finish']> & {
  readonly columns: readonly string[]
  readonly rows: number
  readonly truncated?: string
}

/**
 * Puts the rows of one table into text, row by row. Each is one line that can be read alone, `Header: value | Header: value`,
 * so that a row is found by its own words and its header's wherever a passage is cut. A table that would grow beyond
 * `maxChars` that way gets the names of its columns as a heading and rows of values only.
 */
export class TableWriter {
  readonly #options: TableOptions
  readonly #builder = new TextBuilder()
  #header: TableHeader | undefined
  #isShort = false
  /** The first rows, until it is known what they are. */
  #sample: Row[] = []
  /** Lines of rows that follow one another, to become one block. */
  #lines: string[] = []
  #lastRow = 0
  #chars = 0
  #rows = 0
  #rowsLeftOut = 0
  #widest = 0

  constructor(options: TableOptions) {
    this.#options = options
  }

  /** Rows come in order; their numbers count from 1 and may have gaps. */
  add(cells: readonly string[], number: number): void {
    if (this.#header !== undefined) this.#write({ cells, number })
    else if (this.#sample.push({ cells, number }) === HEADER_SAMPLE_ROWS) this.#begin()
  }

  finish(): WrittenTable {
    if (this.#header === undefined) this.#begin()
    this.#closeBlock()
    const truncated = this.#truncated()
    return {
      ...this.#builder.finish(),
      columns: this.#header?.names ?? [],
      rows: this.#rows,
      ...(truncated === '' ? {} : { truncated }),
    }
  }

  #begin(): void {
    const sample = this.#sample
    this.#sample = []
    const header = findHeader(sample.map(({ cells }) => cells.slice(0, MAX_COLUMNS)))
    this.#header = header
    this.#isShort = this.#wouldGrowTooLong(sample, header.names)
    sample.forEach((row, i) => {
      if (i < header.index) this.#writeNote(row)
      else if (i === header.index) this.#writeHeader(row)
      else this.#write(row)
    })
  }

  /** Whether the rows with their headers pass the limit, going by how much longer they make the first ones. */
  #wouldGrowTooLong(sample: readonly Row[], names: readonly string[]): boolean {
    const { sourceChars, limits } = this.#options
    let before = 0
    let after = 0
    for (const { cells } of sample) {
      for (const cell of cells) before += cell.length + 1
      after += rowLine(names, cells.slice(0, MAX_COLUMNS)).length + 1
    }
    return before > 0 && (after / before) * sourceChars > limits.maxChars
  }

  /** A line above the table: its title, when it was made, units. */
  #writeNote({ cells, number }: Row): void {
    this.#builder.add('text', rowLine([], cells), {
      kind: 'sheet',
      name: this.#options.sheet,
      rows: [number, number],
    })
  }

  #writeHeader(row: Row): void {
    const names = this.#header?.names ?? []
    if (this.#isShort) {
      const { sheet } = this.#options
      const heading = names.filter((name) => name !== '').join(' | ')
      this.#builder.addName(1, cut(heading, MAX_NAMES_CHARS), {
        kind: 'sheet',
        name: sheet,
        rows: [row.number, row.number],
      })
    }
    this.#add(rowLine([], row.cells.slice(0, MAX_COLUMNS)), row)
  }

  #write(row: Row): void {
    const names = this.#isShort ? [] : (this.#header?.names ?? [])
    const line = rowLine(names, row.cells.slice(0, MAX_COLUMNS))
    if (line !== '') this.#add(line, row)
  }

  #add(line: string, { cells, number }: Row): void {
    this.#widest = Math.max(this.#widest, cells.length)
    if (this.#chars > 0 && this.#chars + line.length > this.#options.limits.maxChars) {
      this.#rowsLeftOut++
      return
    }
    if (number !== this.#lastRow + 1) this.#closeBlock()
    this.#lines.push(line)
    this.#chars += line.length + 1
    this.#lastRow = number
    this.#rows++
  }

  #closeBlock(): void {
    const first = this.#lastRow - this.#lines.length + 1
    const { sheet } = this.#options
    this.#builder.add('table', this.#lines.join('\n'), {
      kind: 'sheet',
      name: sheet,
      rows: [first, this.#lastRow],
    })
    this.#lines = []
  }

  #truncated(): string {
    const count = (n: number) => n.toLocaleString('en')
    const parts: string[] = []
    if (this.#rowsLeftOut > 0)
      parts.push(
        `Only the first ${count(this.#rows)} of ${count(this.#rows + this.#rowsLeftOut)} rows were read`,
      )
    if (this.#widest > MAX_COLUMNS)
      parts.push(`Only the first ${MAX_COLUMNS} of ${count(this.#widest)} columns were read`)
    return parts.join('; ')
  }
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)} …`
}
