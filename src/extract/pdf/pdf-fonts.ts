import type { PdfPage } from './pdf-library.js'
import { type Matrix, toMatrix } from './pdf-matrix.js'

/** What of a font matters for the text that is set in it. */
export type PdfFont = {
  /** As the document names it, without the mark of a subset. */
  readonly name: string
  readonly isBold: boolean
  readonly isItalic: boolean
  readonly isMonospaced: boolean
  readonly isVertical: boolean
  /** Units of a glyph's width to units of text. */
  readonly matrix: Matrix
  /** Height of the letters of a font that draws its glyphs itself (Type 3), in units of text; else 1. */
  readonly heightScale: number
}

const defaultMatrix: Matrix = [0.001, 0, 0, 0.001, 0, 0]
/** TeX's names for bold and typewriter type among those that say so. */
const boldName = /bold|black|heavy|[-_ ]demi|[-_]medi(?!um)|[-,]bd\b|^(?:cm|sf|ec)b|^cmssbx|^(?:\w+)?bx\d/i
const italicName = /ital|obli|[-_]it\b|^cm(?:ti|sl|mi)\d/i
const monospacedName =
  /mono|courier|consol|menlo|typewriter|fixed|lettergothic|andale|(?:source|fira) ?code|cascadia|jetbrains|^(?:cm|lm|ec|sf|tx)(?:sl|i)?tt/i

export const unknownFont: PdfFont = {
  name: '',
  isBold: false,
  isItalic: false,
  isMonospaced: false,
  isVertical: false,
  matrix: defaultMatrix,
  heightScale: 1,
}

/** The fonts of a page by the names that its operators use for them. */
export async function loadFonts(page: PdfPage, names: Iterable<string>): Promise<Map<string, PdfFont>> {
  const fonts = new Map<string, PdfFont>()
  for (const name of names) {
    const font: unknown = await new Promise((resolve) => page.commonObjs.get(name, resolve))
    fonts.set(name, describeFont(font))
  }
  return fonts
}

/** pdf.js gives the message of an error in place of a font that is broken. */
function describeFont(font: unknown): PdfFont {
  if (font === null || typeof font !== 'object') return unknownFont
  const given = font as { readonly [key: string]: unknown }
  const name = String(given.name ?? '').replace(/^[A-Z]{6}\+/, '')
  const matrix = toMatrix(given.fontMatrix) ?? defaultMatrix
  return {
    name,
    isBold: given.bold === true || given.black === true || boldName.test(name),
    isItalic: given.italic === true || italicName.test(name),
    // The flag that fonts have for it is wrong too often.
    isMonospaced: monospacedName.test(name),
    isVertical: given.vertical === true,
    matrix,
    heightScale: given.isType3Font === true ? heightOfLetters(given.bbox, matrix) : 1,
  }
}

function heightOfLetters(bbox: unknown, matrix: Matrix): number {
  const [, bottom, , top] =
    Array.isArray(bbox) || ArrayBuffer.isView(bbox) ? (bbox as unknown as number[]) : []
  const height = Math.abs(((top ?? 0) - (bottom ?? 0)) * matrix[3])
  return height > 0 && Number.isFinite(height) ? height : 1
}
