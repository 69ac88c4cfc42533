import { GemdexError, throwIfAborted } from '../errors.js'
import type { Extracted } from '../types.js'
import { decodeText } from './encoding.js'
import type { ExtractOptions, Extractor, Skipped } from './extractor.js'
import { endingOf } from './file-name.js'
import { htmlExtractor } from './html.js'
import { markdownExtractor } from './markdown.js'
import { plainTextExtractor } from './plain-text.js'
import { sniffFormat } from './sniff.js'
import { isKnownEnding, nameOfEnding } from './unsupported.js'

/** One per format; the first that accepts a file reads it. */
export const extractors: readonly Extractor[] = [htmlExtractor, markdownExtractor, plainTextExtractor]

const headBytes = 4096

/**
 * The text of a file, or why there is none. Content decides before the name does: a page named `.pdf` is read as HTML, a PDF
 * named `.md` is not read. `name` is a file name or URI. Never throws but CANCELLED.
 */
export async function extractFile(bytes: Uint8Array, options: ExtractOptions): Promise<Extracted | Skipped> {
  throwIfAborted(options.signal)
  if (bytes.length === 0) return { skipped: 'empty', message: 'The file is empty' }
  if (isOnlySpace(bytes)) return { skipped: 'no-text', message: 'The file holds nothing but white space' }
  const sample = { name: options.name, head: bytes.subarray(0, headBytes) }
  const extractor = extractors.find((candidate) => candidate.accepts(sample))
  if (extractor === undefined) return explainUnsupported(bytes, options.name)
  try {
    return await extractor.extract(bytes, options)
  } catch (thrown) {
    if (thrown instanceof GemdexError && thrown.code === 'CANCELLED') throw thrown
    return {
      skipped: 'broken',
      message: `The file could not be read as ${extractor.format}: ${reasonOf(thrown)}`,
    }
  }
}

function explainUnsupported(bytes: Uint8Array, name: string): Skipped {
  const format = sniffFormat(bytes.subarray(0, headBytes))
  if (format !== undefined) {
    return {
      skipped: 'unsupported',
      message: `The content is of another format, which is not read yet: ${format.label}`,
    }
  }
  const ending = endingOf(name)
  const decoded = decodeText(bytes.subarray(0, headBytes * 4))
  if ('skipped' in decoded && (ending === undefined || !isKnownEnding(ending))) return decoded
  if (ending === undefined)
    return { skipped: 'unsupported', message: 'Hidden files without an ending are not read' }
  return { skipped: 'unsupported', message: `${nameOfEnding(ending)} are not read yet` }
}

/** White space, NULs of UTF-16 white space, byte order marks. */
function isOnlySpace(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, headBytes))
  if (bytes.length > headBytes)
    return text.trim() === '' && new TextDecoder('utf-8').decode(bytes).trim() === ''
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return text.trim() === '' || (isUtf16 && new TextDecoder('utf-16le').decode(bytes).trim() === '')
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'unknown reason'
}
