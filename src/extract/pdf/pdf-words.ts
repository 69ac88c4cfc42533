import type { FieldValue } from './pdf-annotations.js'
import { hasRtl } from './pdf-bidi.js'
import { composeAccent, isAccent, readableText } from './pdf-characters.js'
import { type PdfFont, unknownFont } from './pdf-fonts.js'
import type { Box } from './pdf-matrix.js'
import type { GlyphPlace, GlyphStyle, PageSink } from './pdf-page-sink.js'

/**
 * Letters without a gap between them. Places are in the frame of a writing direction: x grows along the writing, y towards
 * the next line.
 */
export type Word = {
  /** Glyphs in the order of their places; several characters for a ligature. */
  readonly units: string[]
  x0: number
  x1: number
  /** The baseline. */
  readonly y: number
  /** Height of the type, in 1/72 inch. */
  readonly size: number
  readonly font: PdfFont
  /** Position among the words of its page as they are drawn. */
  readonly order: number
  /** Whether white space was drawn since the word before. */
  readonly hasSpaceBefore: boolean
  readonly isInvisible: boolean
}

/** What the page's writing in one direction holds. Degrees are clockwise: 90 for what is read from top to bottom. */
export type Frame = { readonly degrees: number; readonly words: Word[] }

/** A gap of more than this share of the type's height parts words; TeX and word processors set at least 0.17. */
export const wordGap = 0.12
/** How far back a letter may begin within a word, by kerning. */
const kerning = 0.3
const accentOverlap = 0.8
/** Baselines of one word differ by rounding only. */
const baselineTolerance = 0.1
/** Type drawn twice for weight or as a shadow is shifted by less than this. */
const doubleShift = 0.1
/** Lines of a scan that was not quite straight count as level. */
const directionStep = 5

const maxFieldSize = 12

/** A glyph's place in the frame of its direction, as in Word. */
type Spot = {
  readonly degrees: number
  readonly x0: number
  readonly x1: number
  readonly y: number
  readonly size: number
}

export type PageBounds = {
  /** In 1/72 inch. */
  readonly width: number
  readonly height: number
  /** Glyphs beyond are left out. */
  readonly maxGlyphs: number
}

/** Puts glyphs together to words, apart by writing direction. */
export class WordBuilder implements PageSink {
  readonly pictures: Box[] = []
  hasDrawings = false
  /** Glyphs that stand for no known character. */
  unknownGlyphs = 0
  glyphs = 0
  readonly #page: PageBounds
  readonly #frames = new Map<number, Frame>()
  /** The last word of each text, to find what is drawn twice. */
  #seen = new Map<string, Word>()
  #word: Word | undefined
  #wordDegrees = 0
  #lastUnitX0 = 0
  #order = 0
  #hasSpace = false

  constructor(page: PageBounds) {
    this.#page = page
  }

  /** Whether there was more than is allowed. */
  get isCut(): boolean {
    return this.glyphs > this.#page.maxGlyphs
  }

