import { parse } from 'parse5'
import { throwIfAborted } from '../../errors.js'
import type { Extracted } from '../../types.js'
import { declaredCharset } from '../encoding/declared-charset.js'
import { decodeText } from '../encoding/encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { looksLikeHtml, sniffFormat } from '../sniff.js'
import { writeBlocks } from './html-blocks.js'
import { readHead } from './html-head.js'
import { findContent } from './html-main.js'

const htmlEndings = ['html', 'htm', 'xhtml', 'xht'] as const

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
    const page = readHtml(decoded.text, { hasLines: true })
    throwIfAborted(options.signal)
    if (page.blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The page holds no visible text' }
    return { ...page, type: 'text/html' }
  },
}

/**
 * The text of a page, or of a part of one, and what it says of itself; without blocks when it holds no visible text. Without
 * `hasLines`, where nobody sees the source, its blocks have no lines, which takes half the time.
 */
export function readHtml(
  source: string,
  { hasLines }: { readonly hasLines: boolean },
): Omit<Extracted, 'type'> {
  const page = parse(source, { sourceCodeLocationInfo: hasLines })
  const content = findContent(page)
  return { ...writeBlocks(content), ...readHead(page, (element) => content.dropped.has(element)) }
}
