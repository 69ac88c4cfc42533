import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractOptions, Extractor, Skipped } from '../extractor.js'
import { FlowWriter } from '../flow/flow-writer.js'
import { describeDocument } from '../office/document-properties.js'
import { isArchiveOf } from '../office/office-file.js'
import { firstHeading } from '../real-title.js'
import { readChapter } from './epub-chapter.js'
import { openEpubPackage } from './epub-package.js'

/** A chapter whose own heading stands later than this many blocks has none. */
const headingWithin = 3

/**
 * Books in EPUB, chapter by chapter in reading order. Places are the headings above; a chapter that begins without one has
 * the name that the table of contents gives it. Left out: pictures and the table of contents itself.
 */
export const epubExtractor: Extractor = {
  format: 'EPUB',
  isIsolated: true,
  accepts: (file) => isArchiveOf('epub', ['epub'], file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const book = await openEpubPackage(bytes, options)
    const writer = new FlowWriter()
    let read = 0
    for (const chapter of book.chapters.slice(0, limits.maxParts)) {
      if (writer.length > limits.maxChars) break
      read++
      const source = await book.read(chapter)
      if (source !== undefined) writeChapter(source, book.titles.get(chapter), writer)
    }
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The book holds no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(book.properties)
    const count = book.chapters.length
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata,
      type: 'application/epub+zip',
      ...(read < count ? { truncated: `Only the first ${read} of ${count} chapters were read` } : {}),
    }
  },
}

function writeChapter(source: string, title: string | undefined, writer: FlowWriter): void {
  const { text, blocks } = readChapter(source)
  const hasHeading = blocks.slice(0, headingWithin).some(({ kind }) => kind === 'heading')
  if (!hasHeading && blocks.length > 0) writer.name(1, title ?? '')
  for (const { kind, start, end, level } of blocks) writer.add(kind, text.slice(start, end), level)
}
