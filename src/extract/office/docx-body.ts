import { hasCodeSigns, isCodeFont } from '../flow/code-font.js'
import { commentNote, type FlowItem, type ParagraphStyle, pictureNote } from '../flow/flow.js'
import { FlowBuilder } from '../flow/flow-builder.js'
import type { XmlElement } from '../xml.js'
import { AlternateContent } from './alternate-content.js'
import type { WordNote } from './docx-notes.js'
import type { WordNumbering } from './docx-numbering.js'
import type { NumberingReference, WordStyles } from './docx-styles.js'
import { formatNumber } from './list-numbers.js'
import { MathText } from './math-text.js'
import { isOn } from './office-package.js'
import { symbolText } from './symbol-font.js'

/** What the text of a Word document refers to. */
export type WordParts = {
  readonly styles: WordStyles
  readonly numbering: WordNumbering
  readonly footnotes: ReadonlyMap<string, WordNote>
  readonly endnotes: ReadonlyMap<string, WordNote>
  readonly comments: ReadonlyMap<string, WordNote>
  /** Charts and diagrams by the id of their relationship. */
  readonly drawings: ReadonlyMap<string, readonly FlowItem[]>
}

type Paragraph = {
  styleId?: string
  outlineLevel?: number
  numbering: NumberingReference
  /** Whether all its words so far are in a font for code, and some of its signs are not those of prose. */
  isCode: boolean
  hasCodeSigns: boolean
  hasWords: boolean
}
type Run = { readonly isHidden: boolean; readonly isCode: boolean }

const plainRun: Run = { isHidden: false, isCode: false }
/** What was deleted or moved away, instructions of fields, readings above characters, properties of former versions. */
const passedOver = new Set('w:del w:moveFrom w:instrText w:rt w:pPrChange w:rPrChange'.split(' '))

/**
 * Reads the events of a part in WordprocessingML (ECMA-376 part 1, section 17) as the paragraphs and tables that a reader of
 * the document sees: insertions accepted, deletions gone, numbers of lists and headings counted.
 */
export class WordReader {
  readonly #parts: WordParts
  readonly #flow: FlowBuilder
  readonly #math = new MathText((text) => this.#write(text))
  /** Open ones: a text box has paragraphs within a paragraph. */
  readonly #paragraphs: Paragraph[] = []
  readonly #forms = new AlternateContent()
  #run = plainRun
  #isText = false
  #inParagraphProperties = false
  /** Whether the content control whose properties were read last holds nothing of the author's. */
  #isFiller = false
  #footnotes = 0
  #endnotes = 0

  constructor(parts: WordParts, emit: (item: FlowItem) => void) {
    this.#parts = parts
    this.#flow = new FlowBuilder(emit)
  }

