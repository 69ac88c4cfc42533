import { detectLanguage } from '../text/detect-language.js'
import type { Metadata } from '../types.js'
import { describeDocument } from './document-properties.js'
import type { OpenPdf } from './pdf-library.js'

/** What the document says of itself. */
export type PdfProperties = {
  readonly title?: string
  readonly metadata: Metadata
}

type Info = { readonly [key: string]: unknown }

/** Reads the information dictionary, and the XMP metadata for what that lacks. */
export async function readProperties({ document, toDate }: OpenPdf): Promise<PdfProperties> {
  const { info, metadata: xmp } = (await document.getMetadata().catch(() => undefined)) ?? {
    info: {},
    metadata: null,
  }
  const given = info as Info
  const field = (key: string, name: string) => textOf(given[key]) ?? textOf(xmp?.get(name))
  const date = (key: string, name: string) => toDate(given[key]) ?? textOf(xmp?.get(name))
  const title = field('Title', 'dc:title')
  const described = describeDocument({
    title,
    authors: field('Author', 'dc:creator')?.split(/\s*[;；]\s*/),
    created: date('CreationDate', 'xmp:createdate'),
    modified: date('ModDate', 'xmp:modifydate'),
    language: textOf(given.Language),
    tags: [field('Keywords', 'pdf:keywords')].filter((tags) => tags !== undefined),
    subject: field('Subject', 'dc:description'),
  })
  return described.title === undefined && title !== undefined
    ? withXmpTitle(described, textOf(xmp?.get('dc:title')))
    : described
}

function withXmpTitle(described: PdfProperties, given: string | undefined): PdfProperties {
  const { title } = describeDocument({ title: given })
  return { ...described, ...(title === undefined ? {} : { title }) }
}

function textOf(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join('; ') : value
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

/**
 * Without the language where the text is plainly in another: programs note the one that they were set to, and few writers
 * change it.
 */
export function withTrueLanguage(metadata: Metadata, text: string): Metadata {
  const { language, ...rest } = metadata
  const detected = detectLanguage(text)
  const isOther =
    typeof language === 'string' && detected !== undefined && language.split('-')[0] !== detected
  return isOther ? rest : metadata
}
