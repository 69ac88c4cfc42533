import { type ExtractLimits, type ExtractOptions, SkipError } from '../extractor.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { openZip } from '../zip.js'
import type { DocumentProperties } from './document-properties.js'

/** An OpenDocument file (ISO/IEC 26300). */
export interface OdfPackage {
  readonly content: string
  /** Styles that the content refers to by name, shared ones. */
  readonly styles: string | undefined
  /** The content of objects within the document, such as charts and formulas, by the name that frames refer to. */
  readObjects(): Promise<ReadonlyMap<string, string>>
  properties(): Promise<DocumentProperties>
}

/** Throws SkipError as `openZip` does; ENCRYPTED for a file with a password; PARSE_ERROR when it has no content. */
export async function openOdfPackage(bytes: Uint8Array, options: ExtractOptions): Promise<OdfPackage> {
  const zip = await openZip(bytes, options.limits, options.signal)
  const manifest = await zip.readText('META-INF/manifest.xml')
  if (manifest?.includes('encryption-data') === true)
    throw new SkipError('ENCRYPTED', 'It is protected by a password')
  const content = await zip.readText('content.xml')
  if (content === undefined)
    throw new SkipError('PARSE_ERROR', 'The part that holds the document is missing: content.xml')
  return {
    content,
    styles: await zip.readText('styles.xml'),
    async readObjects() {
      const objects = new Map<string, string>()
      for (const name of zip.names) {
        const object = /^([^/]+)\/content\.xml$/.exec(name)?.[1]
        const text = object === undefined ? undefined : await zip.readText(name)
        if (object !== undefined && text !== undefined) objects.set(object, text)
      }
      return objects
    },
    async properties() {
      return readProperties(await zip.readText('meta.xml'), options.limits)
    },
  }
}

function readProperties(source: string | undefined, limits: ExtractLimits): DocumentProperties {
  const values = new Map<string, string[]>()
  let open = ''
  if (source !== undefined) {
    readNamespacedXml(
      source,
      {
        open({ name }) {
          open = name
          values.set(name, [...(values.get(name) ?? []), ''])
          return undefined
        },
        close() {
          open = ''
        },
        text(text) {
          const all = values.get(open)
          if (all !== undefined) all.push((all.pop() ?? '') + text)
        },
      },
      limits,
    )
  }
  const first = (name: string) => values.get(name)?.[0]
  return {
    title: first('dc:title'),
    authors: [first('meta:initial-creator') ?? first('dc:creator') ?? ''],
    created: first('meta:creation-date'),
    modified: first('dc:date'),
    language: first('dc:language'),
    tags: values.get('meta:keyword'),
    subject: first('dc:subject'),
    description: first('dc:description'),
  }
}