  /** For `readNamespacedXml`. */
  open = (element: XmlElement): boolean | undefined => {
    const { name } = element
    if (passedOver.has(name) || this.#forms.open(name)) return false
    this.#isText = name === 'w:t'
    if (name.startsWith('m:')) this.#math.open(element)
    else if (this.#openStructure(name)) return undefined
    else if (this.#inParagraphProperties) this.#noteParagraphProperty(element)
    else if (this.#isSkippedContent(element)) return false
    else this.#openInline(element)
    return undefined
  }

  close = (name: string): void => {
    this.#isText = false
    if (name.startsWith('m:')) this.#math.close(name)
    else if (name === 'w:p') this.#closeParagraph()
    else if (name === 'w:r') this.#run = plainRun
    else if (name === 'w:pPr') this.#inParagraphProperties = false
    else if (name === 'w:tc') this.#flow.closeCell()
    else if (name === 'w:tr') this.#flow.closeRow()
    else if (name === 'w:tbl') this.#flow.closeTable()
    else if (name === 'w:txbxContent') this.#flow.closeBox()
    else this.#forms.close(name)
  }

  text = (text: string): void => {
    this.#math.text(text)
    if (this.#isText) this.#write(text)
  }

  /** Tells whether it was an element of structure. */
  #openStructure(name: string): boolean {
    if (name === 'w:p') {
      this.#paragraphs.push({ numbering: {}, isCode: true, hasCodeSigns: false, hasWords: false })
      this.#flow.openParagraph()
    } else if (name === 'w:pPr') this.#inParagraphProperties = true
    else if (name === 'w:r') this.#run = plainRun
    else if (name === 'w:tbl') this.#flow.openTable()
    else if (name === 'w:tr') this.#flow.openRow()
    else if (name === 'w:tc') this.#flow.openCell()
    else if (name === 'w:txbxContent') this.#flow.openBox()
    else return false
    return true
  }

  #noteParagraphProperty({ name, attributes }: XmlElement): void {
    const paragraph = this.#paragraphs.at(-1)
    const value = attributes['w:val']
    if (paragraph === undefined || value === undefined) return
    if (name === 'w:pStyle') paragraph.styleId = value
    else if (name === 'w:outlineLvl') paragraph.outlineLevel = Number(value)
    else if (name === 'w:numId') paragraph.numbering = { ...paragraph.numbering, id: value }
    else if (name === 'w:ilvl') paragraph.numbering = { ...paragraph.numbering, level: Number(value) }
  }

  /** Prompts of empty forms, and tables of contents, which repeat headings. */
  #isSkippedContent({ name, attributes }: XmlElement): boolean {
    if (name === 'w:sdt') this.#isFiller = false
    else if (name === 'w:showingPlcHdr')
      this.#isFiller = attributes['w:val'] === undefined || isOn(attributes['w:val'])
    else if (name === 'w:docPartGallery') this.#isFiller ||= attributes['w:val'] === 'Table of Contents'
    else if (name === 'w:sdtContent') return this.#isFiller
    return false
  }

  #openInline({ name, attributes }: XmlElement): void {
    const value = attributes['w:val']
    const { styles, footnotes, endnotes, drawings } = this.#parts
    if (name === 'w:tab') this.#write('\t')
    else if (name === 'w:br' || name === 'w:cr') this.#write('\n')
    else if (name === 'w:noBreakHyphen') this.#write('-')
    else if (name === 'w:sym')
      this.#write(symbolText(attributes['w:font'] ?? '', Number.parseInt(attributes['w:char'] ?? '', 16)))
    else if (name === 'w:vanish') this.#run = { ...this.#run, isHidden: value === undefined || isOn(value) }
    else if (name === 'w:rFonts') this.#run = { ...this.#run, isCode: isCodeFont(attributes['w:ascii']) }
    else if (name === 'w:rStyle') {
      const { isCode, isHidden } = styles.of(value)
      this.#run = { isCode: this.#run.isCode || isCode, isHidden: this.#run.isHidden || isHidden }
    } else if (name === 'w:gridSpan') this.#flow.shapeCell({ span: Number(value) || 1 })
    else if (name === 'w:vMerge') this.#flow.shapeCell({ merge: value === 'restart' ? 'own' : 'above' })
    else if (name === 'w:hMerge') this.#flow.shapeCell({ merge: value === 'restart' ? 'own' : 'left' })
    else if (name === 'w:footnoteReference')
      this.#refer(footnotes.get(attributes['w:id'] ?? ''), () => String(++this.#footnotes))
    else if (name === 'w:endnoteReference')
      this.#refer(endnotes.get(attributes['w:id'] ?? ''), () => formatNumber(++this.#endnotes, 'lowerRoman'))
    else if (name === 'wp:docPr') this.#flow.note(pictureNote(attributes.descr ?? ''))
    else if (name === 'w:commentReference') this.#comment(attributes['w:id'] ?? '')
    else if (name === 'c:chart' || name === 'dgm:relIds') {
      for (const item of drawings.get(attributes['r:id'] ?? attributes['r:dm'] ?? '') ?? [])
        this.#flow.float(item)
    }
  }

  #write(text: string): void {
    const paragraph = this.#paragraphs.at(-1)
    if (paragraph === undefined || this.#run.isHidden) return
    if (text.trim() !== '') {
      paragraph.hasWords = true
      paragraph.isCode &&= this.#run.isCode
      paragraph.hasCodeSigns ||= hasCodeSigns(text)
    }
    this.#flow.text(text)
  }

  #refer(note: WordNote | undefined, count: () => string): void {
    if (note === undefined || note.text === '') return
    const mark = `[${count()}]`
    this.#write(mark)
    this.#flow.note(`${mark} ${note.text}`)
  }

  #comment(id: string): void {
    const { text = '', author = '' } = this.#parts.comments.get(id) ?? {}
    if (text !== '') this.#flow.note(commentNote(text, author))
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop()
    if (paragraph !== undefined) this.#flow.closeParagraph(this.#styleOf(paragraph))
  }

  #styleOf(paragraph: Paragraph): ParagraphStyle | undefined {
    const { styles, numbering: lists } = this.#parts
    const { styleId, outlineLevel, numbering, isCode, hasCodeSigns, hasWords } = paragraph
    const style = styles.of(styleId)
    if (style.isContentsEntry || style.isHidden) return undefined
    const heading =
      outlineLevel === undefined ? style.heading : outlineLevel <= 8 ? outlineLevel + 1 : undefined
    // An empty paragraph is not counted as an item.
    const list = hasWords ? lists.next({ ...style.numbering, ...numbering }, styleId) : undefined
    if (heading !== undefined)
      return { heading, ...(list === undefined || list.label === '-' ? {} : { list }) }
    if (list !== undefined) return { list }
    return style.isCode || (isCode && hasCodeSigns && !styles.isAllCode) ? { isCode: true } : {}
  }
}
