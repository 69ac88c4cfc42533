import { type ExtractLimits, type ExtractOptions, SkipError } from '../extractor.js'
import type { DocumentProperties } from '../office/document-properties.js'
import { resolvePart } from '../part-name.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { openZip, type ZipArchive } from '../zip.js'

/** A book (EPUB 3.3, and 2.0 before it). */
export interface EpubPackage {
  /** Names of the chapters' files in reading order, without the table of contents. */
  readonly chapters: readonly string[]
  /** What the table of contents calls the files. */
  readonly titles: ReadonlyMap<string, string>
  readonly properties: DocumentProperties
  /** The source of a chapter; undefined when it is missing. */
  read(chapter: string): Promise<string | undefined>
}

type ManifestItem = { readonly name: string; readonly mediaType: string; readonly properties: string }
type Package = {
  readonly items: ReadonlyMap<string, ManifestItem>
  readonly spine: readonly string[]
  readonly properties: DocumentProperties
}

/** Ways of making the letters of fonts unusable elsewhere; texts are never written so. */
const fontAlgorithms = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC'])

/** Throws SkipError as `openZip` does; ENCRYPTED for a book with copy protection; PARSE_ERROR when it has no package. */
export async function openEpubPackage(bytes: Uint8Array, options: ExtractOptions): Promise<EpubPackage> {
  const { limits } = options
  const zip = await openZip(bytes, limits, options.signal)
  const packageName = await findPackage(zip, limits)
  const source = packageName === undefined ? undefined : await zip.readText(packageName)
  if (packageName === undefined || source === undefined)
    throw new SkipError('PARSE_ERROR', 'The part that lists what the book holds is missing')
  const { items, spine, properties } = readPackage(source, packageName, limits)
  const chapters = spine
    .map((id) => items.get(id))
    .filter((item) => item !== undefined)
    .filter((item) => !isNavigation(item) && /html|^$/i.test(item.mediaType))
    .map(({ name }) => name)
  const locked = readEncrypted(await zip.readText('META-INF/encryption.xml'), limits)
  if (chapters.some((chapter) => locked.has(chapter)))
    throw new SkipError('ENCRYPTED', 'It has copy protection (DRM)')
  return {
    chapters,
    titles: await readTitles(zip, [...items.values()], limits),
    properties,
    read: (chapter) => zip.readText(chapter),
  }
}

async function findPackage(zip: ZipArchive, limits: ExtractLimits): Promise<string | undefined> {
  const container = await zip.readText('META-INF/container.xml')
  let name: string | undefined
  if (container !== undefined) {
    readNamespacedXml(
      container,
      {
        open(element) {
          if (element.name === 'rootfile') name ??= element.attributes['full-path']
          return undefined
        },
      },
      limits,
    )
  }
  return name ?? zip.names.find((each) => each.endsWith('.opf'))
}

function readPackage(source: string, name: string, limits: ExtractLimits): Package {
  const items = new Map<string, ManifestItem>()
  const spine: string[] = []
  const values = new Map<string, string[]>()
  let open = ''
  readNamespacedXml(
    source,
    {
      open(element) {
        const { attributes } = element
        open = element.name === 'meta' ? (attributes.property ?? '') : element.name
        if (element.name === 'item')
          items.set(attributes.id ?? '', {
            name: resolveHref(name, attributes.href ?? ''),
            mediaType: attributes['media-type'] ?? '',
            properties: attributes.properties ?? '',
          })
        else if (element.name === 'itemref') spine.push(attributes.idref ?? '')
        else values.set(open, [...(values.get(open) ?? []), ''])
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
  const first = (key: string) => values.get(key)?.[0]
  return {
    items,
    spine,
    properties: {
      title: first('dc:title'),
      authors: values.get('dc:creator'),
      published: first('dc:date'),
      modified: first('dcterms:modified'),
      language: first('dc:language'),
      tags: values.get('dc:subject'),
      // Shops take descriptions in HTML.
      description: first('dc:description')?.replace(/<[^<>]*>/g, ' '),
      publisher: first('dc:publisher'),
    },
  }
}

function isNavigation({ properties }: ManifestItem): boolean {
  return /(?:^|\s)nav(?:\s|$)/.test(properties)
}

/** The name of the file that an address within the book leads to, without the place in it. */
export function resolveHref(from: string, href: string): string {
  const path = href.split('#', 1)[0] ?? ''
  return resolvePart(from, decodePercent(path))
}

function decodePercent(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Files that are encrypted. */
function readEncrypted(source: string | undefined, limits: ExtractLimits): ReadonlySet<string> {
  const names = new Set<string>()
  if (source === undefined) return names
  let isFont = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (name === 'enc:EncryptedData') isFont = false
        else if (name === 'enc:EncryptionMethod') isFont = fontAlgorithms.has(attributes.Algorithm ?? '')
        else if (name === 'enc:CipherReference' && !isFont) names.add(resolveHref('', attributes.URI ?? ''))
        return undefined
      },
    },
    limits,
  )
  return names
}

/** The first entry of the table of contents for each file: of EPUB 3 (a list of links), else of EPUB 2 (NCX). */
async function readTitles(
  zip: ZipArchive,
  items: readonly ManifestItem[],
  limits: ExtractLimits,
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>()
  const tables = [
    ...items.filter(isNavigation),
    ...items.filter(({ mediaType }) => mediaType === 'application/x-dtbncx+xml'),
  ]
  for (const { name } of tables) {
    const source = titles.size === 0 ? await zip.readText(name) : undefined
    if (source !== undefined) readEntries(source, name, titles, limits)
  }
  return titles
}

/** Entries are `<a href>` with words in it, or `<navPoint>` with a label and then an address. */
function readEntries(source: string, name: string, titles: Map<string, string>, limits: ExtractLimits): void {
  let words = ''
  let target: string | undefined
  const note = (href: string | undefined) => {
    const title = words.replace(/\s+/g, ' ').trim()
    const file = href === undefined ? '' : resolveHref(name, href)
    if (title !== '' && file !== '' && !titles.has(file)) titles.set(file, title)
    words = ''
  }
  readNamespacedXml(
    source,
    {
      open({ name: element, attributes }) {
        if (element === 'a') {
          target = attributes.href
          words = ''
        } else if (element === 'navLabel') words = ''
        else if (element === 'content') note(attributes.src)
        return undefined
      },
      close(element) {
        if (element === 'a') note(target)
      },
      text(text) {
        words += text
      },
    },
    limits,
  )
}
