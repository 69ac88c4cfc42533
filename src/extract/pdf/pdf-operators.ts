import { type PdfFont, unknownFont } from './pdf-fonts.js'
import type { PdfOperators } from './pdf-library.js'
import { type Box, identity, type Matrix, mapBox, multiply, toMatrix } from './pdf-matrix.js'
import type { GlyphPlace, GlyphStyle, PageSink } from './pdf-page-sink.js'

export type OperatorList = { readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] }

export type PageSetting = {
  readonly operators: PdfOperators
  readonly fonts: ReadonlyMap<string, PdfFont>
  /** From the page's own units to 1/72 inch from its top left corner. */
  readonly transform: Matrix
  /** Whether a layer (optional content group) is shown. */
  isLayerVisible(layer: unknown): boolean
}

type Glyph = {
  readonly unicode: string
  readonly width: number
  readonly isSpace: boolean
  readonly vmetric?: unknown
}

type GraphicsState = {
  transform: Matrix
  font: PdfFont
  fontSize: number
  characterSpacing: number
  wordSpacing: number
  horizontalScale: number
  leading: number
  rise: number
  mode: number
}

type Handler = (args: readonly unknown[]) => void

const invisibleMode = 3
const unitSquare: Box = { x0: 0, y0: 0, x1: 1, y1: 1 }
/** Deeper than any page that a program writes. */
const maxSavedStates = 1000

/**
 * Walks through a page's drawing operators as a renderer does (ISO 32000-1, 8.4 and 9.3) and tells `sink` where each glyph
 * comes to stand. Text in layers that are not shown is left out.
 */
export function readOperators(list: OperatorList, setting: PageSetting, sink: PageSink): void {
  const machine = new TextMachine(setting, sink)
  for (let i = 0; i < list.fnArray.length; i++) {
    const args = list.argsArray[i]
    machine.run(list.fnArray[i] ?? 0, Array.isArray(args) ? args : [])
  }
}

class TextMachine {
  readonly #setting: PageSetting
  readonly #sink: PageSink
  readonly #handlers: (Handler | undefined)[] = []
  readonly #saved: GraphicsState[] = []
  /** Whether each open marked content is in a layer that is not shown. */
  readonly #hidden: boolean[] = []
  #hiddenDepth = 0
  #state: GraphicsState
  #textMatrix: Matrix = identity
  #lineX = 0
  #lineY = 0
  #x = 0
  #y = 0
  /** A picture that was left out shows as a change of place that nothing is drawn at. */
  #isPlaceUnused = false
  readonly #place: GlyphPlace = { x0: 0, y0: 0, x1: 0, y1: 0, directionX: 1, directionY: 0, size: 0 }
  readonly #style: GlyphStyle = { font: unknownFont, isInvisible: false }

