import { declaredCharset } from '../encoding/declared-charset.js'
import type { Extraction, ExtractLimits } from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { createTextExtractor } from '../text-extractor.js'
import { isFeed, readFeed } from './feed.js'
import { readSvg } from './svg.js'
import { writeXml } from './xml-writer.js'

const ENDINGS =
  'xml rss atom rdf svg xsd xsl xslt wsdl opml kml gpx plist xlf xliff tmx dita dbk tei fb2 resx'.split(' ')

/** XML of any kind; feeds and drawings are told by their outermost element. */
export const xmlExtractor = createTextExtractor({
  format: 'XML',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, ENDINGS),
  declaredCharset,
  noText: 'Its elements hold no text',
  read(text, { limits }) {
    if (!/^\s*<[A-Za-z!?]/.test(text))
      return { skipped: 'TYPE_MISMATCH', message: 'It is named as XML, but is none' }
    return readDocument(text, limits)
  },
})

function readDocument(source: string, limits: ExtractLimits): Extraction {
  if (isFeed(source)) return { ...readFeed(source, limits), type: 'application/rss+xml' }
  if (/<svg[\s>]/.test(source.slice(0, 4096))) return { ...readSvg(source, limits), type: 'image/svg+xml' }
  return { ...writeXml(source, limits), metadata: {}, type: 'application/xml' }
}
