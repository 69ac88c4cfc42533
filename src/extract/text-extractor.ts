import { throwIfAborted } from '../errors.js'
import { decodeText } from './encoding/encoding.js'
import { type Extraction, type ExtractOptions, type Extractor, isSkipped, type Skipped } from './extractor.js'
import { isText } from './file-name.js'

/** What one format that is text does its own way. */
export type TextFormat = {
  readonly format: string
  readonly isIsolated: boolean
  /** Whether files of this name are of the format, where they are text. */
  readonly isNamed: (name: string) => boolean
  /** The encoding that the file names itself, where the format has a place for that. */
  readonly declaredCharset?: (bytes: Uint8Array) => string | undefined
  /** Reads text with line ends `\n`. Without blocks and attachments it counts as NO_TEXT. */
  readonly read: (
    text: string,
    options: ExtractOptions,
  ) => Extraction | Skipped | Promise<Extraction | Skipped>
  /** Says that there are no blocks, for people. */
  readonly noText: string
}

/** An extractor of a format that is text: decodes it, and hands it on when it is not of another format. */
export function createTextExtractor(own: TextFormat): Extractor {
  return {
    format: own.format,
    isIsolated: own.isIsolated,
    accepts: ({ name, head }) => own.isNamed(name) && isText(head),
    async extract(bytes, options) {
      throwIfAborted(options.signal)
      const decoded = decodeText(bytes, own.declaredCharset?.(bytes))
      if (isSkipped(decoded)) return decoded
      const extraction = await own.read(decoded.text, options)
      throwIfAborted(options.signal)
      if (isSkipped(extraction) || extraction.blocks.length > 0) return extraction
      return { skipped: 'NO_TEXT', message: own.noText }
    },
  }
}
