import type { XmlElement } from '../xml.js'

type Frame = { readonly name: string; readonly parts: string[]; begin: string; end: string; sign: string }

/**
 * Writes equations in Office Math (ECMA-376 part 1, section 22.1) in one line: `(a+b)/2`, `x^2`, `√(x)`. Deep ones are not
 * recursed into.
 */
export class MathText {
  readonly #emit: (text: string) => void
  readonly #frames: Frame[] = []
  #isText = false

  /** @param emit is handed each equation, whole. */
  constructor(emit: (text: string) => void) {
    this.#emit = emit
  }

  open({ name, attributes }: XmlElement): void {
    this.#isText = name === 'm:t'
    const value = attributes['m:val']
    const structure = this.#frames.at(-2)
    if (structure !== undefined && value !== undefined) {
      if (name === 'm:begChr') structure.begin = value
      else if (name === 'm:endChr') structure.end = value
      else if (name === 'm:chr') structure.sign = value
    }
    const isBracket = name === 'm:d'
    this.#frames.push({
      name,
      parts: [],
      begin: isBracket ? '(' : '',
      end: isBracket ? ')' : '',
      sign: name === 'm:nary' ? '∫' : '',
    })
  }

  text(text: string): void {
    if (this.#isText) this.#frames.at(-1)?.parts.push(text)
  }

  close(name: string): void {
    this.#isText = false
    const frame = this.#frames.at(-1)
    if (frame?.name !== name) return
    this.#frames.pop()
    const parent = this.#frames.at(-1)
    const written = write(frame, parent)
    if (parent === undefined) this.#emit(written)
    else parent.parts.push(written)
  }
}

function write({ name, parts, begin, end }: Frame, parent: Frame | undefined): string {
  const text = parts.join('')
  switch (name) {
    case 'm:num':
      return `${grouped(text)}/`
    case 'm:den':
      return grouped(text)
    case 'm:sup':
      return text === '' ? '' : `^${grouped(text)}`
    case 'm:sub':
      return text === '' ? '' : `_${grouped(text)}`
    case 'm:fName':
      return `${text} `
    case 'm:naryPr':
      return parent?.sign ?? ''
    case 'm:mr':
      return `${text}; `
    case 'm:e':
      if (parent?.name === 'm:rad') return `√${grouped(text)}`
      return parent?.name === 'm:mr' ? `${text} ` : text
    default:
      return `${begin}${text}${end}`
  }
}

/** In brackets, where it is more than one sign or number. */
export function grouped(text: string): string {
  return /^(?:.|\d+|\(.*\))$/u.test(text) ? text : `(${text})`
}
