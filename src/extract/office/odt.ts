import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractOptions, Extractor, Skipped } from '../extractor.js'
import { FlowWriter } from '../flow/flow-writer.js'
import { firstHeading } from '../real-title.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { describeDocument } from './document-properties.js'
import { readOdfObjects } from './odf-objects.js'
import { openOdfPackage } from './odf-package.js'
import { readOdfStyles } from './odf-styles.js'
import { OdfReader } from './odf-text.js'
import { isArchiveOf } from './office-file.js'

const endings = ['odt', 'ott', 'odm'] as const
const type = 'application/vnd.oasis.opendocument.text'

/**
 * OpenDocument texts: the same parts in the same form as those of Word documents. Places are the headings above. Left out:
 * pictures, deleted and hidden text, tables of contents, headers and footers.
 */
export const odtExtractor: Extractor = {
  format: 'OpenDocument text',
  isIsolated: true,
  accepts: (file) => isArchiveOf('odt', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOdfPackage(bytes, options)
    const styles = readOdfStyles([file.styles, file.content], limits)
    const writer = new FlowWriter()
    const reader = new OdfReader(styles, await readOdfObjects(file, limits), (item) => writer.write(item))
    const isDone = () => writer.length > limits.maxChars
    readNamespacedXml(
      file.content,
      { open: reader.open, close: reader.close, text: reader.text, isDone },
      limits,
    )
    const { text, blocks } = writer.finish()
    if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The document holds no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(await file.properties())
    return { text, blocks, ...(title === undefined ? {} : { title }), metadata, type }
  },
}
