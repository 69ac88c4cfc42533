import type { Block } from '../../types.js'
import type { ExtractLimits } from '../extractor.js'
import { LineCounter } from '../line-counter.js'
import { TextBuilder } from '../text-builder.js'
import { readXml, type XmlElement } from '../xml.js'

/** Longer texts are prose, a block of their own. */
const MAX_FIELD_CHARS = 300
const MAX_ATTRIBUTE_CHARS = 500
const MAX_NAME_CHARS = 100
/** Elements that are paragraphs and no fields: their name says nothing. DocBook, TEI, JATS, DITA, FictionBook. */
const PARAGRAPHS = new Set(['p', 'para', 'simpara', 'li', 'listitem'])
/** Elements that only hold paragraphs together. */
const WRAPPERS = new Set(['body', 'div', 'list', 'itemizedlist', 'orderedlist', 'ul', 'ol', ...PARAGRAPHS])
const TITLES = new Set(['title', 'head', 'heading', 'caption'])
/** Attributes that name an element among its like. */
const NAME_ATTRIBUTES = ['name', 'title', 'label', 'key', 'id']
const NO_WORDS = /^(?:xmlns\b|xsi:|xml:(?!lang)|style$|class$)/

type XmlLimits = Pick<ExtractLimits, 'maxDepth' | 'maxChars'>

type LineSpan = { readonly first: number; readonly last: number }

/** An element that is open. */
type Frame = {
  readonly element: XmlElement
  readonly level: number
  readonly line: number
  text: string
  hasChildren: boolean
  /** Whether its name, or its title, stands as a heading. */
  isAnnounced: boolean
}

/**
 * Writes XML of any kind as text to read: elements that hold others are headings, by their title or their name; those that
 * hold text are `name: text` lines, or paragraphs; elements within running text are part of it. Locations are the lines of
 * the source. Throws what `readXml` throws.
 */
export function writeXml(
  source: string,
  limits: XmlLimits,
): { readonly text: string; readonly blocks: readonly Block[]; readonly title?: string } {
  const writer = new XmlWriter(source, findInline(source, limits), limits)
  readXml(source, writer, limits)
  return writer.finish()
}

/** Names of the elements that stand within running text. */
function findInline(source: string, limits: XmlLimits): ReadonlySet<string> {
  const inline = new Set<string>()
  const open: { hasText: boolean; readonly children: Set<string> }[] = []
  readXml(
    source,
    {
      open({ name }) {
        open.at(-1)?.children.add(name)
        open.push({ hasText: false, children: new Set() })
      },
      text(text) {
        const top = open.at(-1)
        if (top !== undefined && /[\p{L}\p{N}]/u.test(text)) top.hasText = true
      },
      close() {
        const { hasText = false, children = [] } = open.pop() ?? {}
        if (hasText) for (const child of children) inline.add(child)
      },
    },
    limits,
  )
  return inline
}

class XmlWriter {
  readonly #builder = new TextBuilder()
  readonly #counter: LineCounter
  readonly #inline: ReadonlySet<string>
  readonly #maxChars: number
  /** Elements within running text have no frame of their own. */
  readonly #open: (Frame | undefined)[] = []
  readonly #frames: Frame[] = []
  #lines: string[] = []
  #openChars = 0
  /** Of the lines that are open. */
  #span: LineSpan | undefined
  /** Where the last element ended. */
  #closedLine = 1
  #title: string | undefined

  constructor(source: string, inline: ReadonlySet<string>, { maxChars }: XmlLimits) {
    this.#counter = new LineCounter(source)
    this.#inline = inline
    this.#maxChars = maxChars
  }

  open = (element: XmlElement, { start }: { readonly start: number }): void => {
    const parent = this.#frames.at(-1)
    if (parent !== undefined && this.#inline.has(element.name)) {
      this.#open.push(undefined)
      return
    }
    const line = this.#counter.lineOf(start)
    if (parent !== undefined) {
      const above = this.#frames.at(-2)
      if (above !== undefined) this.#announce(above)
      parent.hasChildren = true
      this.#writeText(parent, line)
    }
    const frame = {
      element,
      level: this.#frames.length,
      line,
      text: '',
      hasChildren: false,
      isAnnounced: false,
    }
    this.#open.push(frame)
    this.#frames.push(frame)
  }

