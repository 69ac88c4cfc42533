import { detectLanguage } from '../../text/detect-language.js'
import type { Metadata } from '../../types.js'
import { describeDocument } from '../office/document-properties.js'
import type { OpenPdf } from './pdf-library.js'

/** What the document says of itself. */
export type PdfProperties = {
  readonly title?: string
  readonly metadata: Metadata
  /** Whether its contents are a form in XML (XFA) that its pages do not show. */
  readonly isXmlForm: boolean
}

type Info = { readonly [key: string]: unknown }

/** Reads the information dictionary, and the XMP metadata for what that lacks. */
export async function readProperties({ document, toDate }: OpenPdf): Promise<PdfProperties> {
  const found = await document.getMetadata().catch(() => undefined)
  const info = (found?.info ?? {}) as Info
  const xmp = (name: string) => textOf(found?.metadata?.get(name))
  const field = (key: string, name: string) => textOf(info[key]) ?? xmp(name)
  const date = (key: string, name: string) => toDate(info[key]) ?? xmp(name)
  const { title = describeDocument({ title: xmp('dc:title') }).title, metadata } = describeDocument({
    title: textOf(info.Title),
    authors: field('Author', 'dc:creator')?.split(/\s*[;；]\s*/),
    created: date('CreationDate', 'xmp:createdate'),
    modified: date('ModDate', 'xmp:modifydate'),
    language: textOf(info.Language),
    tags: [field('Keywords', 'pdf:keywords')].filter((tags) => tags !== undefined),
    subject: field('Subject', 'dc:description'),
  })
  return {
    ...(title === undefined ? {} : { title }),
    metadata,
    isXmlForm: info.IsXFAPresent === true && info.IsAcroFormPresent !== true,
  }
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
