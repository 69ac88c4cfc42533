import type { Block, BlockKind } from '../../types.js'
import { TextBuilder } from '../text-builder.js'
import { collapse, type SourceLines } from './html-tree.js'

/**
 * Collects the text of a page, block by block. Text goes to an open block until `flush` closes it; a block's location is
 * the span of source lines that its words came from.
 */
export class HtmlWriter {
  readonly #builder = new TextBuilder()
  #lines: string[] = []
  #line = ''
  #lineHasWords = false
  /** Kept apart because looking at a string's end after each addition would copy it each time. */
  #endsInSpace = false
  #first = Number.POSITIVE_INFINITY
  #last = 0

  /** Adds inline text; white space collapses, also across calls. */
  write(text: string, source: SourceLines): void {
    const words = collapse(text)
    if (words === ' ' || words === '') {
      if (words === ' ') this.#space()
      return
    }
    if (words.startsWith(' ')) this.#space()
    this.#line += words.startsWith(' ') ? words.slice(1) : words
    this.#lineHasWords = true
    this.#endsInSpace = words.endsWith(' ')
    this.#cover(source)
  }

  /** Adds text as it stands, line breaks and spaces kept. */
  writeRaw(text: string, source: SourceLines): void {
    const [first = '', ...rest] = text.split('\n')
    this.#line += first
    for (const line of rest) {
      this.#lines.push(this.#line)
      this.#line = line
    }
    this.#lineHasWords ||= text.trim() !== ''
    this.#endsInSpace = false
    this.#cover(source)
  }

  /** Ends the line, if it holds words, and begins the next with `prefix`. */
  breakLine(prefix = ''): void {
    if (this.#lineHasWords) this.#lines.push(this.#line.trimEnd())
    else if (prefix === '') return
    this.#line = prefix
    this.#lineHasWords = false
  }

  /** Closes the open block, if it holds words. */
  flush(kind: BlockKind, level?: number): void {
    if (this.#lineHasWords) this.#lines.push(this.#line)
    const lines = this.#lines
    const isCode = kind === 'code'
    const joined = lines.join(kind === 'heading' ? ' ' : '\n')
    const text = isCode ? joined.replace(/^(?:[ \t]*\n)+/, '').trimEnd() : joined.trim()
    if (text !== '') this.#emit(kind, text, level)
    this.#lines = []
    this.#line = ''
    this.#lineHasWords = false
    this.#first = Number.POSITIVE_INFINITY
    this.#last = 0
  }

  finish(): { readonly text: string; readonly blocks: readonly Block[] } {
    return this.#builder.finish()
  }

  #emit(kind: BlockKind, text: string, level: number | undefined): void {
    const first = Number.isFinite(this.#first) ? this.#first : 1
    const location = { kind: 'lines', start: first, end: Math.max(first, this.#last) } as const
    if (kind === 'heading') this.#builder.addHeading(level ?? 1, text, location)
    else this.#builder.add(kind, text, location)
  }

  #space(): void {
    if (!this.#lineHasWords || this.#endsInSpace) return
    this.#line += ' '
    this.#endsInSpace = true
  }

  #cover({ first, last }: SourceLines): void {
    this.#first = Math.min(this.#first, first)
    this.#last = Math.max(this.#last, last)
  }
}
