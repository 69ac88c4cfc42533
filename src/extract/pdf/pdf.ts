import { throwIfAborted } from '../../errors.js'
import type { Notice } from '../../types.js'
import type { Attachment, Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { hasEnding, isText } from '../file-name.js'
import { sniffFormat } from '../sniff.js'
import { type EmbeddedFile, openAnnotations, toFile } from './pdf-annotations.js'
import { buildText } from './pdf-build.js'
import { type OpenPdf, openPdf } from './pdf-library.js'
import { readProperties, withTrueLanguage } from './pdf-metadata.js'
import { pageNotices } from './pdf-notices.js'
import { readOutline } from './pdf-outline.js'
import { type PageContent, readPage } from './pdf-page.js'
import { measureStreams } from './pdf-streams.js'

/** Drawing of a page that unpacks to more than this, in bytes, is not held in memory: pdf.js takes forty times as much. */
const hugeDrawing = 10 << 20
/** A dense page of a newspaper has some 20,000 letters. */
const maxGlyphsPerPage = 200_000
/** Readers accept what stands in front of a document within these bytes. */
const headerBytes = 1024

/**
 * PDF, read by pdf.js as a renderer would: what is seen on each page, in reading order. Blocks are paragraphs, lists, tables
 * and headings with the page that they stand on. Attached files come as attachments.
 */
export const pdfExtractor: Extractor = {
  format: 'PDF',
  isIsolated: true,
  accepts({ name, head }: FileSample): boolean {
    if (sniffFormat(head)?.id === 'pdf') return true
    return hasEnding(name, ['pdf']) && (isText(head) || hasHeader(head))
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const deadline = performance.now() + options.limits.maxParseMs
    if (!hasHeader(bytes))
      return { skipped: 'TYPE_MISMATCH', message: 'It is named like a PDF document and is none' }
    const { largest } = measureStreams(bytes, options.limits)
    const pdf = await openPdf(bytes)
    try {
      return await readDocument(pdf, options, { isHuge: largest > hugeDrawing, deadline })
    } finally {
      await pdf.close()
    }
  },
}

function hasHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headerBytes)).includes('%PDF-')
}

async function readDocument(
  pdf: OpenPdf,
  options: ExtractOptions,
  reading: Reading,
): Promise<Extraction | Skipped> {
  const count = pdf.document.numPages
  const { pages, broken, truncated } = await readPages(pdf, options, reading)
  const attachments = await readAttachments(pdf, pages)
  const {
    text,
    blocks,
    title: found,
  } = buildText(pages, await readOutline(pdf.document, numbersByReference(pages)))
  const { title: given, metadata, isXmlForm } = await readProperties(pdf)
  const notices = [...pageNotices(pages, broken, count), ...(isXmlForm ? [xmlFormNotice] : [])]
  if (blocks.length === 0 && attachments.length === 0) return explainNothing(pages, notices)
  // Some programs put the name of the file there.
  const title = given === undefined || isFileName(given, options.name) ? (found ?? given) : given
  return {
    text,
    blocks,
    ...(title === undefined ? {} : { title }),
    metadata: { ...withTrueLanguage(metadata, text), pages: count },
    type: 'application/pdf',
    ...(truncated === undefined ? {} : { truncated }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(notices.length === 0 ? {} : { notices }),
  }
}

const xmlFormNotice: Notice = {
  code: 'UNSUPPORTED',
  message: 'It is a form in XML (XFA), of which only what its pages show is read',
}

function numbersByReference(pages: readonly PageContent[]): ReadonlyMap<string, number> {
  return new Map(
    pages.flatMap(({ reference, number }) => (reference === undefined ? [] : [[reference, number]])),
  )
}

function isFileName(title: string, uri: string): boolean {
  return uri.slice(uri.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '') === title
}

type Reading = {
  /** Whether drawings of the document may be too much for memory. */
  readonly isHuge: boolean
  /** Time of `performance.now()` after which no further page is begun. */
  readonly deadline: number
}

type Pages = { readonly pages: PageContent[]; readonly broken: number[]; readonly truncated?: string }

/** Reads page by page up to the limits. A broken page costs that page. */
async function readPages(
  pdf: OpenPdf,
  { limits, signal }: ExtractOptions,
  { isHuge, deadline }: Reading,
): Promise<Pages> {
  const count = pdf.document.numPages
  const layers = await pdf.document.getOptionalContentConfig({ intent: 'display' })
  const annotations = openAnnotations(pdf)
  const pages: PageContent[] = []
  const broken: number[] = []
  let glyphs = 0
  for (let number = 1; number <= count; number++) {
    throwIfAborted(signal)
    const limit = number > limits.maxParts ? 'pages' : glyphs > limits.maxChars ? 'text' : undefined
    if (limit !== undefined || (number > 1 && performance.now() > deadline)) {
      const why = limit === undefined ? ', as it took too long' : ''
      const truncated = `Only the first ${(number - 1).toLocaleString('en')} of ${count.toLocaleString('en')} pages were read${why}`
      return { pages, broken, truncated }
    }
    try {
      const page = await pdf.document.getPage(number)
      const content = await readPage(pdf, page, {
        number,
        layers,
        annotations,
        isHuge,
        maxGlyphs: maxGlyphsPerPage,
      })
      page.cleanup()
      pages.push(content)
      glyphs += content.glyphs
    } catch {
      broken.push(number)
    }
  }
  return { pages, broken }
}

/** Files attached to the document and to its pages; the same file once. */
async function readAttachments({ document }: OpenPdf, pages: readonly PageContent[]): Promise<Attachment[]> {
  const given: unknown = await document.getAttachments().catch(() => undefined)
  const own = given !== null && typeof given === 'object' ? Object.values(given).flatMap(toFile) : []
  const files = new Map<string, EmbeddedFile>()
  for (const file of [...own, ...pages.flatMap((page) => page.files)])
    files.set(`${file.name} ${file.bytes.length}`, file)
  return [...files.values()]
}

function explainNothing(pages: readonly PageContent[], notices: readonly Notice[]): Skipped {
  if (pages.length === 0) return { skipped: 'PARSE_ERROR', message: 'None of its pages could be read' }
  if (pages.every(({ hasPictures }) => hasPictures))
    return { skipped: 'NO_TEXT', message: 'Its pages are pictures, such as scans, without text' }
  const fault = notices.find(({ code }) => code === 'PARSE_ERROR' || code === 'ENCODING')
  if (fault?.code === 'PARSE_ERROR' || fault?.code === 'ENCODING')
    return { skipped: fault.code, message: fault.message }
  return { skipped: 'NO_TEXT', message: 'Its pages hold no text' }
}
