import { blankMarkup } from './inline-markup.js'
import { hasListMark } from './list-mark.js'
import { asLine, type PassagePart, splitPassage } from './split-passage.js'

/** A heading, a table row, a sentence, an entry of a list or code. UTF-16 offsets into the passage. */
export type PassagePiece = PassagePart & {
  /** A heading, or a short line that stands by itself as one. */
  readonly isHeading: boolean
  /** As one line of the same length: a line break within a sentence is a blank, and so are targets of links, tags and marks of notes. */
  readonly surface: string
}

const RECORD = /^(?: {2,}|\t)\S/
const MAX_TITLE_CHARS = 80

/** What a passage of Markdown or plain text is made of, in order. */
export function splitPieces(text: string): PassagePiece[] {
  return splitPassage(text)
    .flatMap((part) => splitRecords(text, part))
    .map((part) => ({
      ...part,
      isHeading: part.kind === 'heading' || isTitleLine(text, part),
      surface: surfaceOf(text, part),
    }))
}

function surfaceOf(text: string, { kind, start, end }: PassagePart): string {
  const line = asLine(text.slice(start, end))
  return kind === 'code' ? line : blankMarkup(line)
}

/** A short line alone in its paragraph, without an end: what a page has as a heading. */
function isTitleLine(text: string, { kind, start, end }: PassagePart): boolean {
  const line = text.slice(start, end).trim()
  return (
    kind === 'sentence' &&
    line.length <= MAX_TITLE_CHARS &&
    /[\p{L}\p{N}]$/u.test(line) &&
    !line.includes('\n') &&
    isBehindBlankLine(text, start) &&
    /^\s*\n/.test(text.slice(start + line.length))
  )
}

/** The same as `/(?:^|\n\s*\n)$/` of what is before, which would go through all of it for each line. */
function isBehindBlankLine(text: string, start: number): boolean {
  const before = text.slice(0, start)
  const blanks = before.slice(before.trimEnd().length)
  return start === 0 || (blanks.endsWith('\n') && blanks.indexOf('\n') < blanks.length - 1)
}

/** Indented lines, in text without markup, are entries of a list of their own. */
function splitRecords(text: string, part: PassagePart): PassagePart[] {
  const lines = [...text.slice(part.start, part.end).matchAll(/[^\n]+/g)]
  const indented = lines.filter(({ 0: line }) => RECORD.test(line)).length
  const hasLeadIn = /:\s*$/.test(lines[0]?.[0] ?? '') && !RECORD.test(lines[0]?.[0] ?? '')
  const isItem = hasListMark(lines[0]?.[0] ?? '')
  const areRecords = lines.length > 1 && !isItem && indented + (hasLeadIn ? 1 : 0) === lines.length
  if ((part.kind !== 'sentence' && part.kind !== 'code') || !areRecords) return [part]
  return lines.map(({ index, 0: line }) => ({
    kind: part.kind,
    start: part.start + index,
    end: part.start + index + line.length,
  }))
}
