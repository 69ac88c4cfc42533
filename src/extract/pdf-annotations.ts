import { clampedText } from './pdf-characters.js'
import type { OpenPdf } from './pdf-library.js'
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

/** The annotations that are seen on the first `maxPages` pages, by page (from 1). */
export async function listAnnotations(
  { document, annotationTypes }: OpenPdf,
  maxPages: number,
): Promise<ReadonlyMap<number, readonly Annotation[]>> {
  const types = new Set([...noteTypes, 'WIDGET', 'FILEATTACHMENT'].map((name) => annotationTypes[name] ?? 0))
  const beyond = new Set(Array.from({ length: document.numPages - maxPages }, (_, i) => maxPages + i))
  const all = (await document.getAnnotationsByType(types, beyond)) as unknown as readonly Annotation[] | null
  const byPage = new Map<number, Annotation[]>()
  for (const annotation of all ?? []) {
    if ((Number(annotation.annotationFlags) & hiddenFlags) !== 0) continue
    const page = Number(annotation.pageIndex) + 1
    const others = byPage.get(page)
    if (others === undefined) byPage.set(page, [annotation])
    else if (others.length < maxAnnotationsOfPage) others.push(annotation)
  }
  return byPage
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
