import { hasListMark } from './list-mark.js'
import { type Span, splitSentences } from './split-sentences.js'

/** A heading, a table row or a sentence of a passage. UTF-16 offsets. */
export type PassagePart = Span & { readonly kind: 'heading' | 'row' | 'sentence' }

const HEADING = /^\s{0,3}#{1,6}\s/
const RULE = /^[=\-~*_|:\s]+$/
const ROW = /^\s*\||\s\|\s/
const FENCE = /^\s*(?:```|~~~)/

type Line = Span & { readonly text: string }

/**
 * What can be quoted from a passage of Markdown or plain text, in order: sentences, which may run over several lines of
 * a paragraph or list item, and table rows. Rules, fences and blank lines are left out.
 */
export function splitPassage(passage: string): PassagePart[] {
  const parts: PassagePart[] = []
  let open: Span | undefined
  const close = () => {
    if (open !== undefined) parts.push(...sentencesOf(passage, open))
    open = undefined
  }
  const lines = linesOf(passage)
  for (const [i, line] of lines.entries()) {
    if (RULE.test(line.text) || FENCE.test(line.text) || line.text.trim() === '') close()
    else if (isHeading(line, lines[i - 1], lines[i + 1])) {
      close()
      parts.push({ kind: 'heading', start: line.start, end: line.end })
    } else if (ROW.test(line.text)) {
      close()
      parts.push({ kind: 'row', start: line.start, end: line.end })
    } else {
      if (hasListMark(line.text)) close()
      open = { start: open?.start ?? line.start, end: line.end }
    }
  }
  close()
  return parts
}

/** Marked with #, underlined, or alone on its line in capitals. */
function isHeading(line: Line, previous: Line | undefined, next: Line | undefined): boolean {
  if (HEADING.test(line.text)) return true
  if (next !== undefined && /^\s*(?:={3,}|-{3,}|~{3,})\s*$/.test(next.text)) return true
  const alone = (previous?.text.trim() ?? '') === '' && (next?.text.trim() ?? '') === ''
  return alone && /\p{Lu}/u.test(line.text) && line.text === line.text.toUpperCase() && line.text.length < 80
}

/** Line breaks end a sentence for ICU; within a paragraph they are blanks. */
function sentencesOf(passage: string, { start, end }: Span): PassagePart[] {
  return splitSentences(passage.slice(start, end).replaceAll('\n', ' '))
    .map((span) => ({ kind: 'sentence' as const, start: start + span.start, end: start + span.end }))
    .filter((part) => passage.slice(part.start, part.end).trim() !== '')
}

function linesOf(text: string): Line[] {
  let start = 0
  return text.split('\n').map((line) => {
    const span = { start, end: start + line.length, text: line }
    start += line.length + 1
    return span
  })
}
