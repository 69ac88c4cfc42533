import type papaparse from 'papaparse'
import type { ParseStepResult } from 'papaparse'

/** A quotation mark that swallows more lines than this was never closed. */
const MAX_CELL_LINES = 50

/** What the delimiter is told by. */
const SAMPLE_CHARS = 64 * 1024
const SAMPLE_ROWS = 20

export type CsvReading = {
  /** The delimiter that was found. */
  readonly delimiter: string
  /** The row (from 1) from which on quotation marks were read as letters, as one is never closed. */
  readonly unquotedFrom?: number
}

/**
 * Reads the rows of a table in text form, blank ones too, and hands each to `onRow` with its number (from 1). A first line
 * `sep=;` names the delimiter and is no row, as Excel has it. Where a quotation mark is never closed, that row and those
 * behind it are read line by line, so that it swallows none of them.
 */
export function readRows(
  { parse }: typeof papaparse,
  text: string,
  onRow: (cells: readonly string[], row: number) => void,
): CsvReading {
  const declared = /^sep=(.)\n/.exec(text)
  const source = declared === null ? text : text.slice(declared[0].length)
  const delimiter = declared?.[1] ?? guessDelimiter(parse, source)
  let row = 0
  /** Where the next row begins. */
  let next = 0
  let unclosedAt: number | undefined

  parse<string[]>(source, {
    delimiter,
    newline: '\n',
    step(result, parser) {
      if (swallowsRows(result)) {
        unclosedAt = next
        parser.abort()
        return
      }
      next = result.meta.cursor
      onRow(result.data, ++row)
    },
  })
  if (unclosedAt === undefined) return { delimiter }
  const unquotedFrom = row + 1
  parse<string[]>(source.slice(unclosedAt), {
    delimiter,
    newline: '\n',
    fastMode: true,
    step: ({ data }) => onRow(data, ++row),
  })
  return { delimiter, unquotedFrom }
}

/** By the first rows: the delimiter that parts them into as many cells each. A table of one column has none; a comma does no harm. */
function guessDelimiter(parse: typeof papaparse.parse, source: string): string {
  const sample = source.slice(0, SAMPLE_CHARS)
  return parse<string[]>(sample, { preview: SAMPLE_ROWS, newline: '\n', skipEmptyLines: 'greedy' }).meta
    .delimiter
}

function swallowsRows({ data, errors }: ParseStepResult<string[]>): boolean {
  const quotes = errors.filter(({ type }) => type === 'Quotes')
  if (quotes.length === 0) return false
  return (
    quotes.some(({ code }) => code === 'MissingQuotes') ||
    data.some((cell) => cell.split('\n', MAX_CELL_LINES + 1).length > MAX_CELL_LINES)
  )
}
