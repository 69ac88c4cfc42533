import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractLimits, ExtractOptions, Extractor, Skipped } from '../extractor.js'
import type { FlowItem } from '../flow/flow.js'
import { firstHeading } from '../real-title.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { describeDocument } from './document-properties.js'
import { readDrawings } from './drawing-parts.js'
import { isArchiveOf } from './office-file.js'
import { type OfficePackage, openOfficePackage } from './office-package.js'
import { readSlideComments } from './pptx-comments.js'
import { type Placeholder, readSlide, type Shape, type ShapePosition } from './pptx-slide.js'
import { inReadingOrder } from './slide-order.js'
import { SlideWriter } from './slide-writer.js'

const endings = ['pptx', 'pptm', 'ppsx', 'ppsm', 'potx', 'potm'] as const
const type = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
/** What repeats on every slide. */
const marginal = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

/**
 * PowerPoint presentations, slide by slide in the order of the show: the title as heading, text from top to bottom, tables,
 * charts and diagrams by their words, speaker notes, comments. Hidden slides are read and marked. Left out: pictures, films
 * and what the layout repeats on every slide.
 */
export const pptxExtractor: Extractor = {
  format: 'PowerPoint',
  isIsolated: true,
  accepts: (file) => isArchiveOf('pptx', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOfficePackage(bytes, 'ppt/presentation.xml', options)
    const parts = await slideParts(file, limits)
    const writer = new SlideWriter()
    const layouts = new Map<string, Promise<Places>>()
    let read = 0
    for (const part of parts.slice(0, limits.maxParts)) {
      if (writer.length > limits.maxChars) break
      await writeSlide(file, part, ++read, writer, layouts, limits)
    }
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The slides hold no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(await file.properties())
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata,
      type,
      ...(read < parts.length
        ? { truncated: `Only the first ${read} of ${parts.length} slides were read` }
        : {}),
    }
  },
}

/** The slides' parts in the order of the show. */
async function slideParts(file: OfficePackage, limits: ExtractLimits): Promise<string[]> {
  const source = await file.readMain()
  const targets = new Map((await file.relationshipsOf(file.mainPart)).map(({ id, target }) => [id, target]))
  const parts: string[] = []
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        const target = name === 'p:sldId' ? targets.get(attributes['r:id'] ?? '') : undefined
        if (target !== undefined) parts.push(target)
        return undefined
      },
    },
    limits,
  )
  return parts
}

async function writeSlide(
  file: OfficePackage,
  part: string,
  n: number,
  writer: SlideWriter,
  layouts: Map<string, Promise<Places>>,
  limits: ExtractLimits,
): Promise<void> {
  const source = await file.readText(part)
  if (source === undefined) return
  const { shapes, isHidden } = readSlide(source, await readDrawings(file, part, limits), limits)
  const [layout] = (await file.relationshipsOf(part)).filter((each) => each.type === 'slideLayout')
  const places = layout === undefined ? noPlaces : await layoutPlaces(file, layout.target, layouts, limits)
  const shown = shapes.filter(({ placeholder }) => !marginal.has(placeholder?.type ?? ''))
  const title = shown.find(isTitle)
  const others = shown.filter((shape) => shape !== title).map((shape) => placed(shape, places))
  writer.open(n, title?.items ?? [], isHidden)
  for (const item of itemsOf(others)) writer.write(item)
  for (const notes of await file.readRelated(part, 'notesSlide')) {
    const { shapes: noteShapes } = readSlide(notes.text, new Map(), limits)
    const body = noteShapes.filter(({ placeholder }) => placeholder?.type === 'body')
    writer.writeNotes(itemsOf(body))
  }
  for (const comment of await readSlideComments(file, part, limits)) writer.writeComment(comment)
}

/** Slides of ten thousand groups in one another end before: elements nest at most `maxDepth` deep. */
function itemsOf(shapes: readonly Shape[]): FlowItem[] {
  return inReadingOrder(shapes).flatMap((shape) => [...shape.items, ...itemsOf(shape.shapes)])
}

function isTitle({ placeholder }: Shape): boolean {
  return placeholder?.type === 'title' || placeholder?.type === 'ctrTitle'
}

/** Where a layout puts its placeholders, by their index, and its master, by their type. */
type Places = ReadonlyMap<string, ShapePosition>
const noPlaces: Places = new Map()

function placed(shape: Shape, places: Places): Shape {
  if (shape.position !== undefined || shape.placeholder === undefined) return shape
  const position = places.get(indexKey(shape.placeholder)) ?? places.get(typeKey(shape.placeholder))
  return position === undefined ? shape : { ...shape, position }
}

function indexKey({ index }: Placeholder): string {
  return `index ${index}`
}

function typeKey({ type }: Placeholder): string {
  return `type ${type === '' ? 'body' : type}`
}

/** Slides share layouts, so each is read once. */
function layoutPlaces(
  file: OfficePackage,
  layout: string,
  known: Map<string, Promise<Places>>,
  limits: ExtractLimits,
): Promise<Places> {
  const before = known.get(layout)
  if (before !== undefined) return before
  const reading = readPlaces(file, layout, limits)
  known.set(layout, reading)
  return reading
}

async function readPlaces(file: OfficePackage, layout: string, limits: ExtractLimits): Promise<Places> {
  const places = new Map<string, ShapePosition>()
  const note = (source: string, keyOf: (placeholder: Placeholder) => string) => {
    for (const { placeholder, position } of readSlide(source, new Map(), limits).shapes) {
      const key = placeholder === undefined ? undefined : keyOf(placeholder)
      if (key !== undefined && position !== undefined && !places.has(key)) places.set(key, position)
    }
  }
  note((await file.readText(layout)) ?? '', indexKey)
  for (const { text } of await file.readRelated(layout, 'slideMaster')) note(text, typeKey)
  return places
}
