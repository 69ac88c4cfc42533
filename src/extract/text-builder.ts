import type { Block, BlockKind, Location } from '../types.js'

/** Puts a document's text together, block by block, with a blank line between two. */
export class TextBuilder {
  readonly #parts: string[] = []
  readonly #blocks: Block[] = []
  #length = 0

  /** Characters so far. */
  get length(): number {
    return this.#length
  }

  /** Adds a block; text of nothing but white space is left out. */
  add(kind: Exclude<BlockKind, 'heading'>, text: string, location: Location): void {
    this.#append(kind, text, location)
  }

  /** Adds a heading whose words stand in the text. Levels beyond 6 count as 6. */
  addHeading(level: number, text: string, location: Location): void {
    const heading = text.replace(/\s+/g, ' ').trim()
    if (heading !== '') this.#append('heading', text, location, { level: boundedLevel(level), heading })
  }

  /** Names what follows, up to the next heading of this level or above, without words in the text. */
  addName(level: number, name: string, location: Location): void {
    const heading = name.replace(/\s+/g, ' ').trim()
    if (heading === '') return
    const at = this.#length
    this.#blocks.push({ kind: 'heading', start: at, end: at, location, level: boundedLevel(level), heading })
  }

  /** Adds the blocks of another text, each at the place that `locate` makes of its own; headings go `levels` deeper. */
  addBlocks(
    { text, blocks }: { readonly text: string; readonly blocks: readonly Block[] },
    locate: (location: Location) => Location,
    levels = 0,
  ): void {
    for (const { kind, start, end, location, level = 1, heading } of blocks) {
      const words = text.slice(start, end)
      if (heading === undefined) this.#append(kind, words, locate(location))
      else if (words === '') this.addName(level + levels, heading, locate(location))
      else this.#append(kind, words, locate(location), { level: boundedLevel(level + levels), heading })
    }
  }

  finish(): { readonly text: string; readonly blocks: readonly Block[] } {
    return { text: this.#parts.join(''), blocks: this.#blocks }
  }

  #append(
    kind: BlockKind,
    text: string,
    location: Location,
    heading: Pick<Block, 'level' | 'heading'> = {},
  ): void {
    if (text.trim() === '') return
    if (this.#length > 0) this.#push('\n\n')
    const start = this.#length
    this.#push(text)
    this.#blocks.push({ kind, start, end: this.#length, location, ...heading })
  }

  #push(text: string): void {
    this.#parts.push(text)
    this.#length += text.length
  }
}

function boundedLevel(level: number): number {
  return Math.min(6, Math.max(1, Math.round(level)))
}
