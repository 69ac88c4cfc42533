import { throwIfAborted } from '../errors.js'
import type { Notice } from '../types.js'
import { boundedList } from './bounded-metadata.js'
import { readRows } from './csv-rows.js'
import { decodeText } from './encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { hasEnding, isText, nameWithoutEnding } from './file-name.js'
import { TableWriter } from './table-writer.js'

const ENDINGS = ['csv', 'tsv', 'tab'] as const

/**
 * Tables as text. Delimiter and header are found; each row is one line that carries the names of its columns, located by its
 * number as a spreadsheet counts it (a cell with line breaks is still one row).
 */
export const csvExtractor: Extractor = {
  format: 'CSV',
  isIsolated: false,
  accepts(file: FileSample): boolean {
    return hasEnding(file.name, ENDINGS) && isText(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const decoded = decodeText(bytes)
    if ('skipped' in decoded) return decoded
    const { default: papa } = await import('papaparse')
    const table = new TableWriter({
      sheet: nameWithoutEnding(options.name),
      sourceChars: decoded.text.length,
      limits: options.limits,
    })
    const { delimiter, unquotedFrom } = readRows(papa, decoded.text, (cells, row) => table.add(cells, row))
    throwIfAborted(options.signal)
    const { columns, rows, ...written } = table.finish()
    if (written.blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The table holds no text' }
    return {
      ...written,
      metadata: { ...(columns.length === 0 ? {} : { columns: boundedList(columns) }), rows },
      type: delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv',
      notices: unquotedFrom === undefined ? [] : [unclosedQuote(unquotedFrom)],
    }
  },
}

function unclosedQuote(row: number): Notice {
  return {
    code: 'PARSE_ERROR',
    message: `A quotation mark in row ${row} is never closed; from there on each line was read as a row`,
  }
}
