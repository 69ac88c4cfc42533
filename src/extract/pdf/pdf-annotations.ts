import { groupBy } from './group-by.js'
import { clampedText } from './pdf-characters.js'
import type { OpenPdf, PdfPage } from './pdf-library.js'
import { type Box, type Matrix, mapBox, toBox } from './pdf-matrix.js'

/** What was filled in at a place of a form. */
export type FieldValue = { readonly text: string; readonly box: Box }

export type EmbeddedFile = { readonly name: string; readonly bytes: Uint8Array }

export type PageAnnotations = {
  readonly fields: readonly FieldValue[]
  /** What people noted on the page, with their names, from top to bottom. */
  readonly notes: readonly string[]
  readonly files: readonly EmbeddedFile[]
}

/** An annotation as pdf.js describes it. */
export type Annotation = { readonly [key: string]: unknown }

/** The kinds that are read, by the names of pdf.js: links and the windows of notes hold nothing of their own. */
const noteTypes = [
  'TEXT',
  'FREETEXT',
  'LINE',
  'SQUARE',
  'CIRCLE',
  'POLYGON',
  'POLYLINE',
  'HIGHLIGHT',
  'UNDERLINE',
  'SQUIGGLY',
  'STRIKEOUT',
  'STAMP',
  'CARET',
  'INK',
] as const
/** ISO 32000-1, table 165: hidden, and not to be viewed. */
const hiddenFlags = 2 | 32
const maxAnnotationsOfPage = 5_000
const pagesAtOnce = 50
/** pdf.js counts through all pages, and a document may claim any number of them. */
const maxListedPages = 50_000

/** Gives the annotations of a page that are seen. */
export type AnnotationSource = (page: PdfPage) => Promise<readonly Annotation[]>

/**
 * Reads annotations for some pages at once, without the text below them, which pdf.js would look for page by page. Where a
 * broken page makes that fail, they are read page by page after all.
 */
export function openAnnotations(pdf: OpenPdf): AnnotationSource {
  let first = 0
  let byPage: ReadonlyMap<number, readonly object[]> | undefined = new Map()
  return async (page) => {
    if (pdf.document.numPages > maxListedPages)
      return seenOnes(await page.getAnnotations({ intent: 'display' }))
    if (first === 0 || page.pageNumber >= first + pagesAtOnce) {
      first = page.pageNumber
      byPage = await readSome(pdf, first - 1, first - 1 + pagesAtOnce)
    }
    const all = byPage?.get(page.pageNumber) ?? []
    return seenOnes(byPage === undefined ? await page.getAnnotations({ intent: 'display' }) : all)
  }
}

/** By page (from 1), those of the pages from one index (from 0) to before another; undefined where one is broken. */
async function readSome(
  { document, annotationTypes }: OpenPdf,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly object[]> | undefined> {
  const types = new Set([...noteTypes, 'WIDGET', 'FILEATTACHMENT'].map((name) => annotationTypes[name] ?? 0))
  const others = Array.from({ length: document.numPages }, (_, i) => i).filter((i) => i < from || i >= to)
  try {
    const all: readonly object[] | null = await document.getAnnotationsByType(types, new Set(others))
    return groupBy(all ?? [], (annotation) => Number((annotation as Annotation).pageIndex) + 1)
  } catch {
    return undefined
  }
}

function seenOnes(annotations: readonly object[]): Annotation[] {
  return (annotations as readonly Annotation[])
    .filter(({ annotationFlags }) => (Number(annotationFlags) & hiddenFlags) === 0)
    .slice(0, maxAnnotationsOfPage)
}

/** Reads filled-in fields of forms, notes and attached files. A field that hides what is typed is left out. */
export function readAnnotations(annotations: readonly Annotation[], transform: Matrix): PageAnnotations {
  const placed = annotations.map((annotation) => ({ annotation, box: boxOf(annotation, transform) }))
  return {
    fields: placed.flatMap(({ annotation, box }) => {
      const text = box === undefined ? '' : fieldText(annotation)
      return text === '' || box === undefined ? [] : [{ text, box }]
    }),
    notes: placed
      .toSorted((a, b) => (a.box?.y0 ?? 0) - (b.box?.y0 ?? 0))
      .map(({ annotation }) => noteText(annotation))
      .filter((note) => note !== ''),
    files: annotations.flatMap(({ file }) => toFile(file)),
  }
}

/** A file as pdf.js gives it; none where it could not be read. */
export function toFile(given: unknown): EmbeddedFile[] {
  if (given === null || typeof given !== 'object') return []
  const { filename, content } = given as Annotation
  return content instanceof Uint8Array ? [{ name: String(filename ?? ''), bytes: content }] : []
}

function boxOf({ rect }: Annotation, transform: Matrix): Box | undefined {
  const box = toBox(rect)
  return box === undefined ? undefined : mapBox(transform, box)
}

function fieldText(annotation: Annotation): string {
  const { subtype, fieldType, fieldValue, password } = annotation
  if (subtype !== 'Widget' || password === true) return ''
  if (fieldType === 'Btn') return isTicked(annotation) ? '☒' : ''
  if (fieldType !== 'Tx' && fieldType !== 'Ch') return ''
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue]
  return clampedText(values.filter((value) => typeof value === 'string').join('\n'))
}

function isTicked({ checkBox, radioButton, fieldValue, exportValue, buttonValue }: Annotation): boolean {
  if (checkBox === true) return typeof exportValue === 'string' && fieldValue === exportValue
  return radioButton === true && typeof buttonValue === 'string' && fieldValue === buttonValue
}

function noteText({ subtype, contentsObj, titleObj }: Annotation): string {
  if (subtype === 'Widget' || subtype === 'FileAttachment') return ''
  const contents = textOf(contentsObj)
  const author = textOf(titleObj).replace(/\s+/g, ' ')
  // What is typed on the page itself is no remark of a reader.
  return contents === '' || author === '' || subtype === 'FreeText' ? contents : `${author}: ${contents}`
}

function textOf(given: unknown): string {
  const text = given !== null && typeof given === 'object' ? (given as Annotation).str : undefined
  return typeof text === 'string' ? clampedText(text) : ''
}
