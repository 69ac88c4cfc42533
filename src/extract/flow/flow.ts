/** The parts that word processors and slide programs build texts from, whatever their file format. */

export type ParagraphStyle = {
  /** Level from 1 when the paragraph is a heading. */
  readonly heading?: number
  /** When it is an item of a list: its level from 0, and what stands before it, such as `-` or `2.1`. */
  readonly list?: { readonly level: number; readonly label: string }
  readonly isCode?: boolean
}

export type FlowParagraph = {
  readonly kind: 'paragraph'
  /** As collected: white space is put in order when it is written. */
  readonly text: string
  readonly style: ParagraphStyle
  /** Footnotes and comments that are tied to it. */
  readonly notes: readonly string[]
}

/** Whether a cell has a text of its own, or is covered by the one above it or to its left. */
export type CellMerge = 'own' | 'above' | 'left'

export type FlowCell = {
  readonly items: readonly FlowItem[]
  readonly merge: CellMerge
  /** Columns that it takes up. */
  readonly span: number
}

export type FlowTable = { readonly kind: 'table'; readonly rows: readonly (readonly FlowCell[])[] }

export type FlowItem = FlowParagraph | FlowTable

export function paragraphOf(text: string, style: ParagraphStyle = {}): FlowParagraph {
  return { kind: 'paragraph', text, style, notes: [] }
}

export function tableOf(rows: readonly (readonly string[])[]): FlowTable {
  return {
    kind: 'table',
    rows: rows.map((row) => row.map((text) => ({ items: [paragraphOf(text)], merge: 'own', span: 1 }))),
  }
}

/** Most texts of cells, which come by the million. */
const inOrder = /^(?:[!-~]+(?: [!-~]+)*)?$/

/**
 * White space in order: runs of it become one space, lines stay; soft hyphens, zero-width spaces, control characters and halves
 * of characters go.
 * Code keeps its spaces.
 */
export function tidyText(text: string, isCode = false): string {
  if (inOrder.test(text)) return text
  const clean = text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[\u00ad\u200b\u2060\ufeff\p{Cs}]|[^\P{Cc}\n\t]/gu, '')
    // No-break spaces, and what stands unseen between a function and its argument.
    .replace(/[\u00a0\u2061]/g, ' ')
  if (isCode) return clean.trimEnd()
  return clean
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

/** The words of items in one line. */
export function flatText(items: readonly FlowItem[]): string {
  return items
    .map((item) =>
      item.kind === 'paragraph'
        ? [tidyText(item.text), ...item.notes].join(' ')
        : item.rows.map((row) => row.map((cell) => flatText(cell.items)).join(' ')).join(' '),
    )
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What someone wrote beside the text; the author may be unknown. */
export function commentNote(text: string, author: string): string {
  return author === '' ? `[Comment: ${text}]` : `[Comment by ${author}: ${text}]`
}

/** What a picture shows, as its author (or the program, which adds a warning) describes it. */
export function pictureNote(description: string): string {
  const words = tidyText(description).replaceAll('\n', ' ')
  const own = words.replace(
    /[\s.]*(?:description automatically generated(?: with \w+ confidence)?|ai-generated content may be incorrect)\.?$/i,
    '',
  )
  return own === '' ? '' : `[Picture: ${own}]`
}
