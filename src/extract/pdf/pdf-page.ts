import { type AnnotationSource, type PageAnnotations, readAnnotations } from './pdf-annotations.js'
import { loadFonts } from './pdf-fonts.js'
import { type Fragment, joinWords } from './pdf-fragments.js'
import type { OpenPdf, PdfLayers, PdfPage } from './pdf-library.js'
import { identity, type Matrix, toMatrix } from './pdf-matrix.js'
import { type OperatorList, readOperators } from './pdf-operators.js'
import { referenceOf } from './pdf-outline.js'
import { readTextItems } from './pdf-text-items.js'
import { visibleWords } from './pdf-visibility.js'
import { type Frame, WordBuilder } from './pdf-words.js'

/** What is found on a page before it is put in order. */
export type PageContent = {
  /** From 1. */
  readonly number: number
  /** Its object, as bookmarks refer to it. */
  readonly reference: string | undefined
  readonly height: number
  /** From the page's own units to 1/72 inch from its top left corner. */
  readonly transform: Matrix
  /** Fragments by writing direction, the one with most letters first; level ones alone have places on the page as seen. */
  readonly frames: readonly { readonly degrees: number; readonly fragments: readonly Fragment[] }[]
  /** Contents of comments and notes. */
  readonly notes: readonly string[]
  readonly files: PageAnnotations['files']
  /** Whether something is seen on it that is no text. */
  readonly hasPictures: boolean
  /** Whether text was left out that is not seen. */
  readonly hasHiddenText: boolean
  readonly isCut: boolean
  readonly glyphs: number
  readonly unknownGlyphs: number
}

export type PageOptions = {
  readonly number: number
  readonly layers: PdfLayers
  readonly annotations: AnnotationSource
  /** Whether its drawing may be too much to be held in memory: its text is read without it, whether it is seen or not. */
  readonly isHuge: boolean
  /** Glyphs beyond are left out. */
  readonly maxGlyphs: number
}

/** Annotations of a page are not drawn with it: their words are read from what they hold. */
const withoutAnnotations = 0

export async function readPage(pdf: OpenPdf, page: PdfPage, options: PageOptions): Promise<PageContent> {
  const { width, height, transform: given } = page.getViewport({ scale: 1 })
  const transform = toMatrix(given) ?? identity
  const words = new WordBuilder({ width, height, maxGlyphs: options.maxGlyphs })
  if (options.isHuge) await readTextItems(page, transform, words)
  else await readDrawing(pdf, page, transform, options.layers, words)
  const annotations = readAnnotations(await options.annotations(page), transform)
  for (const field of annotations.fields) words.field(field)
  const { frames, hasHiddenText } = visibleWords(words.finish(), {
    pictures: words.pictures,
    hasDrawings: words.hasDrawings,
    width,
    height,
  })
  return {
    number: options.number,
    reference: referenceOf(page.ref),
    height,
    transform,
    frames: frames.map(toFragments),
    notes: annotations.notes,
    files: annotations.files,
    hasPictures: words.pictures.length > 0 || words.hasDrawings,
    hasHiddenText,
    isCut: words.isCut,
    glyphs: words.glyphs,
    unknownGlyphs: words.unknownGlyphs,
  }
}

async function readDrawing(
  { operators }: OpenPdf,
  page: PdfPage,
  transform: Matrix,
  layers: PdfLayers,
  words: WordBuilder,
): Promise<void> {
  const list: OperatorList = await page.getOperatorList({ annotationMode: withoutAnnotations })
  const fonts = await loadFonts(page, fontNames(list, operators))
  const isLayerVisible = (layer: unknown) => layers.isVisible(layer)
  readOperators(list, { operators, fonts, transform, isLayerVisible }, words)
}

function fontNames({ fnArray, argsArray }: OperatorList, operators: OpenPdf['operators']): Set<string> {
  const names = new Set<string>()
  for (let i = 0; i < fnArray.length; i++) {
    const args = argsArray[i]
    if (!Array.isArray(args)) continue
    if (fnArray[i] === operators.setFont) names.add(String(args[0]))
    else if (fnArray[i] === operators.setGState && Array.isArray(args[0]))
      for (const [key, value] of args[0]) if (key === 'Font') names.add(String(value[0]))
  }
  return names
}

function toFragments({ degrees, words }: Frame): PageContent['frames'][number] {
  return { degrees, fragments: joinWords(words) }
}
