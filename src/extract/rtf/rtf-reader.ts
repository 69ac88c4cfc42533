import { type ExtractLimits, SkipError } from '../extractor.js'
import { hasCodeSigns, isCodeFont } from '../flow/code-font.js'
import { commentNote, type FlowItem, type ParagraphStyle, tidyText } from '../flow/flow.js'
import { symbolText } from '../office/symbol-font.js'
import { characterWords, decodePage } from './rtf-characters.js'
import { destinationOf, isAside, isSkipped } from './rtf-destinations.js'
import { RtfFlow } from './rtf-flow.js'
import { headerDestinations, RtfHeader } from './rtf-header.js'
import type { RtfToken } from './rtf-tokens.js'

/** What a group takes from the one around it and may change for itself. */
type Group = {
  /** Where text goes: `text`, `skip`, or the name of a destination that is collected. */
  readonly destination: string
  /** Whether the destination began with this group, so that it ends with it. */
  readonly isStart: boolean
  font: number
  /** Hidden or deleted. */
  isUnseen: boolean
  /** How many characters behind a `\u` stand in for it in old programs. */
  replacements: number
  style: number
  outlineLevel: number | undefined
  listLevel: number
  isInTable: boolean
}

/** The open paragraph, with the properties of the group that wrote into it last. */
type Paragraph = { group: Group; isCode: boolean; hasCodeSigns: boolean }

