import { createLexicon, type Lexicon } from '../text/lexicon.js'
import type { Quantity } from '../text/quantity.js'
import type { FoldedSentence, SourcePart, SourcePassage } from '../text/read-passage.js'
import { readStatement, type Statement } from '../text/read-statement.js'
import { hasPronoun } from '../text/refers-back.js'
import type { Span } from '../text/split-sentences.js'
import type { Claim } from './claim.js'
import {
  bearsTranslation,
  explains,
  isAnsweredNo,
  isBorne,
  isOutdone,
  isStitched,
  MIN_RELEVANCE_OF_TRANSLATED,
  type PlacedMatch,
  SHORT_THRESHOLDS,
  speaksAnotherLanguage,
  THRESHOLDS,
} from './claim-rules.js'
import {
  hasRivalAmounts,
  hasRivalNames,
  matchStatement,
  sharedAnchors,
  type Window,
} from './match-statement.js'
import { answersQuestion, isAboutQuestion, readShortClaim } from './short-claim.js'
import { splitClaim } from './split-claim.js'

/** What a passage holds of a claim. */
export type ClaimCheck = {
  /** Whether code found the claim borne by the passage. */
  readonly verified: boolean
  /** The stretch of the passage that bears it best. UTF-16 offsets; empty when nothing does. */
  readonly span: Span
  /** For each clause of the claim, whether the passage bears it; one for the whole when it was not taken apart. */
  readonly clauses: readonly boolean[]
}

export type ClaimContext = {
  /** What was asked: an answer of a word or two is read together with it. */
  readonly question?: string
  /** 0..1, how near the passage is to the question; by vectors, where they know meaning. */
  readonly relevance?: number
  /** Knows the words that were read before. */
  readonly lexicon?: Lexicon
}

const MIN_QUOTED_WORDS = 4
const MIN_QUOTED_SHARE = 0.8

/**
 * Compares a claim with a passage by its words, numbers with their units, names and negations; no model is asked. Every
 * number and name must stand together with most of the claim's words in one sentence or row, or in two that follow one
 * another and speak of nobody else; a claim of several clauses may have each from another place.
 */
export function checkClaim(claim: string, passage: SourcePassage, context: ClaimContext = {}): ClaimCheck {
  const { lexicon = createLexicon() } = context
  const words = lexicon.foldedWords(claim)
  const quoted = passage.sentences.find((sentence) => isQuotation(words, sentence))
  if (quoted !== undefined) return { verified: true, span: unite([quoted]), clauses: [true] }
  const whole = checkStatement(readStatement(claim, undefined, lexicon), passage, context)
  if (whole.verified) return { ...whole, clauses: [true] }
  const clauses = splitClaim(claim, lexicon).map((clause) => checkStatement(clause, passage, {}))
  if (clauses.length < 2) return { ...whole, clauses: [false] }
  const held = clauses.map(({ verified }) => verified)
  return held.every(Boolean)
    ? { verified: true, span: unite(clauses.map(({ span }) => span)), clauses: held }
    : { ...whole, clauses: held }
}

/** Word for word, and most of the sentence: what little is left out cannot turn it round. */
function isQuotation(words: readonly string[], { folded }: FoldedSentence): boolean {
  if (words.length < MIN_QUOTED_WORDS || words.length < MIN_QUOTED_SHARE * folded.length) return false
  return ` ${folded.join(' ')} `.includes(` ${words.join(' ')} `)
}

type Verdict = { readonly verified: boolean; readonly span: Span }

function checkStatement(said: Statement, passage: SourcePassage, context: ClaimContext): Verdict {
  const { question, lexicon } = context
  const asked = question === undefined ? undefined : readStatement(question, undefined, lexicon)
  const short = asked && readShortClaim(said, asked, lexicon)
  const statement: Claim = short?.joined ?? said
  const thresholds = short === undefined ? THRESHOLDS : SHORT_THRESHOLDS
  const windows = windowsOf(statement, passage.parts, asked?.quantities)
  const matches = matchStatement(statement, windows, passage)
    .map((match, i) => ({ ...match, parts: windows[i] ?? [] }))
    .sort((a, b) => b.coverage - a.coverage)
  const isTranslated =
    (context.relevance ?? 0) >= MIN_RELEVANCE_OF_TRANSLATED && speaksAnotherLanguage(said, passage.whole)
  const answers = (match: PlacedMatch) => {
    if (short === undefined) return !isOutdone(said, match, matches)
    return isTranslated ? isAboutQuestion(match, short) : answersQuestion(short, match, matches)
  }
  const denying = matches.filter(isAnsweredNo)
  const bearing = matches.find(
    (match) =>
      (isTranslated ? bearsTranslation(match) : isBorne(match, thresholds)) &&
      !isStitched(said, match, matches) &&
      denying.every((denial) => explains(match, denial)) &&
      answers(match),
  )
  return { verified: bearing !== undefined, span: unite((bearing ?? matches[0])?.parts ?? []) }
}

/**
 * Every sentence and row; and two sentences of a paragraph when the second speaks on about the first, or each has a number
 * of the claim that the other lacks, unless they speak of somebody that the claim does not, or of an amount that neither it nor
 * the question does.
 */
function windowsOf(claim: Claim, parts: readonly SourcePart[], asked: readonly Quantity[] = []): Window[] {
  const pairs = parts.flatMap((part): Window[] => {
    const { previous } = part
    if (previous === undefined || hasRivalNames(claim, [previous, part])) return []
    if (hasRivalAmounts(claim, [previous, part], asked)) return []
    // `The mast, yes. The shield has to stay white.` An article alone ties no answer of a word to the next subject.
    const goesOn =
      part.antecedents.includes(previous) && (claim.question === undefined || hasPronoun(part.statement))
    return goesOn || shareAnchors(claim, previous, part) ? [[previous, part]] : []
  })
  return [...parts.map((part) => [part]), ...pairs]
}

function shareAnchors(claim: Statement, a: SourcePart, b: SourcePart): boolean {
  const inA = sharedAnchors(claim, a.statement)
  const inB = sharedAnchors(claim, b.statement)
  return inA.some((anchor) => !inB.includes(anchor)) && inB.some((anchor) => !inA.includes(anchor))
}

function unite(spans: readonly Span[]): Span {
  if (spans.length === 0) return { start: 0, end: 0 }
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  }
}
