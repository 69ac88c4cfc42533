import type { Notice } from '../../types.js'
import { boundedList } from '../bounded-metadata.js'
import { hasEnding, nameWithoutEnding } from '../file-name.js'
import { createTextExtractor } from '../text-extractor.js'
import { readRows } from './csv-rows.js'
import { TableWriter } from './table-writer.js'

/**
 * Tables as text. Delimiter and header are found; each row is one line that carries the names of its columns, located by its
 * number as a spreadsheet counts it (a cell with line breaks is still one row).
 */
export const csvExtractor = createTextExtractor({
  format: 'CSV',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, ['csv', 'tsv', 'tab']),
  noText: 'The table holds no text',
  async read(text, { name, limits }) {
    const { default: papa } = await import('papaparse')
    const table = new TableWriter({ sheet: nameWithoutEnding(name), sourceChars: text.length, limits })
    const { delimiter, unquotedFrom } = readRows(papa, text, (cells, row) => table.add(cells, row))
    const { columns, rows, ...written } = table.finish()
    return {
      ...written,
      metadata: { ...(columns.length === 0 ? {} : { columns: boundedList(columns) }), rows },
      type: delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv',
      notices: unquotedFrom === undefined ? [] : [unclosedQuote(unquotedFrom)],
    }
  },
})

function unclosedQuote(row: number): Notice {
  return {
    code: 'PARSE_ERROR',
    message: `A quotation mark in row ${row} is never closed; from there on each line was read as a row`,
  }
}
