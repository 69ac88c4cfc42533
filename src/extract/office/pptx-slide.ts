import type { ExtractLimits } from '../extractor.js'
import { type FlowItem, type ParagraphStyle, pictureNote } from '../flow/flow.js'
import { FlowBuilder } from '../flow/flow-builder.js'
import type { XmlElement } from '../xml.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { AlternateContent } from './alternate-content.js'
import { MathText } from './math-text.js'
import { isOn } from './office-package.js'

/** Where a shape's upper left corner stands, in English Metric Units (914,400 to the inch). */
export type ShapePosition = { readonly x: number; readonly y: number }

/** The role of a shape in the slide's layout. */
export type Placeholder = { readonly type: string; readonly index: string }

export type Shape = {
  readonly items: readonly FlowItem[]
  /** Shapes of a group. */
  readonly shapes: readonly Shape[]
  readonly position?: ShapePosition
  readonly placeholder?: Placeholder
}

export type Slide = { readonly shapes: readonly Shape[]; readonly isHidden: boolean }

type OpenShape = {
  readonly name: string
  readonly items: FlowItem[]
  readonly shapes: Shape[]
  readonly flow: FlowBuilder
  /** The next number at each level of numbered paragraphs. */
  readonly numbers: Map<number, number>
  position?: ShapePosition
  placeholder?: Placeholder
}
type OpenParagraph = { level: number; mark: 'none' | 'bullet' | 'number' | 'inherited' }

const shapeNames = new Set(['p:sp', 'p:grpSp', 'p:graphicFrame', 'p:cxnSp', 'p:pic', 'p:spTree'])
/** Placeholders whose paragraphs have bullets unless they say otherwise. */
const bulleted = new Set(['body', 'obj', ''])

/** Reads a slide, a layout or the notes of a slide (PresentationML, ECMA-376 part 1, section 19). */
export function readSlide(
  source: string,
  drawings: ReadonlyMap<string, readonly FlowItem[]>,
  limits: ExtractLimits,
): Slide {
  const reader = new SlideReader(drawings)
  readNamespacedXml(source, reader, limits)
  return { shapes: reader.shapes, isHidden: reader.isHidden }
}

class SlideReader {
  readonly shapes: Shape[] = []
  isHidden = false
  readonly #drawings: ReadonlyMap<string, readonly FlowItem[]>
  readonly #open: OpenShape[] = []
  readonly #forms = new AlternateContent()
  readonly #math = new MathText((text) => this.#open.at(-1)?.flow.text(text))
  #paragraph: OpenParagraph = { level: 0, mark: 'inherited' }
  #isText = false

  constructor(drawings: ReadonlyMap<string, readonly FlowItem[]>) {
    this.#drawings = drawings
  }

  open = (element: XmlElement): boolean | undefined => {
    const { name, attributes } = element
    if (this.#forms.open(name)) return false
    // The number of the slide and the date, which fields hold, are no text of its author.
    if (name === 'a:fld' && /^(?:slidenum|datetime)/.test(attributes.type ?? '')) return false
    this.#isText = name === 'a:t'
    if (shapeNames.has(name)) this.#openShape(name)
    else if (name.startsWith('m:')) this.#math.open(element)
    else if (name === 'p:sld') this.isHidden = attributes.show === '0' || attributes.show === 'false'
    else this.#noteShape(element)
    return undefined
  }

  close = (name: string): void => {
    this.#isText = false
    this.#forms.close(name)
    const shape = this.#open.at(-1)
    if (shape === undefined) return
    if (shapeNames.has(name)) this.#closeShape()
    else if (name.startsWith('m:')) this.#math.close(name)
    else if (name === 'a:p') shape.flow.closeParagraph(styleOf(this.#paragraph, shape))
    else if (name === 'a:tc') shape.flow.closeCell()
    else if (name === 'a:tr') shape.flow.closeRow()
    else if (name === 'a:tbl') shape.flow.closeTable()
  }

  text = (text: string): void => {
    this.#math.text(text)
    if (this.#isText) this.#open.at(-1)?.flow.text(text)
  }

  #openShape(name: string): void {
    const items: FlowItem[] = []
    const flow = new FlowBuilder((item) => items.push(item))
    this.#open.push({ name, items, shapes: [], flow, numbers: new Map() })
  }

  #closeShape(): void {
    const shape = this.#open.pop()
    if (shape === undefined) return
    const { name, items, shapes, position, placeholder } = shape
    const siblings = this.#open.at(-1)?.shapes ?? this.shapes
    if (name === 'p:spTree') siblings.push(...shapes)
    else
      siblings.push({
        items,
        shapes,
        ...(position === undefined ? {} : { position }),
        ...(placeholder === undefined ? {} : { placeholder }),
      })
  }

  #noteShape({ name, attributes }: XmlElement): void {
    const shape = this.#open.at(-1)
    if (shape === undefined) return
    const { flow } = shape
    if (name === 'p:cNvPr') flow.note(pictureNote(attributes.descr ?? ''))
    else if (name === 'p:ph') shape.placeholder = { type: attributes.type ?? '', index: attributes.idx ?? '' }
    else if (name === 'a:off')
      shape.position ??= { x: Number(attributes.x) || 0, y: Number(attributes.y) || 0 }
    else if (name === 'a:p') {
      this.#paragraph = { level: 0, mark: 'inherited' }
      flow.openParagraph()
    } else if (name === 'a:pPr') this.#paragraph.level = Number(attributes.lvl) || 0
    else if (name === 'a:buNone') this.#paragraph.mark = 'none'
    else if (name === 'a:buChar' || name === 'a:buBlip') this.#paragraph.mark = 'bullet'
    else if (name === 'a:buAutoNum') this.#paragraph.mark = 'number'
    else if (name === 'a:br') flow.text('\n')
    else if (name === 'a:tbl') flow.openTable()
    else if (name === 'a:tr') flow.openRow()
    else if (name === 'a:tc')
      flow.openCell(isOn(attributes.vMerge) ? 'above' : isOn(attributes.hMerge) ? 'left' : 'own')
    else if (name === 'c:chart' || name === 'dgm:relIds') {
      for (const item of this.#drawings.get(attributes['r:id'] ?? attributes['r:dm'] ?? '') ?? [])
        flow.float(item)
    }
  }
}

function styleOf({ level, mark }: OpenParagraph, { placeholder, numbers }: OpenShape): ParagraphStyle {
  for (const deeper of numbers.keys()) if (deeper > level) numbers.delete(deeper)
  if (mark === 'number') {
    const number = numbers.get(level) ?? 1
    numbers.set(level, number + 1)
    return { list: { level, label: `${number}.` } }
  }
  numbers.delete(level)
  const isBulleted = placeholder !== undefined && bulleted.has(placeholder.type)
  const isItem = mark === 'bullet' || (mark === 'inherited' && (isBulleted || level > 0))
  return isItem ? { list: { level, label: '-' } } : {}
}
