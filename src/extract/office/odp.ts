import { throwIfAborted } from '../../errors.js'
import type { Extraction, ExtractOptions, Extractor, Skipped } from '../extractor.js'
import type { FlowItem } from '../flow/flow.js'
import { firstHeading } from '../real-title.js'
import type { XmlElement } from '../xml.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { describeDocument } from './document-properties.js'
import { readOdfObjects } from './odf-objects.js'
import { openOdfPackage } from './odf-package.js'
import { type OdfStyles, readOdfStyles } from './odf-styles.js'
import { type OdfObject, OdfReader } from './odf-text.js'
import { isArchiveOf } from './office-file.js'
import { inReadingOrder } from './slide-order.js'
import { SlideWriter } from './slide-writer.js'

const endings = ['odp', 'otp'] as const
const type = 'application/vnd.oasis.opendocument.presentation'
/** What repeats on every slide. */
const marginal = new Set(['page', 'page-number', 'date-time', 'footer', 'header'])

/** OpenDocument presentations: the same parts in the same form as those of PowerPoint. */
export const odpExtractor: Extractor = {
  format: 'OpenDocument presentation',
  isIsolated: true,
  accepts: (file) => isArchiveOf('odp', endings, file),
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { limits } = options
    const file = await openOdfPackage(bytes, options)
    const styles = readOdfStyles([file.styles, file.content], limits)
    const writer = new SlideWriter()
    const reader = new SlideReader(styles, await readOdfObjects(file, limits), writer, limits.maxParts)
    const isDone = () => writer.length > limits.maxChars || reader.isTruncated
    readNamespacedXml(
      file.content,
      { open: reader.open, close: reader.close, text: reader.text, isDone },
      limits,
    )
    const { text, blocks } = writer.finish()
    if (text === '') return { skipped: 'NO_TEXT', message: 'The slides hold no text' }
    const { title = firstHeading(blocks), metadata } = describeDocument(await file.properties())
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata,
      type,
      ...(reader.isTruncated ? { truncated: `Only the first ${reader.slides} slides were read` } : {}),
    }
  },
}

type Shape = {
  readonly items: FlowItem[]
  readonly role: string
  readonly position?: { readonly x: number; readonly y: number }
}

/** Sorts what the events of the content hold by slides and shapes. */
class SlideReader {
  slides = 0
  /** Whether there are more slides than may be read. */
  isTruncated = false
  readonly #maxSlides: number
  readonly #writer: SlideWriter
  readonly #styles: OdfStyles
  readonly #content: OdfReader
  #shapes: Shape[] = []
  #notes: FlowItem[] | undefined
  /** Elements that are open within a slide's shape; 0 for the slide itself. */
  #depth = 0
  #isHidden = false

  constructor(
    styles: OdfStyles,
    objects: ReadonlyMap<string, OdfObject>,
    writer: SlideWriter,
    maxSlides: number,
  ) {
    this.#maxSlides = maxSlides
    this.#styles = styles
    this.#writer = writer
    this.#content = new OdfReader(styles, objects, (item) => this.#add(item))
  }

  open = (element: XmlElement): boolean | undefined => {
    const { name, attributes } = element
    if (marginal.has(attributes['presentation:class'] ?? '')) return false
    if (name === 'draw:page') {
      this.isTruncated ||= this.slides >= this.#maxSlides
      if (this.isTruncated) return false
      this.slides++
      this.#depth = 0
      this.#shapes = []
      this.#isHidden = this.#styles.of(attributes['draw:style-name']).isHidden
      return undefined
    }
    if (name === 'presentation:notes') {
      this.#notes = []
      return undefined
    }
    if (this.#depth === 0) this.#shapes.push(openShape(attributes))
    const isRead = this.#content.open(element)
    if (isRead !== false) this.#depth++
    return isRead
  }

  close = (name: string): void => {
    if (name === 'draw:page') this.#closeSlide()
    else if (name !== 'presentation:notes') {
      this.#depth = Math.max(0, this.#depth - 1)
      this.#content.close(name)
    }
  }

  text = (text: string): void => this.#content.text(text)

  #add(item: FlowItem): void {
    const items = this.#notes ?? this.#shapes.at(-1)?.items
    items?.push(item)
  }

  #closeSlide(): void {
    const title = this.#shapes.find(({ role }) => role === 'title')
    this.#writer.open(this.slides, title?.items ?? [], this.#isHidden)
    const others = this.#shapes.filter((shape) => shape !== title)
    for (const { items } of inReadingOrder(others)) for (const item of items) this.#writer.write(item)
    this.#writer.writeNotes(this.#notes ?? [])
    this.#notes = undefined
    this.#shapes = []
  }
}

/** English Metric Units in the units of lengths. */
const unitsPer: Readonly<Record<string, number>> = {
  cm: 360_000,
  mm: 36_000,
  in: 914_400,
  pt: 12_700,
  px: 9_525,
}

function openShape(attributes: XmlElement['attributes']): Shape {
  const x = lengthOf(attributes['svg:x'])
  const y = lengthOf(attributes['svg:y'])
  return {
    items: [],
    role: attributes['presentation:class'] ?? '',
    ...(x === undefined || y === undefined ? {} : { position: { x, y } }),
  }
}

function lengthOf(written: string | undefined): number | undefined {
  const [, number, unit = ''] = /^(-?[\d.]+)(cm|mm|in|pt|px)$/.exec(written ?? '') ?? []
  return number === undefined ? undefined : Number(number) * (unitsPer[unit] ?? 0)
}
