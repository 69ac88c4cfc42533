import { commentNote, type FlowItem, type ParagraphStyle, pictureNote, tidyText } from '../flow/flow.js'
import { FlowBuilder } from '../flow/flow-builder.js'
import type { XmlElement } from '../xml.js'
import { OdfLists } from './odf-lists.js'
import type { OdfStyles } from './odf-styles.js'
import { OdfTableSpans } from './odf-table-spans.js'

/** An object within a document: an equation, which stands in the line, or a chart. */
export type OdfObject = string | readonly FlowItem[]

type Paragraph = { readonly style: string | undefined; readonly level: number | undefined; hasWords: boolean }
/** What stands within a paragraph and is written behind it: a note, a comment, what a picture shows. */
type Aside = { readonly name: string; readonly mark: string; author: string; readonly parts: string[] }

/** Old versions of the text, lists that repeat it, what forms and scripts hold, readings above characters. */
const passedOver = new Set(
  'office:font-face-decls office:automatic-styles office:styles office:master-styles text:tracked-changes text:table-of-content text:illustration-index text:table-index text:object-index text:user-index text:alphabetical-index office:forms office:scripts office:binary-data svg:title text:ruby-text text:note-citation dc:date meta:creator-initials meta:date-string table:shapes'.split(
    ' ',
  ),
)
const asides = new Set(['text:note', 'office:annotation', 'svg:desc'])

/** Reads the events of an OpenDocument content (ISO/IEC 26300-1, chapters 5 to 10) as paragraphs and tables. */
export class OdfReader {
  readonly #styles: OdfStyles
  readonly #objects: ReadonlyMap<string, OdfObject>
  readonly #flow: FlowBuilder
  readonly #lists: OdfLists
  readonly #spans = new OdfTableSpans()
  readonly #paragraphs: Paragraph[] = []
  #aside: Aside | undefined
  #isAuthor = false
  #notes = 0

  /** @param objects by their name */
  constructor(styles: OdfStyles, objects: ReadonlyMap<string, OdfObject>, emit: (item: FlowItem) => void) {
    this.#styles = styles
    this.#objects = objects
    this.#flow = new FlowBuilder(emit)
    this.#lists = new OdfLists(styles)
  }

  /** For `readNamespacedXml`. */
  open = (element: XmlElement): boolean | undefined => {
    const { name, attributes } = element
    if (passedOver.has(name)) return false
    if (this.#aside !== undefined) {
      this.#isAuthor = name === 'dc:creator'
      return undefined
    }
    if (name === 'text:p' || name === 'text:h') {
      const level = name === 'text:h' ? Number(attributes['text:outline-level'] ?? 1) || 1 : undefined
      this.#paragraphs.push({ style: attributes['text:style-name'], level, hasWords: false })
      this.#flow.openParagraph()
    } else if (asides.has(name)) {
      const isNote = name === 'text:note'
      this.#aside = { name, mark: isNote ? `[${++this.#notes}]` : '', author: '', parts: [] }
    } else if (name === 'text:list')
      this.#lists.open(
        attributes['text:style-name'],
        attributes['text:continue-numbering'] === 'true' || attributes['text:continue-list'] !== undefined,
      )
    else if (name === 'text:list-item') this.#lists.openItem(attributes['text:start-value'])
    else if (name === 'draw:text-box') this.#flow.openBox()
    else if (name.startsWith('table:')) this.#openTablePart(element)
    else this.#openInline(element)
    return undefined
  }

  close = (name: string): void => {
    if (this.#aside !== undefined) this.#closeInAside(this.#aside, name)
    else if (name === 'text:p' || name === 'text:h') this.#closeParagraph()
    else if (name === 'text:list') this.#lists.close()
    else if (name === 'draw:text-box') this.#flow.closeBox()
    else if (name === 'table:table') {
      this.#flow.closeTable()
      this.#spans.closeTable()
    } else if (name === 'table:table-row') this.#flow.closeRow()
    else if (name === 'table:table-cell' || name === 'table:covered-table-cell') this.#flow.closeCell()
  }

  text = (raw: string): void => {
    const text = raw.replace(/\s+/g, ' ')
    if (this.#aside === undefined) this.#write(text)
    else if (this.#isAuthor) this.#aside.author += text
    else this.#aside.parts.push(text)
  }

  #openTablePart({ name, attributes }: XmlElement): void {
    if (name === 'table:table') {
      this.#flow.openTable()
      this.#spans.openTable()
    } else if (name === 'table:table-row') {
      this.#flow.openRow()
      this.#spans.openRow()
    } else if (name === 'table:table-cell') {
      this.#spans.openCell(Number(attributes['table:number-rows-spanned']) || 1)
      this.#flow.openCell()
    } else if (name === 'table:covered-table-cell') this.#flow.openCell(this.#spans.openCovered())
  }

  #openInline({ name, attributes }: XmlElement): void {
    if (name === 'text:s') this.#write(' '.repeat(Math.min(100, Number(attributes['text:c'] ?? 1) || 1)))
    else if (name === 'text:tab') this.#write('\t')
    else if (name === 'text:line-break') this.#write('\n')
    else if (name === 'draw:object') {
      const object = this.#objects.get((attributes['xlink:href'] ?? '').replace(/^\.\/|\/$/g, '')) ?? []
      if (typeof object === 'string') this.#write(object)
      else for (const item of object) this.#flow.float(item)
    }
  }

  #write(text: string): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph === undefined) return
    paragraph.hasWords ||= text.trim() !== ''
    this.#flow.text(text)
  }

  #closeInAside(aside: Aside, name: string): void {
    this.#isAuthor = false
    if (name === 'text:p') aside.parts.push(' ')
    if (name !== aside.name) return
    this.#aside = undefined
    const text = tidyText(aside.parts.join('').replace(/\s+/g, ' '))
    if (text === '') return
    if (name === 'text:note') {
      this.#write(aside.mark)
      this.#flow.note(`${aside.mark} ${text}`)
    } else this.#flow.note(name === 'svg:desc' ? pictureNote(text) : commentNote(text, aside.author))
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop()
    if (paragraph !== undefined) this.#flow.closeParagraph(this.#styleOf(paragraph))
  }

  #styleOf({ style: name, level, hasWords }: Paragraph): ParagraphStyle | undefined {
    const style = this.#styles.of(name)
    if (style.isHidden) return undefined
    const heading = level ?? (/^title$/i.test(style.name) ? 1 : undefined)
    const list = hasWords ? this.#lists.next() : undefined
    if (heading !== undefined)
      return { heading, ...(list === undefined || list.label === '-' ? {} : { list }) }
    if (list !== undefined) return { list }
    return style.isCode ? { isCode: true } : {}
  }
}
