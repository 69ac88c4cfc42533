import type { DocumentProperties } from '../office/document-properties.js'
import { pageOfCharset } from './rtf-characters.js'

/** Longer ones are damage; looking through them again for each piece of text would take for ever. */
const maxNameChars = 1000

export type RtfFont = { readonly name: string; readonly page: number | undefined; readonly isSymbol: boolean }
export type RtfStyle = { readonly name: string; readonly outlineLevel: number | undefined }

/** Tables and facts that stand before the text of an RTF file, collected as its control words come. */
export class RtfHeader {
  page = 1252
  defaultFont = 0
  readonly fonts = new Map<number, RtfFont>()
  readonly styles = new Map<number, RtfStyle>()
  readonly #facts = new Map<string, string>()
  readonly #isKnown = new Set<string>()
  #font = { number: 0, page: undefined as number | undefined, isSymbol: false, name: '' }
  #style = { number: 0, outlineLevel: undefined as number | undefined, name: '' }
  #date: Record<string, number> = {}

  /** Takes in a control word within a destination. */
  control(destination: string, word: string, number: number): void {
    if (destination === 'fonttbl') {
      if (word === 'f') this.#font = { number, page: undefined, isSymbol: false, name: '' }
      else if (word === 'fcharset') {
        this.#font.page = pageOfCharset(number)
        this.#font.isSymbol = number === 2
      } else if (word === 'cpg') this.#font.page = number
    } else if (destination === 'stylesheet') {
      if (word === 's') this.#style = { number, outlineLevel: undefined, name: '' }
      else if (word === 'outlinelevel') this.#style.outlineLevel = number
    } else if (destination === 'creatim' || destination === 'revtim') this.#date[word] = number
  }

  /** Takes in text within a destination. Names end in a semicolon. */
  text(destination: string, text: string): void {
    if (destination === 'fonttbl') {
      if (this.#font.name.length < maxNameChars) this.#font.name += text
      const { number, page, isSymbol, name } = this.#font
      this.fonts.set(number, { name: name.replace(/;.*$/s, '').trim(), page, isSymbol })
    } else if (destination === 'stylesheet') {
      if (this.#style.name.length < maxNameChars) this.#style.name += text
      const { number, outlineLevel, name } = this.#style
      if (!name.includes(';')) return
      this.styles.set(number, { name: name.replace(/;.*$/s, '').trim(), outlineLevel })
      this.#style = { number: 0, outlineLevel: undefined, name: '' }
    } else if (!this.#isKnown.has(destination))
      this.#facts.set(destination, (this.#facts.get(destination) ?? '') + text)
  }

  /** Told when a destination ends: its first value counts. */
  close(destination: string): void {
    if (this.#facts.has(destination)) this.#isKnown.add(destination)
    if (destination !== 'creatim' && destination !== 'revtim') return
    const { yr, mo, dy, hr = 0, min = 0 } = this.#date
    const two = (number: number) => String(number).padStart(2, '0')
    if (yr !== undefined && mo !== undefined && dy !== undefined)
      this.#facts.set(destination, `${yr}-${two(mo)}-${two(dy)}T${two(hr)}:${two(min)}`)
    this.#date = {}
  }

  get properties(): DocumentProperties {
    const facts = this.#facts
    return {
      title: facts.get('title'),
      authors: facts.get('author')?.split(';'),
      created: facts.get('creatim'),
      modified: facts.get('revtim'),
      tags: [facts.get('keywords') ?? ''],
      subject: facts.get('subject'),
      description: facts.get('doccomm'),
    }
  }
}

/** Destinations that the header is made of. */
export const headerDestinations: ReadonlySet<string> = new Set(
  'fonttbl stylesheet title author keywords subject doccomm creatim revtim'.split(' '),
)
