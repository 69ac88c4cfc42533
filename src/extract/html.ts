import { parse } from 'parse5'
import { throwIfAborted } from '../errors.js'
import { decodeText } from './encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { hasEnding } from './file-name.js'
import { writeBlocks } from './html-blocks.js'
import { readHead } from './html-head.js'
import { findContent } from './html-main.js'
import { looksLikeHtml, sniffFormat } from './sniff.js'

const htmlEndings = ['html', 'htm', 'xhtml', 'xht'] as const

/** The HTML standard looks in the first 1,024 bytes; real pages are later now and then. */
const charsetProbeBytes = 4096

/**
 * Web pages. The text is the page's content (see `findContent`) without navigation, scripts and hidden parts, blocks parted
 * by blank lines; each block's location is the lines of the HTML source that its words came from.
 */
export const htmlExtractor: Extractor = {
  format: 'HTML',
  isIsolated: false,
  accepts(file: FileSample): boolean {
    if (sniffFormat(file.head) !== undefined) return false
    return hasEnding(file.name, htmlEndings) || looksLikeHtml(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const decoded = decodeText(bytes, declaredCharset(bytes))
    if ('skipped' in decoded) return decoded
    const page = parse(decoded.text, { sourceCodeLocationInfo: true })
    throwIfAborted(options.signal)
    const content = findContent(page)
    const { text, blocks } = writeBlocks(content)
    if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The page holds no visible text' }
    const head = readHead(page, (element) => content.dropped.has(element))
    return { text, blocks, ...head, type: 'text/html' }
  },
}

/** The encoding that `<meta charset>`, its older `http-equiv` form or an XML declaration names. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.length, charsetProbeBytes),
  ).toString('latin1')
  const match =
    /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) ??
    /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(head)
  return match?.[1]
}
