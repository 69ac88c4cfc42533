import type { CellMerge, FlowCell, FlowItem, ParagraphStyle } from './flow.js'

type ParagraphFrame = {
  readonly kind: 'paragraph'
  readonly text: string[]
  readonly notes: string[]
  /** Text boxes and the like that are anchored in it. */
  readonly floating: FlowItem[]
}
type BoxFrame = { readonly kind: 'box'; readonly items: FlowItem[] }
type CellFrame = {
  readonly kind: 'cell'
  readonly items: FlowItem[]
  merge: CellMerge
  span: number
}
type RowFrame = { readonly kind: 'row'; readonly cells: FlowCell[] }
type TableFrame = { readonly kind: 'table'; readonly rows: FlowCell[][] }
type Frame = ParagraphFrame | BoxFrame | CellFrame | RowFrame | TableFrame

/**
 * Puts paragraphs and tables together from the events of a parser. What floats (a box within a paragraph) comes after the
 * paragraph that holds it. Calls that do not fit what is open are passed over: files are not always in order.
 */
export class FlowBuilder {
  readonly #frames: Frame[] = []
  readonly #emit: (item: FlowItem) => void

  /** @param emit is handed each paragraph and table that lies in no other, in order. */
  constructor(emit: (item: FlowItem) => void) {
    this.#emit = emit
  }

  openParagraph(): void {
    this.#frames.push({ kind: 'paragraph', text: [], notes: [], floating: [] })
  }

  /** Adds to the innermost open paragraph. */
  text(text: string): void {
    const top = this.#frames.at(-1)
    if (top?.kind === 'paragraph') top.text.push(text)
  }

  /** Ties a note, if it says something, to the open paragraph. */
  note(text: string): void {
    if (text === '') return
    const paragraph = this.#frames.findLast((frame) => frame.kind === 'paragraph')
    if (paragraph === undefined) this.#add({ kind: 'paragraph', text: '', style: {}, notes: [text] })
    else paragraph.notes.push(text)
  }

  /** Without a style the paragraph is left out; what floats in it stays. */
  closeParagraph(style: ParagraphStyle | undefined): void {
    const frame = this.#pop('paragraph')
    if (frame === undefined) return
    const { text, notes, floating } = frame
    if (style !== undefined) this.#add({ kind: 'paragraph', text: text.join(''), style, notes })
    for (const item of floating) this.#add(item)
  }

  openBox(): void {
    this.#frames.push({ kind: 'box', items: [] })
  }

  closeBox(): void {
    for (const item of this.#pop('box')?.items ?? []) this.float(item)
  }

  /** Adds an item after the open paragraph; here when none is open. */
  float(item: FlowItem): void {
    const top = this.#frames.at(-1)
    if (top?.kind === 'paragraph') top.floating.push(item)
    else this.#add(item)
  }

  openTable(): void {
    this.#frames.push({ kind: 'table', rows: [] })
  }

  openRow(): void {
    this.#frames.push({ kind: 'row', cells: [] })
  }

  openCell(merge: CellMerge = 'own', span = 1): void {
    this.#frames.push({ kind: 'cell', items: [], merge, span })
  }

  /** Says how the open cell is merged, where its file does so only within it. */
  shapeCell(shape: { readonly merge?: CellMerge; readonly span?: number }): void {
    const top = this.#frames.at(-1)
    if (top?.kind === 'cell') Object.assign(top, shape)
  }

  closeCell(): void {
    const cell = this.#pop('cell')
    const row = this.#frames.at(-1)
    if (cell !== undefined && row?.kind === 'row') row.cells.push(cell)
  }

  closeRow(): void {
    const row = this.#pop('row')
    const table = this.#frames.at(-1)
    if (row !== undefined && table?.kind === 'table') table.rows.push(row.cells)
  }

  closeTable(): void {
    const table = this.#pop('table')
    if (table !== undefined) this.float({ kind: 'table', rows: table.rows })
  }

  #pop<Kind extends Frame['kind']>(kind: Kind): Extract<Frame, { kind: Kind }> | undefined {
    const top = this.#frames.at(-1)
    if (top?.kind !== kind) return undefined
    this.#frames.pop()
    return top as Extract<Frame, { kind: Kind }>
  }

  #add(item: FlowItem): void {
    const container = this.#frames.findLast((frame) => frame.kind === 'box' || frame.kind === 'cell')
    if (container === undefined) this.#emit(item)
    else container.items.push(item)
  }
}
