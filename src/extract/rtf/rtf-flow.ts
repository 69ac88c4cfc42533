import type { CellMerge, FlowItem, ParagraphStyle } from '../flow/flow.js'
import { FlowBuilder } from '../flow/flow-builder.js'

type OpenPart = 'nothing' | 'table' | 'row' | 'cell'

/** Puts tables together from ends of cells and rows: RTF has no beginnings of them. */
export class RtfFlow {
  readonly #flow: FlowBuilder
  #open: OpenPart = 'nothing'
  /** How the cells of the row are merged, and which comes next. */
  #merges: CellMerge[] = []
  #merge: CellMerge = 'own'
  #cell = 0
  /** States of the tables around open boxes. */
  readonly #outer: OpenPart[] = []

  constructor(emit: (item: FlowItem) => void) {
    this.#flow = new FlowBuilder(emit)
  }

  openParagraph(isInTable: boolean): void {
    if (isInTable) this.#openCell()
    else this.endTable()
    this.#flow.openParagraph()
  }

  text(text: string): void {
    this.#flow.text(text)
  }

  note(text: string): void {
    this.#flow.note(text)
  }

  endParagraph(style: ParagraphStyle | undefined): void {
    this.#flow.closeParagraph(style)
  }

  openBox(): void {
    this.#outer.push(this.#open)
    this.#open = 'nothing'
    this.#flow.openBox()
  }

  closeBox(): void {
    this.endTable()
    this.#open = this.#outer.pop() ?? 'nothing'
    this.#flow.closeBox()
  }

  /** Takes in a word of a row's definition: how each cell is merged, then its edge. */
  defineCell(word: string): void {
    if (word === 'trowd') this.#merges = []
    else if (word === 'clvmrg') this.#merge = 'above'
    else if (word === 'clmrg') this.#merge = 'left'
    else if (word === 'cellx') {
      this.#merges.push(this.#merge)
      this.#merge = 'own'
    }
  }

  endCell(): void {
    this.#openCell()
    this.#flow.closeCell()
    this.#open = 'row'
    this.#cell++
  }

  endRow(): void {
    if (this.#open === 'cell') this.endCell()
    if (this.#open === 'row') this.#flow.closeRow()
    if (this.#open !== 'nothing') this.#open = 'table'
    this.#cell = 0
  }

  endTable(): void {
    if (this.#open === 'nothing') return
    this.endRow()
    this.#flow.closeTable()
    this.#open = 'nothing'
  }

  #openCell(): void {
    if (this.#open === 'nothing') this.#flow.openTable()
    if (this.#open === 'nothing' || this.#open === 'table') this.#flow.openRow()
    if (this.#open !== 'cell') this.#flow.openCell(this.#merges[this.#cell] ?? 'own')
    this.#open = 'cell'
  }
}