  glyph(unicode: string, place: GlyphPlace, style: GlyphStyle): void {
    this.glyphs++
    if (this.isCut || this.#isBeyond(place)) return
    const text = readableText(unicode)
    const spot = locate(place)
    const word = this.#word
    if (text === '') {
      this.unknownGlyphs++
      if (word !== undefined && this.#continues(word, text, spot, style)) word.x1 = Math.max(word.x1, spot.x1)
    } else if (word === undefined || !this.#isDouble(word, text, spot)) {
      if (word === undefined || this.#hasSpace) this.#begin(text, spot, style)
      else if (this.#continues(word, text, spot, style)) this.#append(word, text, spot)
      else if (hasRtl(text) && this.#precedes(word, spot)) {
        word.units.unshift(text)
        word.x0 = Math.min(word.x0, spot.x0)
      } else this.#begin(text, spot, style)
    }
  }

  space(): void {
    this.#hasSpace = true
  }

  picture(box: Box): void {
    this.pictures.push(box)
  }

  drawing(): void {
    this.hasDrawings = true
  }

  /** What was typed into a field of a form, at its place. */
  field({ text, box }: FieldValue): void {
    const lines = text.split('\n')
    const size = Math.min(maxFieldSize, (0.7 * (box.y1 - box.y0)) / lines.length)
    const style = { font: unknownFont, isInvisible: false }
    for (const [i, line] of lines.entries()) {
      const y = box.y0 + (box.y1 - box.y0 - 1.2 * size * lines.length) / 2 + size * (1 + 1.2 * i)
      const x1 = Math.min(box.x1, box.x0 + line.length * size * 0.5)
      this.space()
      this.glyph(line, { x0: box.x0, y0: y, x1, y1: y, directionX: 1, directionY: 0, size }, style)
    }
    this.space()
  }

  /** The words so far by direction, most letters first. */
  finish(): readonly Frame[] {
    this.#finishWord()
    const weight = (frame: Frame) => frame.words.reduce((sum, { units }) => sum + units.length, 0)
    return [...this.#frames.values()].sort((a, b) => weight(b) - weight(a) || a.degrees - b.degrees)
  }

  /** Text outside of what is seen of the page. */
  #isBeyond({ x0, x1, y0, y1 }: GlyphPlace): boolean {
    const { width, height } = this.#page
    return (
      (x0 < 0 && x1 < 0) || (x0 > width && x1 > width) || (y0 < 0 && y1 < 0) || (y0 > height && y1 > height)
    )
  }

  #begin(text: string, { degrees, x0, x1, y, size }: Spot, { font, isInvisible }: GlyphStyle): void {
    this.#finishWord()
    const hasSpaceBefore = this.#hasSpace
    this.#word = { units: [text], x0, x1, y, size, font, order: this.#order++, hasSpaceBefore, isInvisible }
    this.#wordDegrees = degrees
    this.#lastUnitX0 = x0
    this.#hasSpace = false
  }

  #continues(word: Word, text: string, spot: Spot, style: GlyphStyle): boolean {
    const gap = spot.x0 - word.x1
    const overlap = isAccent(text) || isAccent(word.units.at(-1) ?? '') ? accentOverlap : kerning
    return (
      this.#isAlike(word, spot) &&
      word.isInvisible === style.isInvisible &&
      word.font.isBold === style.font.isBold &&
      gap < wordGap * spot.size &&
      gap > -overlap * spot.size
    )
  }

  /** A letter of a script that is written from right to left, placed to the left of the one before. */
  #precedes(word: Word, spot: Spot): boolean {
    return this.#isAlike(word, spot) && Math.abs(word.x0 - spot.x1) < wordGap * spot.size
  }

  #isAlike(word: Word, { degrees, y, size }: Spot): boolean {
    return (
      degrees === this.#wordDegrees &&
      Math.abs(y - word.y) < baselineTolerance * size &&
      Math.abs(word.size - size) < 0.05 * size
    )
  }

  /** The last glyph once more, for weight. */
  #isDouble(word: Word, text: string, spot: Spot): boolean {
    const isSamePlace = Math.abs(spot.x0 - this.#lastUnitX0) < doubleShift * spot.size
    return isSamePlace && text === word.units.at(-1) && this.#isAlike(word, spot)
  }

  #append(word: Word, text: string, { x0, x1 }: Spot): void {
    const isOver = x0 < (this.#lastUnitX0 + word.x1) / 2
    const composed = isOver ? composeAccent(word.units.at(-1) ?? '', text) : undefined
    if (composed !== undefined) word.units[word.units.length - 1] = composed
    else word.units.push(text)
    this.#lastUnitX0 = x0
    word.x1 = Math.max(word.x1, x1)
  }

  #finishWord(): void {
    const word = this.#word
    this.#word = undefined
    if (word === undefined) return
    const text = word.units.join('')
    const twin = this.#seen.get(text)
    const shift = doubleShift * 2 * word.size
    if (twin !== undefined && Math.abs(twin.x0 - word.x0) < shift && Math.abs(twin.y - word.y) < shift) return
    this.#seen.set(text, word)
    let frame = this.#frames.get(this.#wordDegrees)
    if (frame === undefined) {
      frame = { degrees: this.#wordDegrees, words: [] }
      this.#frames.set(this.#wordDegrees, frame)
    }
    frame.words.push(word)
  }
}

function locate(place: GlyphPlace): Spot {
  const degrees = directionOf(place)
  const [cos, sin] = unitVector(degrees)
  return {
    degrees,
    x0: place.x0 * cos + place.y0 * sin,
    x1: place.x1 * cos + place.y1 * sin,
    y: place.y0 * cos - place.x0 * sin,
    size: place.size,
  }
}

function directionOf({ directionX, directionY }: GlyphPlace): number {
  // The usual case, without arithmetic.
  if (directionY === 0 && directionX > 0) return 0
  const degrees = (Math.atan2(directionY, directionX) * 180) / Math.PI
  return (Math.round(degrees / directionStep) * directionStep + 360) % 360
}

export function unitVector(degrees: number): readonly [cos: number, sin: number] {
  if (degrees === 0) return [1, 0]
  const angle = (degrees * Math.PI) / 180
  return [Math.cos(angle), Math.sin(angle)]
}
