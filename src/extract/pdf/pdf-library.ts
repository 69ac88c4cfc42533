import { fileURLToPath } from 'node:url'
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { SkipError } from '../extractor.js'

export type PdfDocument = PDFDocumentProxy
export type PdfPage = PDFPageProxy
/** The layers (optional content groups) of a document. */
export type PdfLayers = { isVisible(layer: unknown): boolean }
/** The numbers by which pdf.js names drawing operators. */
export type PdfOperators = typeof import('pdfjs-dist/legacy/build/pdf.mjs')['OPS']

/** An open document with what is needed to read it. */
export type OpenPdf = {
  readonly document: PdfDocument
  readonly operators: PdfOperators
  /** The numbers by which pdf.js names kinds of annotations. */
  readonly annotationTypes: Readonly<Record<string, number>>
  /** A date as PDF writes it (`D:20240131120000+01'00'`) in ISO 8601. */
  toDate(value: unknown): string | undefined
  /** Gives back what the document holds; it cannot be read afterwards. */
  close(): Promise<void>
}

/**
 * Opens a document with the empty password, with nothing in it run, fetched or drawn. Throws SkipError: ENCRYPTED when it
 * needs a password. What pdf.js throws for broken files passes through.
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const library = await loadLibrary()
  const resources = new URL('../../..', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs'))
  const task = library.getDocument({
    // pdf.js takes the memory it is given for itself.
    data: Uint8Array.from(bytes),
    // Fonts became code in CVE-2024-4367.
    isEvalSupported: false,
    // Pictures are not looked at: those above this many pixels are left out before they are decoded.
    maxImageSize: 0,
    useSystemFonts: false,
    useWasm: false,
    cMapUrl: fileURLToPath(new URL('cmaps/', resources)),
    standardFontDataUrl: fileURLToPath(new URL('standard_fonts/', resources)),
    verbosity: library.VerbosityLevel.ERRORS,
  })
  return {
    document: await opened(task),
    operators: library.OPS,
    annotationTypes: library.AnnotationType,
    toDate(value) {
      const date = typeof value === 'string' ? library.PDFDateString.toDateObject(value) : null
      return date === null || Number.isNaN(date.getTime()) ? undefined : date.toISOString()
    },
    close: () => task.destroy(),
  }
}

async function opened(task: PDFDocumentLoadingTask): Promise<PdfDocument> {
  try {
    return await task.promise
  } catch (thrown) {
    await task.destroy()
    if (thrown instanceof Error && thrown.name === 'PasswordException')
      throw new SkipError('ENCRYPTED', 'It can only be opened with a password')
    throw thrown
  }
}

/**
 * Loads both parts of pdf.js, the one that parses to run in this thread.
 *
 * It makes a DOMMatrix as it is loaded, though only drawing needs one, and brings one where @napi-rs/canvas is installed,
 * which is not so on every platform. And it replaces built-in functions by its own for engines that lack some detail of
 * them; they are put back: with its `push` it takes a third more time, and its `JSON.parse` would be used by all others here.
 */
async function loadLibrary(): Promise<typeof import('pdfjs-dist/legacy/build/pdf.mjs')> {
  if (!('DOMMatrix' in globalThis)) Object.assign(globalThis, { DOMMatrix: class {} })
  const kept = replacedFunctions.map(
    ([owner, name]) => [owner, name, Object.getOwnPropertyDescriptor(owner, name)] as const,
  )
  await import('pdfjs-dist/legacy/build/pdf.worker.mjs')
  const library = await import('pdfjs-dist/legacy/build/pdf.mjs')
  for (const [owner, name, descriptor] of kept)
    if (descriptor !== undefined) Object.defineProperty(owner, name, descriptor)
  return library
}

const replacedFunctions: readonly (readonly [owner: object, name: string])[] = [
  [Array.prototype, 'push'],
  [JSON, 'parse'],
  [JSON, 'stringify'],
  [Function.prototype, 'toString'],
]
