import { deflateSync } from 'node:zlib'
import type { PdfEncryption } from './encrypt-pdf.js'

/** An object of a PDF file: its text, or a stream with the entries of its dictionary. */
export type PdfObject = string | { readonly dictionary?: string; readonly stream: string | Uint8Array }

export type PdfPage = {
  /** Drawing operators; see `textAt` and its like. */
  readonly content: string
  /** Entries of the page's dictionary, such as `/Rotate 90`. */
  readonly entries?: string
  /** Entries of its resources besides the fonts F1 to F6. */
  readonly resources?: string
}

export type PdfParts = {
  readonly pages: readonly PdfPage[]
  /** Entries of the catalog. */
  readonly catalog?: string
  /** Entries of the information dictionary. */
  readonly info?: string
  /** Further objects by number, from 100 on. */
  readonly objects?: Readonly<Record<number, PdfObject>>
  /** Entries of the trailer. */
  readonly trailer?: string
  /** Whether streams are packed. */
  readonly isPacked?: boolean
  readonly encryption?: PdfEncryption
}

const firstPage = 1000
/** Page `index` (from 0) as an object that others can refer to. */
export const pageRef = (index: number): string => `${firstPage + 2 * index} 0 R`

/** F1 Helvetica, F2 its bold, F3 Courier, F4 its italic; F5 and F6 write and stack the characters that `unicodeText` encodes. */
const fonts = (): Record<number, PdfObject> => ({
  11: simpleFont('Helvetica'),
  12: simpleFont('Helvetica-Bold'),
  13: simpleFont('Courier'),
  14: simpleFont('Helvetica-Oblique'),
  15: compositeFont('Identity-H'),
  16: compositeFont('Identity-V'),
  20: '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sans /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 /DW2 [880 -1000] /FontDescriptor 21 0 R >>',
  21: '<< /Type /FontDescriptor /FontName /Sans /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>',
  22: { stream: toUnicode() },
})

function simpleFont(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
}

function compositeFont(encoding: string): string {
  return `<< /Type /Font /Subtype /Type0 /BaseFont /Sans /Encoding /${encoding} /DescendantFonts [20 0 R] /ToUnicode 22 0 R >>`
}

/** Puts a file together: header, objects, cross-reference table, trailer. */
export function buildPdf(parts: PdfParts): Uint8Array {
  const objects: Record<number, PdfObject> = {
    ...fonts(),
    1: `<< /Type /Catalog /Pages 2 0 R ${parts.catalog ?? ''} >>`,
    2: `<< /Type /Pages /Kids [${parts.pages.map((_, i) => pageRef(i)).join(' ')}] /Count ${parts.pages.length} >>`,
    3: `<< ${parts.info ?? ''} >>`,
    ...parts.objects,
  }
  for (const [i, page] of parts.pages.entries()) {
    const content = firstPage + 2 * i + 1
    objects[firstPage + 2 * i] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${content} 0 R ${page.entries ?? ''} ` +
      `/Resources << /Font << ${[1, 2, 3, 4, 5, 6].map((n) => `/F${n} ${10 + n} 0 R`).join(' ')} >> ${page.resources ?? ''} >> >>`
    objects[content] = { stream: page.content }
  }
  return writeFile(objects, parts)
}

function writeFile(
  objects: Readonly<Record<number, PdfObject>>,
  { trailer = '', isPacked = false, encryption }: PdfParts,
): Uint8Array {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const offsets = new Map<number, number>()
  let length = chunks[0]?.length ?? 0
  const add = (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
  }
  for (const [number, object] of Object.entries(objects)) {
    offsets.set(Number(number), length)
    add(Buffer.from(`${number} 0 obj\n`))
    add(
      typeof object === 'string'
        ? Buffer.from(object, 'latin1')
        : streamOf(object, isPacked, (bytes) => encryption?.encrypt(Number(number), bytes) ?? bytes),
    )
    add(Buffer.from('\nendobj\n'))
  }
  const size = Math.max(...offsets.keys()) + 1
  const rows = Array.from({ length: size }, (_, i) => {
    const offset = offsets.get(i)
    return offset === undefined ? '0000000000 65535 f ' : `${String(offset).padStart(10, '0')} 00000 n `
  })
  const start = length
  add(Buffer.from(`xref\n0 ${size}\n${rows.join('\n')}\n`))
  add(
    Buffer.from(
      `trailer\n<< /Size ${size} /Root 1 0 R /Info 3 0 R ${trailer} ${encryption?.trailer ?? ''} >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  )
  return Uint8Array.from(Buffer.concat(chunks))
}

function streamOf(
  { dictionary = '', stream }: Exclude<PdfObject, string>,
  isPacked: boolean,
  encrypt: (bytes: Uint8Array) => Uint8Array,
): Buffer {
  const bytes = typeof stream === 'string' ? Buffer.from(stream, 'latin1') : stream
  const isToPack = isPacked && !/\/Filter/.test(dictionary)
  const written = encrypt(isToPack ? deflateSync(bytes) : bytes)
  const filter = isToPack ? '/Filter /FlateDecode' : ''
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} ${filter} /Length ${written.length} >>\nstream\n`, 'latin1'),
    written,
    Buffer.from('\nendstream'),
  ])
}

export type TextStyle = { readonly font?: number; readonly size?: number }

/** One line of text from a place in points from the lower left corner. */
export function textAt(x: number, y: number, text: string, { font = 1, size = 12 }: TextStyle = {}): string {
  return `BT /F${font} ${size} Tf ${x} ${y} Td ${literal(text)} Tj ET\n`
}

/** Lines below one another, the first at `y`. */
export function linesAt(
  x: number,
  y: number,
  lines: readonly string[],
  { leading = 14, ...style }: TextStyle & { readonly leading?: number } = {},
): string {
  return lines.map((line, i) => textAt(x, y - i * leading, line, style)).join('')
}

/** A string of PDF in Windows-1252. */
export function literal(text: string): string {
  return `(${text.replace(/[\\()]/g, '\\$&')})`
}

/** The same for the fonts F5 and F6: any characters of the first plane. */
export function unicodeText(text: string): string {
  return `<${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
}

/** Each code is its own character, but for 0001, which is a ligature of lam and alef, and 0002, one of f and i. */
function toUnicode(): string {
  const pages = Array.from({ length: 255 }, (_, i) => (i + 1).toString(16).padStart(2, '0'))
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    '2 beginbfchar <0001> <06440627> <0002> <00660069> endbfchar',
    '256 beginbfrange',
    '<0020> <00ff> <0020>',
    ...pages.map((page) => `<${page}00> <${page}ff> <${page}00>`),
    'endbfrange endcmap end end',
  ].join('\n')
}
