import { splitColumns } from './pdf-columns.js'
import type { Fragment } from './pdf-fragments.js'
import { joinLines, type Vocabulary } from './pdf-hyphens.js'
import { type Line, toLines } from './pdf-lines.js'
import { smallest } from './pdf-measures.js'
import { groupLines, type Paragraph } from './pdf-paragraphs.js'
import { tableRows } from './pdf-tables.js'

/** Footnotes at the foot of a column, or captions at the head of one, that stand between the parts of a paragraph. */
const maxBetween = 6

/** The paragraphs of a page's writing in one direction, in reading order. */
export function layOut(fragments: readonly Fragment[]): Paragraph[] {
  let paragraphs: Paragraph[] = []
  for (const column of splitColumns(fragments))
    paragraphs = joinColumn(paragraphs, groupLines(toLines(column)))
  return paragraphs
}

/** Paragraphs with those of the next column. One that was broken off at the foot of the last column is put together. */
function joinColumn(paragraphs: readonly Paragraph[], column: readonly Paragraph[]): Paragraph[] {
  const broken = brokenParagraph(paragraphs)
  const rest = broken === undefined ? undefined : restOf(broken, column)
  if (broken === undefined || rest === undefined) return [...paragraphs, ...column]
  const joined = join(broken, rest)
  return [
    ...paragraphs.map((paragraph) => (paragraph === broken ? joined : paragraph)),
    ...column.filter((paragraph) => paragraph !== rest),
  ]
}

/** The last paragraph, or that above footnotes, when it ends in the middle of a sentence. */
function brokenParagraph(paragraphs: readonly Paragraph[]): Paragraph | undefined {
  let smallest = Number.POSITIVE_INFINITY
  for (let index = paragraphs.length - 1; index >= Math.max(0, paragraphs.length - maxBetween); index--) {
    const paragraph = paragraphs[index]
    const last = paragraph?.lines.at(-1)
    if (paragraph === undefined || last === undefined) return undefined
    const isText = paragraph.kind === 'text' || paragraph.kind === 'item'
    const isLarger = last.size > 1.06 * smallest || smallest === Number.POSITIVE_INFINITY
    if (isText && isLarger && /[\p{L}\p{N},;\u2010-]$/u.test(last.text) && last.text.length > 20)
      return paragraph
    smallest = Math.min(smallest, last.size)
  }
  return undefined
}

/** Where a paragraph goes on in the next column: at its head, or below tables and what is set in other type. */
function restOf(broken: Paragraph, column: readonly Paragraph[]): Paragraph | undefined {
  const last = broken.lines.at(-1)
  for (const paragraph of column.slice(0, maxBetween)) {
    const first = paragraph.lines[0]
    if (last === undefined || first === undefined) return undefined
    const isSameType = Math.abs(last.size - first.size) < 0.03 * last.size && last.isBold === first.isBold
    if (paragraph.kind === 'text' && isSameType) return goesOn(last.text, first.text) ? paragraph : undefined
  }
  return undefined
}

/** In small letters; with a year or number after a comma. */
function goesOn(text: string, next: string): boolean {
  return /^\p{Ll}/u.test(next) || (text.endsWith(',') && /^\d+(?![.)] )/.test(next))
}

function join(above: Paragraph, next: Paragraph): Paragraph {
  const moved = [...next.forced].map((index) => index + above.lines.length)
  return {
    kind: above.kind,
    lines: [...above.lines, ...next.lines],
    forced: new Set([...above.forced, ...moved]),
  }
}

/** A paragraph's text: lines joined where the writer did not mean them to end; rows of tables and lines of code apart. */
export function paragraphText({ kind, lines, forced }: Paragraph, vocabulary: Vocabulary): string {
  if (kind === 'table') return joinLines(tableRows(lines), vocabulary, () => true)
  if (kind === 'code') return codeText(lines)
  return joinLines(
    lines.map(({ text }) => text),
    vocabulary,
    (index) => forced.has(index),
  )
}

/** With the indentation that the places of its lines show. */
function codeText(lines: readonly Line[]): string {
  const left = smallest(lines.map(({ x0 }) => x0))
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0)
  const width = lines.reduce((sum, { x0, x1 }) => sum + x1 - x0, 0) / Math.max(1, characters)
  return lines
    .map(({ x0, text }) => ' '.repeat(Math.min(80, Math.round((x0 - left) / Math.max(width, 1)))) + text)
    .join('\n')
}
