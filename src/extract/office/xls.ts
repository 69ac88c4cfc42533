import type { CellObject, WorkBook } from '@e965/xlsx'
import { throwIfAborted } from '../../errors.js'
import { decodeText } from '../encoding/encoding.js'
import {
  type Extraction,
  type ExtractOptions,
  type Extractor,
  type FileSample,
  SkipError,
  type Skipped,
} from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { tidyText } from '../flow/flow.js'
import { looksLikeHtml, sniffFormat } from '../sniff.js'
import { describeDocument } from './document-properties.js'
import { type NumberFormatter, showNumber } from './number-formats.js'
import { addComment, type SheetCell } from './sheet-table.js'
import { WorkbookWriter } from './workbook-writer.js'

const endings = ['xls', 'xlt'] as const
const type = 'application/vnd.ms-excel'

/** What is used of the library's reader of OLE files, which has no types. */
type OleReader = {
  read(bytes: Uint8Array, options: { type: 'buffer' }): { readonly FullPaths: readonly string[] }
}

/** Streams that tell what an OLE file holds ([MS-CFB], [MS-OFFCRYPTO], [MS-DOC], [MS-PPT], [MS-OXMSG]), and that is not read. */
const contents: readonly (readonly [stream: RegExp, reason: 'ENCRYPTED' | 'UNSUPPORTED', message: string])[] =
  [
    [/\/EncryptedPackage$/i, 'ENCRYPTED', 'It is protected by a password'],
    [
      /\/WordDocument$/i,
      'UNSUPPORTED',
      'Word documents of before 2007 (.doc) are not read; saved as .docx they are',
    ],
    [
      /\/PowerPoint Document$/i,
      'UNSUPPORTED',
      'PowerPoint presentations of before 2007 (.ppt) are not read; saved as .pptx they are',
    ],
    [/\/__properties_version1\.0$/i, 'UNSUPPORTED', 'Outlook messages are read when they are named .msg'],
  ]

/**
 * Excel workbooks of before 2007, and whatever else lies in an OLE file: encrypted office files, old Word and PowerPoint files
 * are named as such. Workbooks are read as those of Excel today are.
 */
export const xlsExtractor: Extractor = {
  format: 'Excel 97-2003',
  isIsolated: true,
  accepts({ name, head }: FileSample): boolean {
    const sniffed = sniffFormat(head)?.id
    if (sniffed !== undefined) return sniffed === 'ole' && !hasEnding(name, ['msg'])
    return hasEnding(name, endings) && !looksLikeHtml(head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { CFB, SSF, read, set_cptable } = await import('@e965/xlsx')
    // Without them text of before 1997 in other alphabets comes out as Western European.
    set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'))
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (sniffFormat(bytes.subarray(0, 4096))?.id === 'ole') checkContent(CFB as OleReader, buffer)
    else checkText(bytes)
    const workbook = readWorkbook(() =>
      read(buffer, { type: 'buffer', dense: true, cellFormula: false, cellHTML: false, cellNF: true }),
    )
    const writer = new WorkbookWriter(options.limits)
    writeSheets(workbook, SSF as NumberFormatter, writer, options.limits.maxParts)
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The sheets hold nothing' }
    const { truncated } = writer
    return { text, blocks, ...describe(workbook), type, ...(truncated === undefined ? {} : { truncated }) }
  },
}

/** Throws SkipError for an OLE file that is no workbook. */
function checkContent(ole: OleReader, bytes: Uint8Array): void {
  const streams = listStreams(ole, bytes)
  const found = contents.find(([stream]) => streams.some((path) => stream.test(path)))
  if (found !== undefined) throw new SkipError(found[1], found[2])
  if (!streams.some((path) => /\/(?:Workbook|Book)$/i.test(path)))
    throw new SkipError('UNSUPPORTED', 'An OLE file whose content is of a format that is not read')
}

function listStreams(ole: OleReader, bytes: Uint8Array): readonly string[] {
  try {
    return ole.read(bytes, { type: 'buffer' }).FullPaths
  } catch {
    throw new SkipError('PARSE_ERROR', 'It is not a sound OLE file, as old office files are')
  }
}

/** Many programs write tables of text under the name of a workbook; prose under that name is none. */
function checkText(bytes: Uint8Array): void {
  const decoded = decodeText(bytes)
  if ('skipped' in decoded) return
  if (!decoded.text.includes('\t') && !decoded.text.includes('urn:schemas-microsoft-com:office:spreadsheet'))
    throw new SkipError('TYPE_MISMATCH', 'It is named like an Excel workbook and is none')
}

function readWorkbook(read: () => WorkBook): WorkBook {
  try {
    return read()
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : ''
    if (/password|encrypt/i.test(message)) throw new SkipError('ENCRYPTED', 'It is protected by a password')
    throw thrown
  }
}

function writeSheets(
  { SheetNames, Sheets, Workbook }: WorkBook,
  formatter: NumberFormatter,
  writer: WorkbookWriter,
  maxSheets: number,
): void {
  const date1904 = Workbook?.WBProps?.date1904 === true
  for (const [i, name] of SheetNames.slice(0, maxSheets).entries()) {
    const rows = Sheets[name]?.['!data'] ?? []
    const isHidden = (Workbook?.Sheets?.[i]?.Hidden ?? 0) > 0
    writer.openSheet({ name, isHidden, rows: rows.length })
    // Rows and cells are sparse: only those that are there are visited.
    rows.forEach((row, at) => {
      const cells: SheetCell[] = []
      row?.forEach((cell, column) => {
        const shown = showCell(cell, column, formatter, date1904)
        if (shown !== undefined) cells.push(shown)
      })
      writer.add({ row: at + 1, cells })
    })
  }
}

function showCell(
  cell: CellObject | undefined,
  column: number,
  formatter: NumberFormatter,
  date1904: boolean,
): SheetCell | undefined {
  if (cell === undefined) return undefined
  const isNumber = cell.t === 'n' && typeof cell.v === 'number'
  const raw = isNumber
    ? showNumber(formatter, Number(cell.v), cell.z ?? 0, date1904)
    : String(cell.w ?? cell.v ?? '')
  const text = tidyText(raw).replaceAll('\n', ' ')
  const comments = new Map<string, string>()
  for (const { a = '', t = '' } of cell.c ?? []) addComment(comments, '', a, t)
  const comment = comments.get('')
  if (text === '' && comment === undefined) return undefined
  return {
    column,
    text,
    isText: cell.t === 's' || text === '',
    ...(comment === undefined ? {} : { comment }),
  }
}

function describe({ Props = {} }: WorkBook): ReturnType<typeof describeDocument> {
  const iso = (date: Date | undefined) =>
    date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined
  return describeDocument({
    title: Props.Title,
    authors: Props.Author?.split(';'),
    created: iso(Props.CreatedDate),
    modified: iso(Props.ModifiedDate),
    tags: [Props.Keywords ?? ''],
    subject: Props.Subject,
    description: Props.Comments,
  })
}