  constructor(setting: PageSetting, sink: PageSink) {
    this.#setting = setting
    this.#sink = sink
    this.#state = {
      transform: setting.transform,
      font: unknownFont,
      fontSize: 0,
      characterSpacing: 0,
      wordSpacing: 0,
      horizontalScale: 1,
      leading: 0,
      rise: 0,
      mode: 0,
    }
    this.#addStateHandlers(setting.operators)
    this.#addTextHandlers(setting.operators)
    this.#addDrawingHandlers(setting.operators)
  }

  run(operator: number, args: readonly unknown[]): void {
    this.#handlers[operator]?.(args)
  }

  #addStateHandlers(ops: PdfOperators): void {
    const on = (operator: number, handler: Handler) => {
      this.#handlers[operator] = handler
    }
    on(ops.save, () => this.#save())
    on(ops.restore, () => this.#restore())
    on(ops.transform, (args) => this.#transform(args))
    on(ops.paintFormXObjectBegin, ([matrix]) => {
      this.#save()
      this.#transform(matrix)
      this.#isPlaceUnused = false
    })
    on(ops.paintFormXObjectEnd, () => this.#restore())
    on(ops.beginMarkedContent, () => this.#openContent(false))
    on(ops.beginMarkedContentProps, ([tag, layer]) =>
      this.#openContent(tag === 'OC' && !this.#setting.isLayerVisible(layer)),
    )
    on(ops.endMarkedContent, () => {
      if (this.#hidden.pop() === true) this.#hiddenDepth--
    })
    on(ops.setGState, ([pairs]) => {
      for (const [key, value] of Array.isArray(pairs) ? pairs : []) {
        if (key === 'Font' && Array.isArray(value)) this.#setFont(value[0], value[1])
      }
    })
  }

  #addTextHandlers(ops: PdfOperators): void {
    const on = (operator: number, handler: Handler) => {
      this.#handlers[operator] = handler
    }
    on(ops.beginText, () => this.#setTextMatrix(identity))
    on(ops.setFont, ([name, size]) => this.#setFont(name, size))
    on(ops.setCharSpacing, ([value]) => {
      this.#state.characterSpacing = numberOr(value, 0)
    })
    on(ops.setWordSpacing, ([value]) => {
      this.#state.wordSpacing = numberOr(value, 0)
    })
    on(ops.setHScale, ([percent]) => {
      this.#state.horizontalScale = numberOr(percent, 100) / 100
    })
    on(ops.setLeading, ([value]) => {
      this.#state.leading = -numberOr(value, 0)
    })
    on(ops.setTextRise, ([value]) => {
      this.#state.rise = numberOr(value, 0)
    })
    on(ops.setTextRenderingMode, ([mode]) => {
      this.#state.mode = numberOr(mode, 0)
    })
    on(ops.moveText, ([x, y]) => this.#moveText(numberOr(x, 0), numberOr(y, 0)))
    on(ops.setLeadingMoveText, ([x, y]) => {
      this.#state.leading = numberOr(y, 0)
      this.#moveText(numberOr(x, 0), numberOr(y, 0))
    })
    on(ops.nextLine, () => this.#moveText(0, this.#state.leading))
    on(ops.setTextMatrix, ([matrix]) => this.#setTextMatrix(toMatrix(matrix) ?? identity))
    on(ops.showText, ([glyphs]) => this.#showText(Array.isArray(glyphs) ? glyphs : []))
  }

  #addDrawingHandlers(ops: PdfOperators): void {
    const drawing = () => {
      this.#isPlaceUnused = false
      this.#sink.drawing()
    }
    this.#handlers[ops.shadingFill] = drawing
    this.#handlers[ops.constructPath] = ([paint]) => {
      // A path that is only clipped to is seen by nobody.
      if (paint !== ops.endPath) drawing()
    }
    const picture = () => {
      this.#isPlaceUnused = false
      this.#sink.picture(mapBox(this.#state.transform, unitSquare))
    }
    for (const operator of [
      ops.paintImageXObject,
      ops.paintInlineImageXObject,
      ops.paintImageMaskXObject,
      ops.paintSolidColorImageMask,
    ])
      this.#handlers[operator] = picture
  }

  #save(): void {
    if (this.#saved.length < maxSavedStates) this.#saved.push({ ...this.#state })
  }

  #restore(): void {
    if (this.#isPlaceUnused) this.#sink.picture(mapBox(this.#state.transform, unitSquare))
    this.#isPlaceUnused = false
    this.#state = this.#saved.pop() ?? this.#state
  }

  #transform(values: unknown): void {
    const matrix = toMatrix(values)
    if (matrix === undefined) return
    this.#state.transform = multiply(this.#state.transform, matrix)
    this.#isPlaceUnused = true
  }

  #openContent(isHidden: boolean): void {
    this.#hidden.push(isHidden)
    if (isHidden) this.#hiddenDepth++
  }

  #setFont(name: unknown, size: unknown): void {
    this.#state.font = this.#setting.fonts.get(String(name)) ?? unknownFont
    this.#state.fontSize = numberOr(size, 0)
  }

  #setTextMatrix(matrix: Matrix): void {
    this.#textMatrix = matrix
    this.#x = this.#y = this.#lineX = this.#lineY = 0
  }

  #moveText(x: number, y: number): void {
    this.#x = this.#lineX += x
    this.#y = this.#lineY += y
  }

  #showText(glyphs: readonly (Glyph | number)[]): void {
    this.#isPlaceUnused = false
    const { font, fontSize, characterSpacing, wordSpacing, rise, mode } = this.#state
    const [a, b, c, d, e, f] = multiply(this.#state.transform, this.#textMatrix)
    // A negative size turns letters and writing direction around.
    const scale = fontSize < 0 ? -this.#state.horizontalScale : this.#state.horizontalScale
    const size = Math.abs(fontSize)
    const place = this.#place
    const reach = Math.hypot(a, b) * Math.sign(scale)
    const drop = Math.hypot(c, d)
    if (size === 0 || reach === 0 || drop === 0) return
    place.directionX = font.isVertical ? -c / drop : a / reach
    place.directionY = font.isVertical ? -d / drop : b / reach
    place.size = size * drop * font.heightScale
    this.#style.font = font
    this.#style.isInvisible = mode === invisibleMode
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        this.#advance(font, (font.isVertical ? glyph : -glyph) * (size / 1000), scale)
        continue
      }
      const width = widthOf(glyph, font) * size * Math.abs(font.matrix[0])
      place.x0 = a * this.#x + c * (this.#y + rise) + e
      place.y0 = b * this.#x + d * (this.#y + rise) + f
      this.#advance(font, width, scale)
      // Spacing is told in the direction of the page, whichever way the letters are turned.
      this.#advance(font, font.isVertical ? -characterSpacing : characterSpacing, Math.abs(scale))
      place.x1 = a * this.#x + c * (this.#y + rise) + e
      place.y1 = b * this.#x + d * (this.#y + rise) + f
      if (glyph.isSpace) this.#advance(font, font.isVertical ? -wordSpacing : wordSpacing, Math.abs(scale))
      if (this.#hiddenDepth > 0) continue
      if (isSpace(glyph.unicode)) this.#sink.space()
      else this.#sink.glyph(glyph.unicode, place, this.#style)
    }
  }

  #advance(font: PdfFont, by: number, scale: number): void {
    if (font.isVertical) this.#y -= by
    else this.#x += by * scale
  }
}

/** Along the writing direction, in the font's own units. */
function widthOf({ width, vmetric }: Glyph, font: PdfFont): number {
  if (!font.isVertical) return width
  // By default a glyph of vertical writing is as tall as the type.
  return Array.isArray(vmetric) ? -numberOr(vmetric[0], -1000) : 1000
}

function isSpace(text: string): boolean {
  return text.trim() === ''
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}
