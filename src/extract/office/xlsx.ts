import { throwIfAborted } from '../../errors.js'
import {
  type Extraction,
  type ExtractLimits,
  type ExtractOptions,
  type Extractor,
  SkipError,
  type Skipped,
} from '../extractor.js'
import { describeDocument } from './document-properties.js'
import type { NumberFormatter } from './number-formats.js'
import { isArchiveOf } from './office-file.js'
import { type OfficePackage, openOfficePackage } from './office-package.js'
import { WorkbookWriter } from './workbook-writer.js'
import {
  readNumberFormats,
  readPersons,
  readSharedStrings,
  readSheetComments,
  readWorkbookIndex,
} from './xlsx-parts.js'
import { countRows, readSheet } from './xlsx-sheet.js'

const endings = ['xlsx', 'xlsm', 'xltx', 'xltm'] as const
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/**
 * Excel workbooks, sheet by sheet: each row as a line with the names of its columns, values as they are shown, dates in ISO
 * 8601, comments at their cells. Hidden sheets are read and named as such. Left out: formulas, charts and pictures. The
 * parts are read as events: a library that builds the workbook in memory takes 385 MB for 100,000 rows, and
 * cannot stop where the text is long enough.
 */
export const xlsxExtractor: Extractor = {
  format: 'Excel',
  isIsolated: true,
  accepts: (file) => isArchiveOf('xlsx', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOfficePackage(bytes, 'xl/workbook.xml', options)
    if (file.mainPart.endsWith('.bin'))
      throw new SkipError(
        'UNSUPPORTED',
        'Binary Excel workbooks (.xlsb) are not read; saved as .xlsx they are',
      )
    const shared = await readShared(file, limits)
    const { SSF } = await import('@e965/xlsx')
    const { sheets, date1904 } = readWorkbookIndex(await file.readMain(), limits)
    const writer = new WorkbookWriter(limits)
    const context = { ...shared, formatter: SSF as NumberFormatter, date1904 }
    const targets = new Map((await file.relationshipsOf(file.mainPart)).map(({ id, target }) => [id, target]))
    for (const { id, name, isHidden } of sheets.slice(0, limits.maxParts)) {
      const part = targets.get(id)
      const rows =
        part === undefined || writer.truncated !== undefined ? undefined : await file.readText(part)
      if (part === undefined || rows === undefined) continue
      writer.openSheet({ name, isHidden, rows: countRows(rows) })
      const comments = await readComments(file, part, limits)
      const isDone = () => writer.truncated !== undefined
      readSheet(rows, { ...context, comments }, (row) => writer.add(row), isDone, limits)
    }
    const truncated = writer.truncated ?? tooManySheets(sheets.length, limits)
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The sheets hold nothing' }
    const { title, metadata } = describeDocument(await file.properties())
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata,
      type,
      ...(truncated === undefined ? {} : { truncated }),
    }
  },
}

function tooManySheets(count: number, { maxParts }: ExtractLimits): string | undefined {
  return count > maxParts ? `Only the first ${maxParts} of ${count} sheets were read` : undefined
}

async function readShared(file: OfficePackage, limits: ExtractLimits) {
  const strings = await file.readCommon('sharedStrings')
  const styles = await file.readCommon('styles')
  return {
    strings: strings === undefined ? [] : readSharedStrings(strings, limits),
    formats: styles === undefined ? [] : readNumberFormats(styles, limits),
  }
}

async function readComments(
  file: OfficePackage,
  sheet: string,
  limits: ExtractLimits,
): Promise<ReadonlyMap<string, string>> {
  const comments = new Map<string, string>()
  const persons = new Map<string, string>()
  const threaded = await file.readRelated(sheet, 'threadedComment')
  if (threaded.length > 0) {
    for (const { text } of await file.readRelated(file.mainPart, 'person')) readPersons(text, persons, limits)
  }
  for (const { text } of [...(await file.readRelated(sheet, 'comments')), ...threaded])
    readSheetComments(text, persons, comments, limits)
  return comments
}
