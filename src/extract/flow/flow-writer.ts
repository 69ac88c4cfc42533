import type { Block, BlockKind, Location } from '../../types.js'
import { TextBuilder } from '../text-builder.js'
import { type FlowItem, type FlowParagraph, tidyText } from './flow.js'
import { isLayout, tableLines } from './flow-table.js'

/** Deeper lists are indented no further. */
const maxIndentLevels = 8
/** Longer ones are paragraphs in the style of a heading. */
const maxHeadingChars = 300

/** A bullet that was typed, or written by a program that knows no lists. */
const typedBullet = /^\s*[•●▪■◦○‣]\s+(?=\S)/

/** List items or lines of code in a row, which make one block. */
type Run = {
  readonly kind: 'list' | 'code'
  readonly lines: string[]
  readonly notes: string[]
  readonly place: Location
}

export type FlowWriterOptions = {
  /** The place of what stands under these headings. */
  readonly locate: (headings: readonly string[]) => Location
}

/** Writes paragraphs and tables as the blocks of a document. */
export class FlowWriter {
  readonly #builder = new TextBuilder()
  readonly #locate: FlowWriterOptions['locate']
  #path: readonly { readonly level: number; readonly heading: string }[] = []
  #run: Run | undefined
  #runChars = 0

  constructor({ locate }: FlowWriterOptions = { locate: (path) => ({ kind: 'section', path }) }) {
    this.#locate = locate
  }

  /** Characters so far. */
  get length(): number {
    return this.#builder.length + this.#runChars
  }

  write(item: FlowItem): void {
    if (item.kind === 'paragraph') this.#writeParagraph(item)
    else if (isLayout(item)) {
      for (const row of item.rows) for (const cell of row) for (const inner of cell.items) this.write(inner)
    } else {
      this.#closeRun()
      this.#builder.add('table', tableLines(item).join('\n'), this.#place())
    }
  }

  /** Adds a block whose text is in order. */
  add(kind: BlockKind, text: string, level = 1): void {
    this.#closeRun()
    if (kind === 'heading') {
      this.#enter(level, text)
      this.#builder.addHeading(level, text, this.#place())
    } else this.#builder.add(kind, text, this.#place())
  }

  /** Names what follows without words in the text; an empty name ends what the one before it named. */
  name(level: number, name: string): void {
    this.#closeRun()
    this.#enter(level, name)
    this.#builder.addName(level, name, this.#place())
  }

  finish(): { readonly text: string; readonly blocks: readonly Block[] } {
    this.#closeRun()
    return this.#builder.finish()
  }

  #writeParagraph({ text: raw, style, notes }: FlowParagraph): void {
    const isTyped = style.list === undefined && style.isCode !== true && typedBullet.test(raw)
    const text = tidyText(isTyped ? raw.replace(typedBullet, '') : raw, style.isCode)
    const list = isTyped ? { level: 0, label: '-' } : style.list
    if (style.heading !== undefined && text !== '' && text.length <= maxHeadingChars) {
      this.#closeRun()
      const heading = style.list === undefined ? text : `${style.list.label} ${text}`.trim()
      this.#enter(style.heading, heading)
      this.#builder.addHeading(style.heading, heading, this.#place())
      this.#writeNotes(notes)
    } else if (list !== undefined) {
      if (text !== '') this.#addToRun('list', [itemLine(text, list.level, list.label), ...notes])
    } else if (style.isCode === true) {
      this.#addToRun('code', [text])
      this.#run?.notes.push(...notes)
    } else {
      if (text === '' && notes.length === 0) return
      this.#closeRun()
      this.#builder.add('text', text, this.#place())
      this.#writeNotes(notes)
    }
  }

  #writeNotes(notes: readonly string[]): void {
    this.#builder.add('text', notes.join('\n'), this.#place())
  }

  #addToRun(kind: Run['kind'], lines: readonly string[]): void {
    if (this.#run?.kind !== kind) this.#closeRun()
    this.#run ??= { kind, lines: [], notes: [], place: this.#place() }
    this.#run.lines.push(...lines)
    for (const line of lines) this.#runChars += line.length
  }

  #closeRun(): void {
    const run = this.#run
    if (run === undefined) return
    this.#run = undefined
    this.#runChars = 0
    const text = run.lines.join('\n')
    this.#builder.add(run.kind, run.kind === 'code' ? trimLines(text) : text, run.place)
    this.#builder.add('text', run.notes.join('\n'), run.place)
  }

  #enter(level: number, heading: string): void {
    const above = this.#path.filter((entry) => entry.level < level)
    this.#path = heading.trim() === '' ? above : [...above, { level, heading: oneLine(heading) }]
  }

  #place(): Location {
    return this.#locate(this.#path.map(({ heading }) => heading))
  }
}

function itemLine(text: string, level: number, label: string): string {
  const indent = '  '.repeat(Math.max(0, Math.min(maxIndentLevels, level)))
  return `${indent}${label === '' ? '' : `${label} `}${text.replaceAll('\n', `\n${indent}  `)}`
}

/** Without blank lines around. */
function trimLines(code: string): string {
  return code.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
