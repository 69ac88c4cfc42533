import { findInline } from './inline-markup.js'
import { hasListMark } from './list-mark.js'
import { type Span, splitSentencesAround } from './split-sentences.js'

/** A heading, a table row, a sentence or a stretch of fenced code of a passage. UTF-16 offsets. */
export type PassagePart = Span & { readonly kind: 'heading' | 'row' | 'sentence' | 'code' }

const HEADING = /^\s{0,3}#{1,6}\s/
const RULE = /^[=\-~*_|:\s]+$/
const ROW = /^\s*\||\s\|\s/
/** A line with backticks behind those of its beginning is a paragraph that begins with code. */
const FENCE = /^\s*(?:`{3,}[^`]*$|~{3,})/
const OPENING_FENCE = /^\s*(?:`{3,}|~{3,})\s*[^\s`~]/
/** The end of a sentence or what announces code, of several words: signs of code stand in backticks alone. */
const PROSE = /^(?=.*[\s。：！？])(?:[^`;{}=$|\\]|`[^`]*`)*[.:!?…。：！？]["'”’)\]*_]*$/
/** What closes emphasis, and marks of notes, behind the end of a sentence. */
const CLOSING = /(?<=[.!?…。！？]["'”’)\]]{0,3})(?:[*_~]|\[\^[\w-]{1,40}\])+(?=\s|$)/g

/** Of a paragraph that is quoted. */
const QUOTE_MARKS = /^(?:[ \t]{0,3}>[ \t]?)+/
const LINE_BREAK = /\n(?:[ \t]{0,3}>[ \t]?)*/g

/** `text` is without the marks of a quotation. */
type Line = Span & { readonly text: string; readonly isQuoted: boolean }

/**
 * What can be quoted from a passage of Markdown or plain text, in order: sentences, which may run over several lines of
 * a paragraph or list item, table rows, and code, where nothing is a heading or a row. Rules, fences and blank lines are left out.
 */
export function splitPassage(passage: string): PassagePart[] {
  const parts: PassagePart[] = []
  const lines = linesOf(passage)
  let inCode = beginsInCode(lines)
  let open: Span | undefined
  const close = () => {
    if (open !== undefined) parts.push(...sentencesOf(passage, open, inCode ? 'code' : 'sentence'))
    open = undefined
  }
  for (const [i, line] of lines.entries()) {
    const isFence = FENCE.test(line.text)
    const kind = inCode ? undefined : kindOf(line, lines[i - 1], lines[i + 1])
    if (RULE.test(line.text) || isFence || line.text.trim() === '') close()
    else if (kind !== undefined) {
      close()
      parts.push({ kind, start: line.start, end: line.end })
    } else {
      if (beginsAnew(line, lines[i - 1])) close()
      open = { start: open?.start ?? line.start, end: line.end }
    }
    if (isFence) inCode = !inCode
  }
  close()
  return parts
}

/** An entry of a list, or the first line of a quotation. */
function beginsAnew({ text, isQuoted }: Line, previous: Line | undefined): boolean {
  return hasListMark(text) || (isQuoted && !previous?.isQuoted)
}

/** Whether the first of an odd number of fences closes code that begins before the passage. */
function beginsInCode(lines: readonly Line[]): boolean {
  const fences = [...lines.keys()].filter((i) => FENCE.test(lines[i]?.text ?? ''))
  const [first = 0] = fences
  return fences.length % 2 === 1 && !opensCode(lines, first)
}

/** Of the first fence: it has a language, nothing but blank lines before it, or a paragraph or heading. Behind one that closes a line is blank. */
function opensCode(lines: readonly Line[], at: number): boolean {
  const before = lines.slice(0, at).map(({ text }) => text.trim())
  const last = before.findLast((text) => text !== '')
  if (last === undefined || OPENING_FENCE.test(lines[at]?.text ?? '')) return true
  if (lines[at + 1]?.text.trim() === '') return false
  return before.at(-1) === '' || HEADING.test(last) || PROSE.test(last)
}

/** Of a line that is a part by itself. */
function kindOf(
  line: Line,
  previous: Line | undefined,
  next: Line | undefined,
): 'heading' | 'row' | undefined {
  if (isHeading(line, previous, next)) return 'heading'
  return ROW.test(line.text) && hasBarOutsideCode(line.text) ? 'row' : undefined
}

/** `string | number` in backticks has no cells, unless the line begins as a row does. */
function hasBarOutsideCode(line: string): boolean {
  if (/^\s*\|/.test(line)) return true
  const code = findInline(line).filter(({ kind }) => kind === 'code')
  return [...line.matchAll(/\|/g)].some(
    ({ index }) => !code.some(({ start, end }) => start < index && index < end),
  )
}

/** Marked with #, underlined, or alone on its line in capitals. */
function isHeading(line: Line, previous: Line | undefined, next: Line | undefined): boolean {
  if (HEADING.test(line.text)) return true
  if (next !== undefined && /^\s*(?:={3,}|-{3,}|~{3,})\s*$/.test(next.text)) return true
  const alone = (previous?.text.trim() ?? '') === '' && (next?.text.trim() ?? '') === ''
  return alone && /\p{Lu}/u.test(line.text) && line.text === line.text.toUpperCase() && line.text.length < 80
}

/** For ICU line breaks end a sentence, where they are blanks of a paragraph, and so does what stands before closing asterisks. */
function sentencesOf(passage: string, { start, end }: Span, kind: 'sentence' | 'code'): PassagePart[] {
  const text = asLine(passage.slice(start, end)).replace(CLOSING, blanks)
  return splitSentencesAround(text, findInline(text))
    .map((span) => ({ kind, start: start + span.start, end: start + span.end }))
    .filter((part) => passage.slice(part.start, part.end).trim() !== '')
}

/** A stretch of a passage as one line of the same length: line breaks, with marks of quotations behind them, are blanks. */
export function asLine(stretch: string): string {
  return stretch.replace(LINE_BREAK, blanks)
}

function blanks(text: string): string {
  return ' '.repeat(text.length)
}

function linesOf(text: string): Line[] {
  let start = 0
  return text.split('\n').map((line) => {
    const text = line.replace(QUOTE_MARKS, '')
    const span = { start, end: start + line.length, text, isQuoted: text !== line }
    start += line.length + 1
    return span
  })
}
