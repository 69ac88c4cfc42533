import { createLexicon, type Lexicon } from './lexicon.js'
import { hasListMark } from './list-mark.js'
import { type PassagePiece, splitPieces } from './passage-pieces.js'
import { readHeads, readRow, type SourceRow, type TableAbove } from './read-row.js'
import { type ContentWord, readStatement, type Statement, uniteStatements } from './read-statement.js'
import { refersBack } from './refers-back.js'
import type { Span } from './split-sentences.js'
import { stopWordsAmong } from './stop-words.js'

/** A sentence or table row of a passage. UTF-16 offsets into the passage. */
export type SourcePart = Span & {
  /** Whether it is code, in which nothing is markup. */
  readonly isCode: boolean
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

/** A sentence or table row by its words alone, folded. UTF-16 offsets into the passage. */
export type FoldedSentence = Span & { readonly folded: readonly string[] }

/** A passage read once for all claims that are compared with it, and as far as they need it. */
export type SourcePassage = {
  readonly text: string
  /** The same stretches as the parts. */
  readonly sentences: readonly FoldedSentence[]
  readonly parts: readonly SourcePart[]
  /** Title and headings. */
  readonly title: Statement
  readonly whole: Statement
  /** Every content word of the above, once. */
  readonly vocabulary: readonly ContentWord[]
}

const NO = /^(?:no|nein|non|não|nej|nee|いいえ|不|没有)(?=[.,;:!。，]|$)/iu
const QUESTION = /[?？]["'”’)*_]*\s*$/u
const INDENTED = /^(?: {2,}|\t)\S/
/** No end of a sentence, or a colon. */
const LEAD_IN = /[^.!?。！？"”’)*_\s]\s*$/u
/** The word that a paragraph explains: `**Lantern.** The public map ...`. */
const LABEL = /^\s*(?:[-*+•]\s+)?(?:\*\*|__)[^*_]+(?:\*\*|__)?$/u
const LANGUAGE_CHARS = 600
const MAX_ANTECEDENTS = 3

/** What stands above the part being read. */
type Above = {
  heading?: { readonly statement: Statement; readonly isQuestion: boolean }
  leadIn?: Statement
  label?: Statement
  table?: TableAbove
}

/**
 * Reads a passage. `title` is what stands above it: the document's title and headings. `lexicon` knows the words of the
 * passages read before. What it says, beyond its words, is read when it is first asked for: a quotation is told without.
 */
export function readPassage(text: string, title: string, lexicon: Lexicon = createLexicon()): SourcePassage {
  const pieces = splitPieces(text)
  let sentences: FoldedSentence[] | undefined
  let said: Said | undefined
  const read = () => {
    said ??= readPieces(text, title, pieces, lexicon)
    return said
  }
  return {
    text,
    get sentences() {
      sentences ??= pieces
        .filter(({ isHeading }) => !isHeading)
        .map(({ start, end, surface }) => ({ start, end, folded: lexicon.foldedWords(surface) }))
      return sentences
    },
    get parts() {
      return read().parts
    },
    get title() {
      return read().title
    },
    get whole() {
      return read().whole
    },
    get vocabulary() {
      return read().vocabulary
    },
  }
}

type Said = Omit<SourcePassage, 'text' | 'sentences'>

function readPieces(text: string, title: string, pieces: readonly PassagePiece[], lexicon: Lexicon): Said {
  const language = languageOf(text, lexicon)
  const read = (piece: string) => readStatement(piece, language, lexicon)
  const parts: SourcePart[] = []
  const headings: Statement[] = []
  let above: Above = {}
  let previous: PassagePiece | undefined
  for (const piece of pieces) {
    const { kind, isHeading, surface } = piece
    const statement = read(surface)
    if (kind !== 'row') delete above.table
    if (isHeading) {
      above = { heading: { statement, isQuestion: QUESTION.test(surface) } }
      headings.push(statement)
    } else if (kind === 'row') {
      parts.push(readRowPart(piece, statement, above, read))
    } else {
      const isItem = hasListMark(surface) || INDENTED.test(surface)
      const last = !isItem && goesOn(text, previous, piece) ? parts.at(-1) : undefined
      if (last === undefined) delete above.label
      parts.push(readSentence(piece, statement, last, above))
      // A question within the text stands above what answers it; so does a line that a list goes on from.
      if (QUESTION.test(surface)) above.heading = { statement, isQuestion: true }
      if (LABEL.test(surface.trimEnd())) above.label = statement
      if (!isItem) delete above.leadIn
      if (!isItem && LEAD_IN.test(surface)) above.leadIn = statement
    }
    previous = piece
  }
  const titleStatement = read(title)
  const whole = uniteStatements(text, [...headings, ...parts.map(({ statement }) => statement)])
  const vocabulary = new Map(
    [...titleStatement.words, ...whole.words].map((word) => [word.folded, word] as const),
  )
  return { parts, title: titleStatement, whole, vocabulary: [...vocabulary.values()] }
}

/** Told by its beginning. */
function languageOf(text: string, lexicon: Lexicon): ReadonlySet<string> | undefined {
  return stopWordsAmong(lexicon.words(text.slice(0, LANGUAGE_CHARS)).map(({ functionWord }) => functionWord))
}

/** The first row of a table is the head of the others, unless each names its columns itself. */
function readRowPart(
  { start, end, surface }: PassagePiece,
  words: Statement,
  above: Above,
  read: (piece: string) => Statement,
): SourcePart {
  const { statement, row, isNamed } = readRow(surface, words, above.table, read)
  above.table ??= { start, heads: isNamed ? [] : readHeads(surface, read) }
  return {
    start,
    end,
    isCode: false,
    statement,
    context: present([above.heading?.statement, above.leadIn, ...(row?.heads ?? [])]),
    antecedents: [],
    ...(row === undefined ? {} : { row: { ...row, table: above.table.start } }),
  }
}

function readSentence(
  { kind, start, end, surface }: PassagePiece,
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
    isCode: kind === 'code',
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
function goesOn(text: string, previous: PassagePiece | undefined, { kind, start }: PassagePiece): boolean {
  return previous?.kind === kind && !/\n\s*\n/.test(text.slice(previous.end - 1, start + 1))
}