  text = (text: string): void => {
    const frame = this.#frames.at(-1)
    if (frame !== undefined && !this.#isFull()) frame.text += text
  }

  close = (_name: string, { end }: { readonly end: number }): void => {
    const frame = this.#open.pop()
    if (frame === undefined) return
    this.#frames.pop()
    const line = this.#counter.lineOf(end)
    if (frame.hasChildren) {
      this.#announce(frame)
      this.#writeText(frame, line)
      this.#flush()
    } else this.#writeLeaf(frame, line)
    this.#closedLine = line
  }

  finish() {
    this.#flush()
    return { ...this.#builder.finish(), ...(this.#title === undefined ? {} : { title: this.#title }) }
  }

  /** Puts the element's name, and what its attributes say, above what it holds. */
  #announce(frame: Frame, title?: string): void {
    if (frame.isAnnounced || this.#isFull()) return
    frame.isAnnounced = true
    this.#flush()
    const { element, level, line } = frame
    const span = { first: line, last: line }
    if (title !== undefined) this.#builder.addHeading(Math.max(1, level), title, locationOf(span))
    else if (level > 0 && !WRAPPERS.has(localName(element.name).toLowerCase()))
      this.#builder.addName(level, labelOf(element), locationOf(span))
    this.#addLine(attributeText(element), span)
  }

  /** An element without elements in it: a field of the one around it, its title, or a paragraph. */
  #writeLeaf({ element, line, text }: Frame, last: number): void {
    const words = collapse(text)
    const attributes = attributeText(element)
    if (words === '' && attributes === '') return
    const name = localName(element.name)
    const parent = this.#frames.at(-1)
    if (parent !== undefined && !parent.isAnnounced) {
      const isTitle = TITLES.has(name.toLowerCase()) && words !== '' && words.length <= MAX_FIELD_CHARS
      if (isTitle && parent.level === 0) this.#title ??= words
      this.#announce(parent, isTitle ? words : undefined)
      if (isTitle) return
    }
    const span = { first: line, last }
    const isParagraph = PARAGRAPHS.has(name.toLowerCase())
    if (!isParagraph && words.length <= MAX_FIELD_CHARS) {
      this.#addLine(`${name}: ${[words, attributes].filter((part) => part !== '').join(' | ')}`, span)
      return
    }
    if (!isParagraph) this.#addLine(`${name}:${attributes === '' ? '' : ` ${attributes}`}`, span)
    this.#addParagraph(words, span)
  }

  /** Words that stand between elements. */
  #writeText(frame: Frame, last: number): void {
    const words = collapse(frame.text)
    frame.text = ''
    if (words === '') return
    this.#announce(frame)
    this.#addParagraph(words, { first: Math.min(last, Math.max(frame.line, this.#closedLine)), last })
  }

  #addParagraph(words: string, span: LineSpan): void {
    this.#flush()
    this.#builder.add('text', words, locationOf(span))
  }

  #addLine(line: string, { first, last }: LineSpan): void {
    if (line === '' || this.#isFull()) return
    this.#lines.push(line)
    this.#openChars += line.length + 1
    this.#span = { first: this.#span?.first ?? first, last: Math.max(this.#span?.last ?? last, last) }
  }

  #flush(): void {
    if (this.#span !== undefined) this.#builder.add('table', this.#lines.join('\n'), locationOf(this.#span))
    this.#lines = []
    this.#openChars = 0
    this.#span = undefined
  }

  /** What comes after the limit would be cut off. */
  #isFull(): boolean {
    return this.#builder.length + this.#openChars > this.#maxChars
  }
}

function locationOf({ first, last }: LineSpan) {
  return { kind: 'lines', start: first, end: last } as const
}

/** `book bk101`: the element's name, and what tells it from its like. */
function labelOf({ name, attributes }: XmlElement): string {
  const own = NAME_ATTRIBUTES.map((key) => attributes[key]?.trim()).find(
    (value) => value !== undefined && value !== '',
  )
  return own === undefined ? localName(name) : `${localName(name)} ${own.slice(0, MAX_NAME_CHARS)}`
}

/** The attributes as `name: value | name: value`, if any of them holds a word. */
function attributeText({ attributes }: XmlElement): string {
  const told = Object.entries(attributes).filter(
    ([name, value]) => !NO_WORDS.test(name) && value.trim() !== '' && value.length <= MAX_ATTRIBUTE_CHARS,
  )
  if (!told.some(([, value]) => /\p{L}{2}/u.test(value))) return ''
  return told.map(([name, value]) => `${localName(name)}: ${collapse(value)}`).join(' | ')
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
