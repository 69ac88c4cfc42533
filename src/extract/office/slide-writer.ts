import type { Block } from '../../types.js'
import { commentNote, type FlowItem, flatText, paragraphOf } from '../flow/flow.js'
import { FlowWriter } from '../flow/flow-writer.js'

/** Writes slides: each under its title, everything of it located at the slide. */
export class SlideWriter {
  #n = 1
  readonly #writer = new FlowWriter({ locate: () => ({ kind: 'slide', n: this.#n }) })

  /** Characters so far. */
  get length(): number {
    return this.#writer.length
  }

  /** Begins slide `n` (from 1). One without a title is named by its number. */
  open(n: number, title: readonly FlowItem[], isHidden: boolean): void {
    this.#n = n
    const words = flatText(title)
    if (words === '') this.#writer.name(1, `Slide ${n}${isHidden ? ' (hidden)' : ''}`)
    else this.#writer.write(paragraphOf(`${words}${isHidden ? ' (hidden slide)' : ''}`, { heading: 1 }))
  }

  write(item: FlowItem): void {
    this.#writer.write(item)
  }

  /** What the speaker says, marked as such. */
  writeNotes(items: readonly FlowItem[]): void {
    const paragraphs = items.map((item) => flatText([item])).filter((text) => text !== '')
    if (paragraphs.length > 0) this.#writer.write(paragraphOf(`Notes: ${paragraphs.join('\n')}`))
  }

  writeComment({ author, text }: { readonly author: string; readonly text: string }): void {
    if (text !== '') this.#writer.write(paragraphOf(commentNote(text, author)))
  }

  finish(): { readonly text: string; readonly blocks: readonly Block[] } {
    return this.#writer.finish()
  }
}
