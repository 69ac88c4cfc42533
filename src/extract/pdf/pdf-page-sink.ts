import type { PdfFont } from './pdf-fonts.js'
import type { Box } from './pdf-matrix.js'

/** Where a glyph stands: its baseline from start to where the next one is due, in 1/72 inch from the page's top left corner. */
export type GlyphPlace = {
  x0: number
  y0: number
  x1: number
  y1: number
  /** Direction in which the writing goes on, of length 1; y points down. */
  directionX: number
  directionY: number
  /** Height of the type, in 1/72 inch. */
  size: number
}

export type GlyphStyle = {
  font: PdfFont
  /** Neither filled nor stroked: text rendering mode 3. */
  isInvisible: boolean
}

/** Takes what a page shows in the order in which it is drawn. What it is given may change after the call. */
export interface PageSink {
  glyph(text: string, place: GlyphPlace, style: GlyphStyle): void
  /** White space between two glyphs. */
  space(): void
  picture(box: Box): void
  /** Lines, areas and shadings. */
  drawing(): void
}
