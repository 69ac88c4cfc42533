import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractOptions, Extractor, Skipped } from '../extractor.js'
import { tidyText } from '../flow/flow.js'
import type { XmlElement } from '../xml.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { describeDocument } from './document-properties.js'
import { openOdfPackage } from './odf-package.js'
import { type OdfStyles, readOdfStyles } from './odf-styles.js'
import { isArchiveOf } from './office-file.js'
import { addComment, type SheetCell } from './sheet-table.js'
import { WorkbookWriter } from './workbook-writer.js'

const endings = ['ods', 'ots'] as const
const type = 'application/vnd.oasis.opendocument.spreadsheet'
/** Cells and rows that are alike are written once with a number, which may be the whole sheet. */
const maxRepeats = 100

/** OpenDocument spreadsheets: the same in the same form as Excel workbooks. */
export const odsExtractor: Extractor = {
  format: 'OpenDocument spreadsheet',
  isIsolated: true,
  accepts: (file) => isArchiveOf('ods', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOdfPackage(bytes, options)
    const writer = new WorkbookWriter(limits)
    const reader = new SheetReader(
      readOdfStyles([file.styles, file.content], limits),
      writer,
      limits.maxParts,
    )
    const isDone = () => writer.truncated !== undefined || reader.isTruncated
    readNamespacedXml(
      file.content,
      { open: reader.open, close: reader.close, text: reader.text, isDone },
      limits,
    )
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The sheets hold nothing' }
    const truncated =
      writer.truncated ??
      (reader.isTruncated ? `Only the first ${reader.sheets} sheets were read` : undefined)
    const described = describeDocument(await file.properties())
    return { text, blocks, ...described, type, ...(truncated === undefined ? {} : { truncated }) }
  },
}

type OpenCell = {
  readonly attributes: XmlElement['attributes']
  readonly paragraphs: string[]
  readonly comments: Map<string, string>
}
type OpenComment = { author: string; readonly parts: string[] }

class SheetReader {
  sheets = 0
  /** Whether there are more sheets than may be read. */
  isTruncated = false
  readonly #maxSheets: number
  readonly #writer: WorkbookWriter
  readonly #styles: OdfStyles
  #row = 0
  #column = 0
  #rowRepeats = 1
  #cells: SheetCell[] = []
  #cell: OpenCell | undefined
  #comment: OpenComment | undefined
  #isAuthor = false
  #isText = false
  /** Tables lie in cells of tables now and then; their words belong to the cell. */
  #depth = 0

  constructor(styles: OdfStyles, writer: WorkbookWriter, maxSheets: number) {
    this.#maxSheets = maxSheets
    this.#styles = styles
    this.#writer = writer
  }

  open = ({ name, attributes }: XmlElement): boolean | undefined => {
    if (name === 'table:shapes' || name === 'table:tracked-changes' || name === 'dc:date') return false
    if (name === 'table:table' && this.#depth === 0) {
      this.isTruncated ||= this.sheets >= this.#maxSheets
      if (this.isTruncated) return false
    }
    if (name === 'table:table' && ++this.#depth === 1) this.#openSheet(attributes)
    else if (this.#depth !== 1) return undefined
    else if (name === 'table:table-row') {
      this.#cells = []
      this.#column = 0
      this.#rowRepeats = repeats(attributes['table:number-rows-repeated'])
    } else if (name === 'table:table-cell' || name === 'table:covered-table-cell')
      this.#cell = { attributes, paragraphs: [], comments: new Map() }
    else if (name === 'office:annotation') this.#comment = { author: '', parts: [] }
    else if (name === 'dc:creator') this.#isAuthor = true
    else if (name === 'text:p') {
      this.#isText = true
      if (this.#comment === undefined) this.#cell?.paragraphs.push('')
    } else if (name === 'text:s' || name === 'text:tab' || name === 'text:line-break') this.text(' ')
    return undefined
  }

  close = (name: string): void => {
    if (name === 'table:table') this.#depth--
    else if (this.#depth !== 1) return
    else if (name === 'text:p') {
      this.#isText = false
      this.#comment?.parts.push(' ')
    } else if (name === 'dc:creator') this.#isAuthor = false
    else if (name === 'office:annotation' && this.#comment !== undefined) {
      const { author, parts } = this.#comment
      if (this.#cell !== undefined) addComment(this.#cell.comments, '', tidyText(author), parts.join(''))
      this.#comment = undefined
    } else if (name === 'table:table-cell' || name === 'table:covered-table-cell') this.#closeCell()
    else if (name === 'table:table-row') this.#closeRow()
  }

  text = (text: string): void => {
    if (this.#comment !== undefined) {
      if (this.#isAuthor) this.#comment.author += text
      else if (this.#isText) this.#comment.parts.push(text)
    } else if (this.#isText) {
      const paragraphs = this.#cell?.paragraphs
      if (paragraphs !== undefined) paragraphs[paragraphs.length - 1] += text
    }
  }

  #openSheet(attributes: XmlElement['attributes']): void {
    this.sheets++
    this.#row = 0
    const isHidden = this.#styles.of(attributes['table:style-name']).isHidden
    this.#writer.openSheet({ name: attributes['table:name'] ?? '', isHidden })
  }

  #closeCell(): void {
    if (this.#cell === undefined) return
    const { attributes, paragraphs, comments } = this.#cell
    this.#cell = undefined
    const count = repeats(attributes['table:number-columns-repeated'])
    const isText = (attributes['office:value-type'] ?? 'string') === 'string'
    const text = showValue(attributes, paragraphs)
    const comment = comments.get('')
    if (text !== '' || comment !== undefined) {
      const cell = { text, isText, ...(comment === undefined ? {} : { comment }) }
      for (let i = 0; i < Math.min(count, maxRepeats); i++)
        this.#cells.push({ column: this.#column + i, ...cell })
    }
    this.#column += count
  }

  #closeRow(): void {
    const copies = this.#cells.length === 0 ? 0 : Math.min(this.#rowRepeats, maxRepeats)
    for (let i = 0; i < copies; i++) this.#writer.add({ row: this.#row + i + 1, cells: this.#cells })
    this.#row += this.#rowRepeats
  }
}

/** Dates as ISO 8601; all else as it is shown. */
function showValue(attributes: XmlElement['attributes'], paragraphs: readonly string[]): string {
  const date = attributes['office:date-value']
  if (date !== undefined)
    return date.replace('T', ' ').replace(/ 00:00:00(?:\.0+)?$|(?<=:\d\d):00(?:\.0+)?$/, '')
  return tidyText(paragraphs.join(' ')).replaceAll('\n', ' ')
}

function repeats(written: string | undefined): number {
  const number = Number(written)
  return Number.isSafeInteger(number) && number > 0 ? Math.min(number, 2 ** 21) : 1
}
