import { type PassagePart, splitPassage } from './split-passage.js'

/** A heading, a table row, a sentence or an entry of a list. UTF-16 offsets into the passage. */
export type PassagePiece = PassagePart & {
  /** A heading, or a short line that stands by itself as one. */
  readonly isHeading: boolean
  /** As one line: a line break within a sentence is a blank. */
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
      surface: text.slice(part.start, part.end).replaceAll('\n', ' '),
    }))
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
  const areRecords = lines.length > 1 && indented + (hasLeadIn ? 1 : 0) === lines.length
  if (part.kind !== 'sentence' || !areRecords) return [part]
  return lines.map(({ index, 0: line }) => ({
    kind: 'sentence' as const,
    start: part.start + index,
    end: part.start + index + line.length,
  }))
}
