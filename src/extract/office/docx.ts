import { throwIfAborted } from '../../errors.js'
import type { Metadata } from '../../types.js'
import type {
  Attachment,
  Extraction,
  ExtractLimits,
  ExtractOptions,
  Extractor,
  Skipped,
} from '../extractor.js'
import { FlowWriter } from '../flow/flow-writer.js'
import { firstHeading } from '../real-title.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { describeDocument } from './document-properties.js'
import { WordReader } from './docx-body.js'
import { readWordNotes, readWordWords } from './docx-notes.js'
import { readWordNumbering } from './docx-numbering.js'
import { readWordStyles } from './docx-styles.js'
import { readDrawings } from './drawing-parts.js'
import { isArchiveOf } from './office-file.js'
import { type OfficePackage, openOfficePackage } from './office-package.js'

const endings = ['docx', 'docm', 'dotx', 'dotm'] as const
const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/**
 * Word documents. Headings, lists with their numbers, tables, footnotes and comments behind the paragraph that they belong
 * to, text boxes behind the one that they are anchored in, charts and diagrams by their words, equations in one line. Places
 * are the headings above. Left out: pictures, deleted and hidden text, tables of contents; headers and footers are metadata.
 */
export const docxExtractor: Extractor = {
  format: 'Word',
  isIsolated: true,
  accepts: (file) => isArchiveOf('docx', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOfficePackage(bytes, 'word/document.xml', options)
    const source = await file.readMain()
    const writer = new FlowWriter()
    const reader = new WordReader(await readParts(file, limits), (item) => writer.write(item))
    readNamespacedXml(
      source,
      {
        open: reader.open,
        close: reader.close,
        text: reader.text,
        isDone: () => writer.length > limits.maxChars,
      },
      limits,
    )
    const { text, blocks } = writer.finish()
    const attachments = await readInserted(file)
    if (blocks.length === 0 && attachments.length === 0)
      return { skipped: 'NO_TEXT', message: 'The document holds no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(await file.properties())
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata: { ...metadata, ...(await readMargins(file, text, limits)) },
      type,
      attachments,
    }
  },
}

async function readParts(file: OfficePackage, limits: ExtractLimits) {
  return {
    styles: readWordStyles(await file.readCommon('styles'), limits),
    numbering: readWordNumbering(await file.readCommon('numbering'), limits),
    footnotes: readWordNotes(await file.readCommon('footnotes'), limits),
    endnotes: readWordNotes(await file.readCommon('endnotes'), limits),
    comments: readWordNotes(await file.readCommon('comments'), limits),
    drawings: await readDrawings(file, file.mainPart, limits),
  }
}

/** Words of headers and footers that stand nowhere in the text. */
async function readMargins(file: OfficePackage, text: string, limits: ExtractLimits): Promise<Metadata> {
  const margins: Record<string, string> = {}
  for (const name of ['header', 'footer']) {
    const parts = await file.readRelated(file.mainPart, name)
    const words = parts.map((part) => readWordWords(part.text, limits))
    const own = new Set(words.filter((each) => /\p{L}/u.test(each) && !text.includes(each)))
    if (own.size > 0) margins[name] = [...own].join(' · ').slice(0, 2000)
  }
  return margins
}

/** Documents within the document: inserted files, which Word shows as part of the text, and embedded office files. */
async function readInserted(file: OfficePackage): Promise<Attachment[]> {
  const attachments: Attachment[] = []
  for (const { type, target, isExternal } of await file.relationshipsOf(file.mainPart)) {
    if (isExternal || (type !== 'aFChunk' && type !== 'package')) continue
    const bytes = await file.zip.read(target)
    if (bytes !== undefined) attachments.push({ name: target, bytes })
  }
  return attachments
}
