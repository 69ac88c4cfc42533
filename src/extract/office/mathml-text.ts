import type { XmlElement } from '../xml.js'
import { grouped } from './math-text.js'

type Frame = { readonly name: string; readonly children: string[] }

/** How elements write their children; the others write them one after the other (MathML 3, chapter 3). */
const forms: Readonly<Record<string, (children: readonly string[]) => string>> = {
  mfrac: ([above = '', below = '']) => `${grouped(above)}/${grouped(below)}`,
  msup: ([base = '', above = '']) => `${base}^${grouped(above)}`,
  mover: ([base = '']) => base,
  msub: ([base = '', below = '']) => `${base}_${grouped(below)}`,
  munder: ([base = '', below = '']) => `${base}_${grouped(below)}`,
  msubsup: ([base = '', below = '', above = '']) => `${base}_${grouped(below)}^${grouped(above)}`,
  munderover: ([base = '', below = '', above = '']) => `${base}_${grouped(below)}^${grouped(above)}`,
  msqrt: (children) => `√${grouped(children.join(''))}`,
  mroot: ([radicand = '', degree = '']) => `${degree}√${grouped(radicand)}`,
  mtr: (children) => `${children.join(' ')}; `,
}

/** Writes equations in MathML in one line: `(a+b)/2`, `x^2`, `√(x)`. */
export class MathmlText {
  readonly #emit: (text: string) => void
  readonly #frames: Frame[] = []

  /** @param emit is handed each equation, whole. */
  constructor(emit: (text: string) => void) {
    this.#emit = emit
  }

  /** Returns false for the notes of other programs, which say the same again. */
  open({ name }: XmlElement): boolean {
    const local = name.slice(name.indexOf(':') + 1)
    if (local === 'annotation' || local === 'annotation-xml') return false
    this.#frames.push({ name: local, children: [] })
    return true
  }

  text(text: string): void {
    const words = text.replace(/\s+/g, ' ')
    if (words.trim() !== '' || this.#frames.at(-1)?.name === 'mtext')
      this.#frames.at(-1)?.children.push(words)
  }

  close(): void {
    const frame = this.#frames.pop()
    if (frame === undefined) return
    const { name, children } = frame
    const written = forms[name]?.(children) ?? children.join('')
    const parent = this.#frames.at(-1)
    if (parent === undefined) this.#emit(written)
    else parent.children.push(written)
  }
}
