import type { Paragraph } from './pdf-paragraphs.js'

/** A paragraph on its page, with its text. */
export type PdfBlock = {
  readonly page: number
  readonly kind: 'text' | 'item' | 'table' | 'code' | 'note'
  readonly text: string
  /** Of its first line, in 1/72 inch from the top of the page. */
  readonly y: number
  readonly size: number
  readonly isBold: boolean
  readonly lines: number
  /** Whether it has lines of several pieces with wide gaps between them. */
  readonly isGapped: boolean
  /** Whether it stands in the page's main writing direction. */
  readonly isMain: boolean
}

/** A block with what the outline or its type makes of it. */
export type HeadedBlock = PdfBlock & {
  /** Level from 1, for a heading. */
  readonly level?: number
  /** Headings in front of it whose words do not stand on the page. */
  readonly names?: readonly { readonly level: number; readonly name: string }[]
}

export function toBlock(page: number, isMain: boolean, { kind, lines }: Paragraph, text: string): PdfBlock {
  const [first] = lines
  const longest = lines.reduce<Paragraph['lines'][number] | undefined>(
    (found, line) => (found === undefined || line.text.length > found.text.length ? line : found),
    undefined,
  )
  return {
    page,
    kind,
    text,
    y: first?.y ?? 0,
    size: longest?.size ?? 0,
    isBold: lines.every(({ isBold }) => isBold),
    lines: lines.length,
    isGapped: lines.some(({ cells }) => cells.length > 2),
    isMain,
  }
}
