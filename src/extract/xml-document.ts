import { throwIfAborted } from '../errors.js'
import { declaredCharset } from './declared-charset.js'
import { decodeText } from './encoding.js'
import type {
  Extraction,
  ExtractLimits,
  ExtractOptions,
  Extractor,
  FileSample,
  Skipped,
} from './extractor.js'
import { isFeed, readFeed } from './feed.js'
import { hasEnding, isText } from './file-name.js'
import { readSvg } from './svg.js'
import { writeXml } from './xml-writer.js'

const ENDINGS = [
  'xml',
  'rss',
  'atom',
  'rdf',
  'svg',
  'xsd',
  'xsl',
  'xslt',
  'wsdl',
  'opml',
  'kml',
  'gpx',
  'plist',
  'xlf',
  'xliff',
  'tmx',
  'dita',
  'dbk',
  'tei',
  'fb2',
  'resx',
] as const

/** XML of any kind; feeds and drawings are told by their outermost element. */
export const xmlExtractor: Extractor = {
  format: 'XML',
  isIsolated: false,
  accepts(file: FileSample): boolean {
    return hasEnding(file.name, ENDINGS) && isText(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const decoded = decodeText(bytes, declaredCharset(bytes))
    if ('skipped' in decoded) return decoded
    const { text } = decoded
    if (!/^\s*<[A-Za-z!?]/.test(text))
      return { skipped: 'TYPE_MISMATCH', message: 'It is named as XML, but is none' }
    const extraction = readDocument(text, options.limits)
    throwIfAborted(options.signal)
    if (extraction.blocks.length === 0) return { skipped: 'NO_TEXT', message: 'Its elements hold no text' }
    return extraction
  },
}

function readDocument(source: string, limits: ExtractLimits): Extraction {
  if (isFeed(source)) return { ...readFeed(source, limits), type: 'application/rss+xml' }
  if (/<svg[\s>]/.test(source.slice(0, 4096))) return { ...readSvg(source, limits), type: 'image/svg+xml' }
  return { ...writeXml(source, limits), metadata: {}, type: 'application/xml' }
}
