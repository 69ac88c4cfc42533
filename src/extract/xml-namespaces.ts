import type { ExtractLimits } from './extractor.js'
import { readXml, type XmlElement, type XmlHandlers } from './xml.js'

/**
 * The prefix by which this code knows a namespace; empty where its names are written without one. Both forms of Office Open
 * XML (ECMA-376, transitional and strict), OpenDocument 1.3, EPUB 3.3.
 */
const prefixByNamespace: ReadonlyMap<string, string> = new Map([
  ...officeOpen('wordprocessingml', 'main', 'w'),
  ...officeOpen('presentationml', 'main', 'p'),
  ...officeOpen('spreadsheetml', 'main', ''),
  ...officeOpen('drawingml', 'main', 'a'),
  ...officeOpen('drawingml', 'chart', 'c'),
  ...officeOpen('drawingml', 'diagram', 'dgm'),
  ...officeOpen('officeDocument', 'math', 'm'),
  ...officeOpen('officeDocument', 'relationships', 'r'),
  ['http://schemas.openxmlformats.org/markup-compatibility/2006', 'mc'],
  ['http://schemas.openxmlformats.org/package/2006/relationships', ''],
  ['http://schemas.openxmlformats.org/package/2006/metadata/core-properties', 'cp'],
  ['http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing', 'wp'],
  ['http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing', 'wp'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ...[
    ['office', 'office'],
    ['text', 'text'],
    ['table', 'table'],
    ['drawing', 'draw'],
    ['presentation', 'presentation'],
    ['style', 'style'],
    ['meta', 'meta'],
    ['manifest', 'manifest'],
    ['xsl-fo-compatible', 'fo'],
    ['svg-compatible', 'svg'],
  ].map(([name, prefix]) => [`urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`, prefix ?? ''] as const),
  ['http://www.w3.org/1999/xlink', 'xlink'],
  ['http://www.w3.org/1998/Math/MathML', 'math'],
  ['http://www.w3.org/2001/04/xmlenc#', 'enc'],
  ['http://www.idpf.org/2007/opf', ''],
  ['http://www.daisy.org/z3986/2005/ncx/', ''],
  ['urn:oasis:names:tc:opendocument:xmlns:container', ''],
])

export type NamespacedHandlers = Omit<XmlHandlers, 'open'> & {
  /** Returns false to pass over the element with all that is in it; `close` is then not called. */
  readonly open?: (element: XmlElement) => boolean | undefined
}

/**
 * Reads XML (see `readXml`) with the prefixes that are usual for its namespaces, whatever the file calls them: `w:p` for a
 * paragraph that is written `ns0:p`, `row` for `x:row`. Declarations hold from where they stand to the end, as no real
 * file gives one prefix two meanings.
 */
export function readNamespacedXml(
  source: string,
  handlers: NamespacedHandlers,
  limits: Pick<ExtractLimits, 'maxDepth'>,
): void {
  const names = new Names()
  let passedOver = 0
  readXml(
    source,
    {
      ...handlers,
      open(element) {
        names.declare(element.attributes)
        if (passedOver > 0 || handlers.open?.(names.rename(element)) === false) passedOver++
      },
      close(name, place) {
        if (passedOver > 0) passedOver--
        else handlers.close?.(names.of(name), place)
      },
      text(text, place) {
        if (passedOver === 0) handlers.text?.(text, place)
      },
    },
    limits,
  )
}

class Names {
  /** Usual prefixes by those of the file, where the two differ. */
  readonly #prefixes = new Map<string, string>()
  readonly #names = new Map<string, string>()

  declare(attributes: Readonly<Record<string, string>>): void {
    // Most elements have no attributes or a few: a list of entries for each would cost more than the rest of the reading.
    for (const attribute in attributes) {
      const namespace = attributes[attribute]
      if (namespace === undefined || !attribute.startsWith('xmlns')) continue
      const written = attribute.slice('xmlns:'.length)
      const usual = prefixByNamespace.get(namespace)
      if (usual === undefined || usual === written) continue
      this.#prefixes.set(written, usual)
      this.#names.clear()
    }
  }

  of(name: string): string {
    if (this.#prefixes.size === 0) return name
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const colon = name.indexOf(':')
    const usual = this.#prefixes.get(name.slice(0, Math.max(0, colon)))
    const local = name.slice(colon + 1)
    const renamed = usual === undefined ? name : usual === '' ? local : `${usual}:${local}`
    this.#names.set(name, renamed)
    return renamed
  }

  rename(element: XmlElement): XmlElement {
    if (this.#prefixes.size === 0) return element
    const entries = Object.entries(element.attributes)
    // Attributes without a prefix have no namespace.
    const attributes = entries.map(([name, value]) => [name.includes(':') ? this.of(name) : name, value])
    return { name: this.of(element.name), attributes: Object.fromEntries(attributes) }
  }
}

function officeOpen(part: string, name: string, prefix: string): readonly (readonly [string, string])[] {
  return [
    [`http://schemas.openxmlformats.org/${part}/2006/${name}`, prefix],
    [`http://purl.oclc.org/ooxml/${part}/${name}`, prefix],
  ]
}
