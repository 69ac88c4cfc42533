import type { ExtractLimits } from '../extractor.js'
import { tidyText } from '../flow/flow.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { type NumberFormat, type NumberFormatter, showNumber } from './number-formats.js'
import type { SheetCell, SheetRow } from './sheet-table.js'

/** What the cells of a sheet refer to. */
export type SheetContext = {
  readonly strings: readonly string[]
  readonly formats: readonly NumberFormat[]
  readonly formatter: NumberFormatter
  readonly date1904: boolean
  /** By cell, such as `B7`. */
  readonly comments: ReadonlyMap<string, string>
}

type OpenCell = { readonly reference: string; readonly type: string; readonly style: number; value: string }

/**
 * Reads the cells of a worksheet (SpreadsheetML, ECMA-376 part 1, section 18.3) row by row. Numbers are given as they are
 * shown, formulas by their last result. `add` is handed rows that hold something; `isDone` ends the reading.
 */
export function readSheet(
  source: string,
  context: SheetContext,
  add: (row: SheetRow) => void,
  isDone: () => boolean,
  limits: ExtractLimits,
): void {
  let row = 0
  let column = 0
  let cells: SheetCell[] = []
  let cell: OpenCell | undefined
  let isValue = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (name === 'row') {
          row = positive(attributes.r) ?? row + 1
          column = 0
          cells = []
        } else if (name === 'c') {
          column = columnOf(attributes.r) ?? column
          cell = {
            reference: attributes.r ?? '',
            type: attributes.t ?? 'n',
            style: Number(attributes.s) || 0,
            value: '',
          }
        }
        isValue = name === 'v' || name === 't'
        return name !== 'rPh' && name !== 'f'
      },
      close(name) {
        isValue = false
        if (name === 'c' && cell !== undefined) {
          const shown = showCell(cell, column, context)
          if (shown !== undefined) cells.push(shown)
          column++
          cell = undefined
        } else if (name === 'row' && cells.length > 0) add({ row, cells })
      },
      text(text) {
        if (isValue && cell !== undefined) cell.value += text
      },
      isDone,
    },
    limits,
  )
}

function showCell(
  { reference, type, style, value }: OpenCell,
  column: number,
  { strings, formats, formatter, date1904, comments }: SheetContext,
): SheetCell | undefined {
  const comment = comments.get(reference)
  const isText = type === 's' || type === 'str' || type === 'inlineStr'
  const text = showValue()
  if (text === '' && comment === undefined) return undefined
  return { column, text, isText: isText || text === '', ...(comment === undefined ? {} : { comment }) }

  function showValue(): string {
    if (value === '') return ''
    if (type === 's') return oneLine(strings[Number(value)] ?? '')
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
    if (type === 'n') return showNumber(formatter, Number(value), formats[style] ?? 0, date1904)
    return oneLine(value)
  }
}

/** How many rows a worksheet holds. (Its own word on that is often missing, or the most that a sheet can have.) */
export function countRows(source: string): number {
  let count = 0
  for (const _ of source.matchAll(/<(?:\w+:)?row[\s>]/g)) count++
  return count
}

/** A row is one line, so a cell is too. Excel writes control characters as `_x000D_`. */
function oneLine(text: string): string {
  return tidyText(text.replace(/_x00(?:0[\dA-F]|1[\dA-F])_/gi, ' ')).replaceAll('\n', ' ')
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

/** `AB12` is column 27 (from 0). */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference ?? '')?.[0]
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