/** Reads the tokens of an RTF file as paragraphs and tables (specification 1.9.1). */
export class RtfReader {
  readonly header = new RtfHeader()
  readonly #flow: RtfFlow
  readonly #maxDepth: number
  readonly #groups: Group[] = []
  #group: Group = {
    destination: 'text',
    isStart: false,
    font: 0,
    isUnseen: false,
    replacements: 1,
    style: 0,
    outlineLevel: undefined,
    listLevel: 0,
    isInTable: false,
  }
  /** Bytes that may go on: a character of two bytes comes as two escapes. */
  #bytes = ''
  /** Characters yet to be passed over, as they stand in for one that was read. */
  #toPass = 0
  #isStarred = false
  #isGroupStart = false
  /** Text of notes and the like, by destination. */
  readonly #collected = new Map<string, string>()
  #notes = 0
  #paragraph: Paragraph | undefined

  constructor(emit: (item: FlowItem) => void, { maxDepth }: Pick<ExtractLimits, 'maxDepth'>) {
    this.#flow = new RtfFlow(emit)
    this.#maxDepth = maxDepth
  }

  read(token: RtfToken): void {
    if (token.kind === 'text') {
      const passed = Math.min(this.#toPass, token.bytes.length)
      this.#toPass -= passed
      this.#bytes += token.bytes.slice(passed)
      this.#isGroupStart = false
      return
    }
    this.#flushBytes()
    if (token.kind === 'open') this.#openGroup()
    else if (token.kind === 'close') this.#closeGroup()
    else if (token.word === '*') this.#isStarred = true
    else {
      const isDestination = this.#isGroupStart && this.#startDestination(token.word)
      if (!isDestination) this.#control(token.word, token.number)
      this.#isGroupStart = false
      this.#isStarred = false
    }
  }

  finish(): void {
    this.#flushBytes()
    this.#endParagraph()
    this.#flow.endTable()
  }

  #openGroup(): void {
    if (this.#groups.length >= this.#maxDepth)
      throw new SkipError('TOO_DEEP', `Its groups nest more than ${this.#maxDepth} deep`)
    this.#groups.push(this.#group)
    this.#group = { ...this.#group, isStart: false }
    this.#isGroupStart = true
    this.#isStarred = false
    this.#toPass = 0
  }

  #closeGroup(): void {
    const { destination, isStart } = this.#group
    const outer = this.#groups.pop()
    if (outer === undefined) return
    this.#toPass = 0
    if (isStart && destination === 'text') {
      this.#endParagraph()
      this.#flow.closeBox()
    }
    this.#group = outer
    if (!isStart) return
    this.header.close(destination)
    if (destination === 'footnote' || destination === 'annotation') this.#note(destination)
  }

  #startDestination(word: string): boolean {
    const destination = destinationOf(word, this.#isStarred, this.#group.destination)
    if (destination === undefined) return false
    // What floats is anchored in a paragraph, and comes after it.
    if (destination === 'text') {
      this.#endParagraph()
      this.#flow.openBox()
    } else if (isAside(destination)) this.#collected.delete(destination)
    this.#group = { ...this.#group, destination, isStart: true, isInTable: false }
    return true
  }

  #note(destination: string): void {
    const text = tidyText(this.#collected.get(destination) ?? '').replaceAll('\n', ' ')
    if (text === '') return
    if (destination === 'annotation') {
      this.#openParagraph()
      this.#flow.note(commentNote(text, tidyText(this.#collected.get('atnauthor') ?? '')))
    } else {
      const mark = `[${++this.#notes}]`
      this.#write(mark)
      this.#flow.note(`${mark} ${text}`)
    }
  }

  #control(word: string, number: number | undefined): void {
    const character = characterWords[word]
    const { destination } = this.#group
    if (character !== undefined && this.#toPass > 0) this.#toPass--
    else if (character !== undefined) this.#write(character)
    else if (word === 'u' && number !== undefined) {
      this.#writeCode(number < 0 ? number + 0x1_0000 : number)
      this.#toPass = this.#group.replacements
    } else if (word === 'uc') this.#group.replacements = Math.max(0, number ?? 1)
    else if (word === 'ansicpg') this.header.page = number ?? this.header.page
    else if (word === 'deff') this.header.defaultFont = number ?? 0
    else if (headerDestinations.has(destination)) this.header.control(destination, word, number ?? 0)
    else if (word === 'f') this.#group.font = number ?? 0
    else if (destination === 'text') this.#format(word, number)
    else if (word === 'par') this.#write(' ')
  }

  #format(word: string, number: number | undefined): void {
    const group = this.#group
    if (word === 'par' || word === 'sect' || word === 'page') this.#endParagraph()
    else if (word === 'pard')
      Object.assign(group, { style: 0, outlineLevel: undefined, listLevel: 0, isInTable: false })
    else if (word === 'plain') Object.assign(group, { font: this.header.defaultFont, isUnseen: false })
    else if (word === 's') group.style = number ?? 0
    else if (word === 'outlinelevel') group.outlineLevel = number
    else if (word === 'ilvl') group.listLevel = number ?? 0
    else if (word === 'v' || word === 'deleted') group.isUnseen = number !== 0
    else if (word === 'intbl') group.isInTable = true
    else if (word === 'itap') group.isInTable = (number ?? 0) > 0
    else if (word === 'nestcell' || word === 'nestrow') this.#write('\n')
    else if (word === 'cell' || word === 'row') {
      this.#endParagraph()
      if (word === 'cell') this.#flow.endCell()
      else this.#flow.endRow()
    } else this.#flow.defineCell(word)
  }

  #flushBytes(): void {
    const bytes = this.#bytes
    if (bytes === '') return
    this.#bytes = ''
    const font = this.header.fonts.get(this.#group.font)
    if (font?.isSymbol === true && this.#group.destination === 'text')
      for (const character of bytes) this.#write(symbolText(font.name, character.charCodeAt(0)))
    else this.#write(decodePage(bytes, font?.page ?? this.header.page))
  }

  #writeCode(code: number): void {
    const isSymbol = code >= 0xf000 && code <= 0xf0ff
    const font = this.header.fonts.get(this.#group.font)?.name ?? ''
    this.#write(isSymbol ? symbolText(font, code) : String.fromCharCode(code & 0xffff))
  }

  #write(text: string): void {
    const { destination, isUnseen, font } = this.#group
    if (isSkipped(destination) || isUnseen || text === '') return
    if (headerDestinations.has(destination)) this.header.text(destination, text)
    else if (destination !== 'text')
      this.#collected.set(destination, (this.#collected.get(destination) ?? '') + text)
    else {
      const paragraph = this.#openParagraph()
      if (text.trim() !== '') paragraph.isCode &&= isCodeFont(this.header.fonts.get(font)?.name)
      paragraph.hasCodeSigns ||= hasCodeSigns(text)
      this.#flow.text(text)
    }
  }

  #openParagraph(): Paragraph {
    if (this.#paragraph === undefined) {
      this.#flow.openParagraph(this.#group.isInTable)
      this.#paragraph = { group: this.#group, isCode: true, hasCodeSigns: false }
    }
    this.#paragraph.group = this.#group
    return this.#paragraph
  }

  #endParagraph(): void {
    const paragraph = this.#paragraph
    if (paragraph === undefined) return
    this.#paragraph = undefined
    this.#flow.endParagraph(this.#styleOf(paragraph))
    this.#collected.delete('listtext')
    this.#collected.delete('pntext')
  }

  #styleOf({ group, isCode, hasCodeSigns }: Paragraph): ParagraphStyle | undefined {
    const style = this.header.styles.get(group.style)
    const name = style?.name ?? ''
    // Entries of tables of contents repeat headings.
    if (/^toc \d/i.test(name)) return undefined
    const outlineLevel = group.outlineLevel ?? style?.outlineLevel ?? 9
    const named = /^title$/i.test(name) ? 1 : Number(/^heading (\d)$/i.exec(name)?.[1] ?? 0)
    const heading = outlineLevel <= 8 ? outlineLevel + 1 : named
    const mark = this.#collected.get('listtext') ?? this.#collected.get('pntext')
    const label = mark === undefined ? undefined : isBullet(mark) ? '-' : mark.trim()
    const list = label === undefined ? undefined : { level: Math.max(0, group.listLevel), label }
    if (heading > 0) return { heading, ...(list === undefined || label === '-' ? {} : { list }) }
    if (list !== undefined) return { list }
    const isAllCode = isCodeFont(this.header.fonts.get(this.header.defaultFont)?.name)
    return isCode && hasCodeSigns && !isAllCode ? { isCode: true } : {}
  }
}

/** Signs, and the letter that stands for a hollow one in typewriters' fonts. */
function isBullet(mark: string): boolean {
  return /^\s*(?:o|[^\p{L}\p{N}]*)\s*$/u.test(mark)
}
