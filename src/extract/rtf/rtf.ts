import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { FlowWriter } from '../flow/flow-writer.js'
import { describeDocument } from '../office/document-properties.js'
import { firstHeading } from '../real-title.js'
import { sniffFormat } from '../sniff.js'
import { RtfReader } from './rtf-reader.js'
import { readRtf } from './rtf-tokens.js'

/**
 * RTF documents: paragraphs, headings by their style, lists with the marks that they are shown with, tables, notes and
 * comments, text boxes; in whatever code page. Places are the headings above. Left out: pictures, embedded objects, hidden and
 * deleted text, headers and footers.
 */
export const rtfExtractor: Extractor = {
  format: 'RTF',
  isIsolated: true,
  accepts: ({ head }: FileSample) => sniffFormat(head)?.id === 'rtf',
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    const writer = new FlowWriter()
    const reader = new RtfReader((item) => writer.write(item), limits)
    for (const token of readRtf(source)) {
      if (writer.length > limits.maxChars) break
      reader.read(token)
    }
    reader.finish()
    const { text, blocks } = writer.finish()
    if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The document holds no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(reader.header.properties)
    return { text, blocks, ...(title === undefined ? {} : { title }), metadata, type: 'application/rtf' }
  },
}
