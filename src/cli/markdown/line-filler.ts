import { type InlineState, PLAIN, readInline, type Span } from '../../text/read-inline.js'
import type { Style } from '../style.js'
import { breakUnit, displayWidth, splitUnits } from './split-units.js'

/** Fills lines of a terminal with words, one after the other. */
export type LineFiller = {
  /** Begins a line: what stands before it, and before each line that it is broken into. */
  begin(first: string, further: string, as?: (text: string) => string): string
  /** A word of Markdown without blanks; `glued` when it goes on the one before. */
  word(word: string, glued?: boolean): string
  /** Ends the line. */
  end(): string
}

/** Kept free for words however deep a list is. */
const MIN_COLUMNS = 10

/** Gives what is to be written, styled; prefixes are plain text. */
export function createLineFiller(columns: number, style: Style): LineFiller {
  let column = 0
  let further = ''
  let hasWords = false
  let state: InlineState = PLAIN
  let paintLine = (text: string) => text

  const indent = () => displayWidth(further)
  const room = () => Math.max(Math.min(MIN_COLUMNS, columns), columns - indent())

  function paint({ text, bold, italic, code }: Span): string {
    const inline = code ? style.code(text) : italic ? style.italic(text) : text
    return paintLine(bold ? style.bold(inline) : inline)
  }

  function place(text: string, width: number, blank: boolean): string {
    const needed = width + (blank ? 1 : 0)
    if (hasWords && column + needed > indent() + room()) {
      column = indent() + width
      return `\n${further}${text}`
    }
    hasWords = true
    column += needed
    return (blank ? ' ' : '') + text
  }

  return {
    begin(first, rest, as = (text) => text) {
      column = displayWidth(first)
      further = rest
      hasWords = false
      state = PLAIN
      paintLine = as
      return first
    },
    word(word, glued = false) {
      const { spans, after } = readInline(word, state)
      state = after
      let out = ''
      let blank = hasWords && !glued
      for (const unit of splitUnits(spans.map(({ text }) => text).join(''))) {
        for (const piece of breakUnit(unit, room())) {
          out += place(cut(spans, piece.text.length, paint), piece.width, blank)
          blank = false
        }
      }
      return out
    },
    end: () => '\n',
  }
}

/** Takes the first characters off the spans, each painted as its span is. */
function cut(spans: Span[], length: number, paint: (span: Span) => string): string {
  let out = ''
  for (let left = length; left > 0; ) {
    const span = spans.shift()
    if (span === undefined) break
    const text = span.text.slice(0, left)
    out += paint({ ...span, text })
    left -= text.length
    if (text.length < span.text.length) spans.unshift({ ...span, text: span.text.slice(text.length) })
  }
  return out
}
