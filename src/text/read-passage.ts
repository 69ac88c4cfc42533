import { createLexicon, type Lexicon } from './lexicon.js'
import { type ContentWord, readStatement, type Statement, uniteStatements } from './read-statement.js'
import { refersBack } from './refers-back.js'
import { segmentWords } from './segment-words.js'
import { type PassagePart, splitPassage } from './split-passage.js'
import type { Span } from './split-sentences.js'
import { stopWordsFor } from './stop-words.js'

/** A sentence or table row of a passage. UTF-16 offsets into the passage. */
export type SourcePart = Span & {
  readonly statement: Statement
  /** What is said above it and counts for it too: the heading, the line that a list goes on from, the table's head. */
  readonly context: readonly Statement[]
  readonly row?: SourceRow
  /** The sentence before it in the same paragraph. */
  readonly previous?: SourcePart
  /** The sentences that it speaks on about (`She`, `this`), nearest first; none when it stands by itself. */
  readonly antecedents: readonly SourcePart[]
  /** The question above, when this is a No to it: what it asks is denied. */
  readonly denied?: Statement
}

/** Cells of a table row, with those of the table's first row above them. */
export type SourceRow = {
  /** Offset of the table's first row: the same for all of its rows. */
  readonly table: number
  readonly cells: readonly Statement[]
  readonly heads: readonly Statement[]
}

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

const NO = /^(?:no|nein|non|não|nej|nee|いいえ|不|没有)(?=[.,;:!。，]|$)/iu
const NONE =
  /^(?:none|no|nothing|never|n\/a|[-–—]|keine?r?|nein|nichts|ninguno|ninguna|nada|aucune?|rien|无|なし)$/iu
const QUESTION = /[?？]["'”’)*_]*\s*$/u
const RECORD = /^(?: {2,}|\t)\S/
const ITEM = /^\s*(?:[-*+•>]|\d{1,3}[.)])\s+|^(?: {2,}|\t)\S/
/** No end of a sentence, or a colon. */
const LEAD_IN = /[^.!?。！？"”’)*_\s]\s*$/u
/** The word that a paragraph explains: `**Lantern.** The public map ...`. */
const LABEL = /^\s*(?:[-*+•]\s+)?(?:\*\*|__)[^*_]+$/u
const LANGUAGE_CHARS = 600
const MAX_TITLE_CHARS = 80
const MAX_ANTECEDENTS = 3

/** What stands above the part being read. */
type Above = {
  heading?: { readonly statement: Statement; readonly isQuestion: boolean }
  leadIn?: Statement
  label?: Statement
  table?: { readonly start: number; readonly heads: readonly Statement[] }
}

/**
 * Reads a passage. `title` is what stands above it: the document's title and headings. `lexicon` knows the words of the
 * passages read before.
 */
export function readPassage(text: string, title: string, lexicon: Lexicon = createLexicon()): SourcePassage {
  const language = languageOf(text, lexicon)
  const read = (piece: string) => readStatement(piece, language, lexicon)
  const parts: SourcePart[] = []
  const headings: Statement[] = []
  let above: Above = {}
  let previous: PassagePart | undefined
  for (const part of splitPassage(text).flatMap((each) => splitRecords(text, each))) {
    // A line break within a sentence is a blank.
    const surface = text.slice(part.start, part.end).replaceAll('\n', ' ')
    const statement = read(surface)
    if (part.kind !== 'row') delete above.table
    if (part.kind === 'heading' || isTitleLine(text, part)) {
      above = { heading: { statement, isQuestion: QUESTION.test(surface) } }
      headings.push(statement)
    } else if (part.kind === 'row') {
      parts.push(readRow(part, surface, statement, above, read))
    } else {
      const isItem = ITEM.test(surface)
      const last = !isItem && goesOn(text, previous, part) ? parts.at(-1) : undefined
      if (last === undefined) delete above.label
      parts.push(readSentence(part, surface, statement, last, above))
      // A question within the text stands above what answers it; so does a line that a list goes on from.
      if (QUESTION.test(surface)) above.heading = { statement, isQuestion: true }
      if (LABEL.test(surface.trimEnd())) above.label = statement
      if (!isItem) delete above.leadIn
      if (!isItem && LEAD_IN.test(surface)) above.leadIn = statement
    }
    previous = part
  }
  const titleStatement = read(title)
  const whole = uniteStatements(text, [...headings, ...parts.map(({ statement }) => statement)])
  const vocabulary = new Map(
    [...titleStatement.words, ...whole.words].map((word) => [word.folded, word] as const),
  )
  return { text, parts, title: titleStatement, whole, vocabulary: [...vocabulary.values()] }
}

/** Told by its beginning. */
function languageOf(text: string, lexicon: Lexicon): ReadonlySet<string> | undefined {
  const words = lexicon.place(segmentWords(text.slice(0, LANGUAGE_CHARS))).map(({ keys }) => keys.folded)
  const language = stopWordsFor(words)
  return language.size === 0 ? undefined : language
}

/** A short line alone in its paragraph, without an end: what a page has as a heading. */
function isTitleLine(text: string, { kind, start, end }: PassagePart): boolean {
  const line = text.slice(start, end).trim()
  const isAlone =
    /(?:^|\n\s*\n)$/.test(text.slice(0, start)) && /^\s*\n\s*\n?/.test(text.slice(start + line.length))
  return (
    kind === 'sentence' &&
    isAlone &&
    line.length <= MAX_TITLE_CHARS &&
    /[\p{L}\p{N}]$/u.test(line) &&
    !line.includes('\n')
  )
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

/** The first row of a table is the head of the others. */
function readRow(
  { start, end }: Span,
  surface: string,
  statement: Statement,
  above: Above,
  read: (piece: string) => Statement,
): SourcePart {
  const cells = splitCells(surface)
  const statements = cells.map(read)
  const heads = above.table?.heads.map((head, i) => (NONE.test(cells[i] ?? '') ? negate(head) : head))
  above.table ??= { start, heads: statements }
  return {
    start,
    end,
    statement,
    context: present([above.heading?.statement, above.leadIn, ...(heads ?? [])]),
    antecedents: [],
    ...(heads === undefined ? {} : { row: { table: above.table.start, cells: statements, heads } }),
  }
}

function splitCells(row: string): string[] {
  return row
    .replace(/^\s*\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

function negate(statement: Statement): Statement {
  return { ...statement, words: statement.words.map((word) => ({ ...word, negated: !word.negated })) }
}

function readSentence(
  { start, end }: Span,
  surface: string,
  statement: Statement,
  last: SourcePart | undefined,
  { heading, leadIn, label }: Above,
): SourcePart {
  const antecedents =
    last === undefined || !refersBack(statement)
      ? []
      : [last, ...(last.statement.names.length > 0 ? [] : last.antecedents)].slice(0, MAX_ANTECEDENTS)
  const isDenial = heading?.isQuestion && NO.test(surface.trim())
  return {
    start,
    end,
    statement,
    context: present([heading?.statement, leadIn, label]),
    antecedents,
    ...(last === undefined ? {} : { previous: last }),
    ...(isDenial ? { denied: heading.statement } : {}),
  }
}

function present(statements: readonly (Statement | undefined)[]): Statement[] {
  return statements.filter((statement) => statement !== undefined)
}

/** Whether a sentence stands in the paragraph or list item of the one before it. */
function goesOn(text: string, previous: PassagePart | undefined, { start }: PassagePart): boolean {
  return previous?.kind === 'sentence' && !/\n\s*\n/.test(text.slice(previous.end - 1, start + 1))
}
