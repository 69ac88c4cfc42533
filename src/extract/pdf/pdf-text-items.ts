import { unknownFont } from './pdf-fonts.js'
import type { PdfPage } from './pdf-library.js'
import { type Matrix, multiply, toMatrix } from './pdf-matrix.js'
import type { WordBuilder } from './pdf-words.js'

/** What pdf.js tells of a piece of text. Width and height are in the page's units. */
type TextItem = {
  readonly str: string
  readonly transform: unknown
  readonly width: number
  readonly height: number
}

/**
 * Reads a page's text alone, piece by piece as pdf.js finds it, without what is drawn besides: for drawings that do not fit
 * memory. Stops when the builder has enough.
 */
export async function readTextItems(page: PdfPage, transform: Matrix, words: WordBuilder): Promise<void> {
  const reader: ReadableStreamDefaultReader<{ readonly items: readonly object[] }> = page
    .streamTextContent({ includeMarkedContent: false })
    .getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    for (const item of value.items) if ('str' in item) addItem(item as TextItem, transform, words)
    if (words.isCut) {
      await reader.cancel(new Error('enough'))
      return
    }
  }
}

function addItem({ str, transform: given, width, height }: TextItem, page: Matrix, words: WordBuilder): void {
  const own = toMatrix(given)
  if (own === undefined) return
  if (str.trim() === '') {
    words.space()
    return
  }
  const [a, b, , , x0, y0] = multiply(page, own)
  const length = Math.hypot(a, b)
  const scale = Math.hypot(page[0], page[1])
  if (length === 0) return
  const [directionX, directionY] = [a / length, b / length]
  const reach = width * scale
  const size = height * scale
  words.glyph(
    str,
    { x0, y0, x1: x0 + directionX * reach, y1: y0 + directionY * reach, directionX, directionY, size },
    { font: unknownFont, isInvisible: false },
  )
}
