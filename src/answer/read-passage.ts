import { type PassagePart, splitPassage } from '../text/split-passage.js'
import type { Span } from '../text/split-sentences.js'
import { type ContentWord, readStatement, type Statement } from './read-statement.js'

/** A sentence or table row of a passage. UTF-16 offsets into the passage. */
export type SourcePart = Span & {
  readonly statement: Statement
  /** What is said above it and counts for it too: headings, the table's head. */
  readonly context: readonly Statement[]
  readonly row?: SourceRow
  /** A sentence of the same paragraph goes on after the one before it. */
  readonly continues: boolean
  /** `No.` or its like, in answer to the question above: what the question asks is denied. */
  readonly denied: Statement | undefined
}

/** Cells of a table row, with those of the table's first row above them. */
export type SourceRow = { readonly cells: readonly Statement[]; readonly heads: readonly Statement[] }

/** A passage read once for all claims that are compared with it. */
export type SourcePassage = {
  readonly text: string
  readonly parts: readonly SourcePart[]
  /** Title and headings. */
  readonly title: Statement
  readonly whole: Statement
  /** Every content word of the above, once. */
  readonly vocabulary: readonly ContentWord[]
}

const NO = /^(?:no|nein|non|não|nej|nee|いいえ|不|没有)(?=[.,;:!。，\s]|$)/iu
const QUESTION = /[?？]["'”’)*_]*\s*$/u
const ITEM = /^\s*(?:[-*+•>]|\d{1,3}[.)])\s+/
/** No end of a sentence, or a colon. */
const LEAD_IN = /[^.!?。！？"”’)*_]\s*$/u

/** Reads a passage. `title` is what stands above it: the document's title and headings. */
export function readPassage(text: string, title: string): SourcePassage {
  const parts: SourcePart[] = []
  let heading: Asked | undefined
  let leadIn: Statement | undefined
  let heads: readonly Statement[] | undefined
  let previous: PassagePart | undefined
  for (const part of splitPassage(text)) {
    // A line break within a sentence is a blank.
    const surface = text.slice(part.start, part.end).replaceAll('\n', ' ')
    const statement = readStatement(surface)
    const isQuestion = QUESTION.test(surface)
    if (part.kind !== 'row') heads = undefined
    if (part.kind === 'heading') {
      heading = { statement, isQuestion }
      leadIn = undefined
      continue
    }
    const isItem = ITEM.test(surface)
    if (!isItem && part.kind !== 'row') leadIn = undefined
    const cells = part.kind === 'row' ? splitCells(surface).map(readStatement) : undefined
    parts.push({
      start: part.start,
      end: part.end,
      statement,
      context: [heading?.statement, leadIn, ...(heads ?? [])].filter((each) => each !== undefined),
      ...(cells === undefined || heads === undefined ? {} : { row: { cells, heads } }),
      continues: part.kind === 'sentence' && !isItem && goesOn(text, previous, part),
      denied: NO.test(surface.trim()) && heading?.isQuestion ? heading.statement : undefined,
    })
    if (cells !== undefined) heads ??= cells
    // A question within the text stands above what answers it; so does a line that a list or table goes on from.
    if (isQuestion) heading = { statement, isQuestion }
    if (part.kind === 'sentence' && !isItem && LEAD_IN.test(surface)) leadIn = statement
    previous = part
  }
  const titleStatement = readStatement(title)
  const whole = readStatement(text.replace(/(?<!\n)\n(?!\s*\n)/g, ' '))
  const said = [titleStatement, ...parts.flatMap(({ statement, context }) => [statement, ...context])]
  const vocabulary = new Map(said.flatMap(({ words }) => words.map((word) => [word.folded, word] as const)))
  return { text, parts, title: titleStatement, whole, vocabulary: [...vocabulary.values()] }
}

type Asked = { readonly statement: Statement; readonly isQuestion: boolean }

/** Whether a sentence stands in the paragraph or list item of the one before it. */
function goesOn(text: string, previous: PassagePart | undefined, { start }: PassagePart): boolean {
  return previous?.kind === 'sentence' && !/\n\s*\n/.test(text.slice(previous.end - 1, start + 1))
}

function splitCells(row: string): string[] {
  return row
    .replace(/^\s*\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}
