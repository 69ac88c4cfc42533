import type { Span } from '../text/split-sentences.js'
import {
  hasRivalAmounts,
  hasRivalNames,
  type Match,
  matchStatement,
  sharedAnchors,
  type Window,
} from './match-statement.js'
import type { SourcePart, SourcePassage } from './read-passage.js'
import { type ContentWord, readStatement, type Statement } from './read-statement.js'
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
}

type Thresholds = {
  /** Least share of a claim's weight in one sentence or row, with what stands above it. */
  readonly coverage: number
  /** The part of it that must stand in the sentence or row itself. */
  readonly own: number
  /** The share of its words, names and numbers left out: who and how much is nothing without what. */
  readonly words: number
  /** The same where two numbers or codes stand together, which say more than words do. */
  readonly wordsWithAnchors: number
}

/** Calibrated on the tuning half of `data/citation-pairs.jsonl` by `npm run calibrate-citations`. */
const THRESHOLDS: Thresholds = { coverage: 0.6, own: 0.4, words: 0.5, wordsWithAnchors: 0.25 }
/** For an answer of a word or two, whose other words are the question's. */
const SHORT_THRESHOLDS: Thresholds = { coverage: 0.35, own: 0.3, words: 0.25, wordsWithAnchors: 0.2 }
const SHORT_CLAIM_UNITS = 3
/** Least share of the question's words that must stand with it. */
const MIN_QUESTION_SHARE = 0.2
/** A claim in another language than its passage is held by its names and numbers alone, and by this relevance. */
const MIN_RELEVANCE_OF_TRANSLATED = 0.4
/** Of a question that is answered with a No, and what the answer says. */
const MIN_COVERAGE_OF_DENIED = 0.3
const MIN_TRANSLATED_NAMES = 0.6

/**
 * Compares a claim with a passage by its words, numbers with their units, names and negations; no model is asked. Every
 * number and name must stand together with most of the claim's words in one sentence or row, or in two that follow one
 * another and speak of nobody else; a claim of several clauses may have each from another place.
 */
export function checkClaim(claim: string, passage: SourcePassage, context: ClaimContext = {}): ClaimCheck {
  const statement = readStatement(claim)
  const whole = checkStatement(statement, passage, context)
  if (whole.verified) return { ...whole, clauses: [true] }
  const clauses = splitClaim(claim).map((clause) => checkStatement(clause, passage, {}))
  if (clauses.length < 2) return { ...whole, clauses: [false] }
  const held = clauses.map(({ verified }) => verified)
  return held.every(Boolean)
    ? { verified: true, span: unite(clauses.map(({ span }) => span)), clauses: held }
    : { ...whole, clauses: held }
}

type PlacedMatch = Match & { readonly parts: readonly SourcePart[] }
type Verdict = { readonly verified: boolean; readonly span: Span }

function checkStatement(said: Statement, passage: SourcePassage, context: ClaimContext): Verdict {
  const isShort = said.words.length + said.quantities.length + said.codes.length < SHORT_CLAIM_UNITS
  const asked = isShort && context.question !== undefined ? readStatement(context.question) : undefined
  const statement = asked === undefined ? said : { ...said, words: [...said.words, ...asked.words] }
  const thresholds = asked === undefined ? THRESHOLDS : SHORT_THRESHOLDS
  const windows = windowsOf(statement, passage.parts)
  const matches = matchStatement(statement, windows, passage)
    .map((match, i) => ({ ...match, parts: windows[i] ?? [] }))
    .sort((a, b) => b.coverage - a.coverage)
  const isTranslated =
    (context.relevance ?? 0) >= MIN_RELEVANCE_OF_TRANSLATED && speaksAnotherLanguage(said, passage.whole)
  const bearing = matches.some(isAnsweredNo)
    ? undefined
    : matches.find(
        (match) =>
          (isTranslated ? bearsTranslation(match) : isBorne(match, thresholds)) &&
          isAboutQuestion(match, asked) &&
          !isStitched(said, match, matches, thresholds) &&
          (asked !== undefined || !isOutdone(said, match, matches)),
      )
  return { verified: bearing !== undefined, span: unite((bearing ?? matches[0])?.parts ?? []) }
}

function isBorne(match: Match, { coverage, own, words, wordsWithAnchors }: Thresholds): boolean {
  return (
    match.anchored &&
    match.contradiction === undefined &&
    match.coverage >= coverage &&
    match.ownCoverage >= own &&
    match.wordCoverage >=
      (match.ownAnchors + (match.nameCoverage === 1 ? 1 : 0) >= 2 ? wordsWithAnchors : words)
  )
}

/**
 * What the bearing sentence lacks of the claim stands in another one that shares its words: under a negation, or of
 * something else. Such a claim is stitched together.
 */
function isStitched(
  claim: Statement,
  bearing: PlacedMatch,
  matches: readonly PlacedMatch[],
  { own }: Thresholds,
): boolean {
  if (bearing.parts.some(({ denied }) => denied !== undefined)) return false
  const lacking = missingOf(bearing).filter((word) => claim.words.includes(word))
  return matches.some(
    (other) =>
      other.parts.length === 1 &&
      other.parts[0]?.row === undefined &&
      (other.ownCoverage >= own ||
        (other.parts[0]?.denied !== undefined && other.contradiction === 'negation')) &&
      !bearing.parts.some((part) => other.parts.includes(part)) &&
      lacking.some((word) => !missingOf(other).includes(word)),
  )
}

/** Another sentence holds more of the claim's words by itself, and has another amount. */
function isOutdone(claim: Statement, bearing: PlacedMatch, matches: readonly PlacedMatch[]): boolean {
  const measured = {
    ...claim,
    quantities: claim.quantities.filter(({ dimension }) => dimension !== undefined),
  }
  const ownWords = ({ words }: Match) => words.filter(({ place }) => place === 'own').length
  return matches.some(
    (other) =>
      other.parts.length === 1 &&
      !other.quantitiesHeld &&
      ownWords(other) > ownWords(bearing) &&
      hasRivalAmounts(measured, other.parts),
  )
}

function missingOf({ words }: Match): ContentWord[] {
  return words.filter(({ credit }) => credit === 0).map(({ word }) => word)
}

/** Of an answer of a word or two, the question's words must stand there too, and not in the title alone. */
function isAboutQuestion({ words }: Match, asked: Statement | undefined): boolean {
  const near = words.filter(({ word }) => asked?.words.includes(word))
  const held = near.filter(({ place }) => place !== 'title' && place !== 'nowhere').length
  return asked === undefined || near.length === 0 || held / near.length >= MIN_QUESTION_SHARE
}

/** What the claim says is asked in the passage, and answered with a No. */
function isAnsweredNo({ parts: [part], contradiction, coverage }: PlacedMatch): boolean {
  return part?.denied !== undefined && contradiction === 'negation' && coverage >= MIN_COVERAGE_OF_DENIED
}

function bearsTranslation({ ownAnchors, quantitiesHeld, nameCoverage }: Match): boolean {
  const hasNames = nameCoverage !== undefined
  return quantitiesHeld && (ownAnchors > 0 || hasNames) && (nameCoverage ?? 1) >= MIN_TRANSLATED_NAMES
}

/** By the function words of either: the claim's are hardly any in the passage's language. */
function speaksAnotherLanguage({ folded, language }: Statement, passage: Statement): boolean {
  if (language === undefined || passage.language === undefined || language === passage.language) return false
  const own = folded.filter((word) => language.has(word)).length
  const shared = folded.filter((word) => passage.language?.has(word)).length
  return own >= 2 && shared * 2 <= own
}

/**
 * Every sentence and row; and two sentences of a paragraph when the second speaks on about the first, or each has a number
 * of the claim that the other lacks, unless they speak of somebody or of an amount that the claim does not.
 */
function windowsOf(claim: Statement, parts: readonly SourcePart[]): Window[] {
  const pairs = parts.flatMap((part): Window[] => {
    const { previous } = part
    if (previous === undefined || hasRivalNames(claim, [previous, part])) return []
    if (hasRivalAmounts(claim, [previous, part])) return []
    return part.antecedents.includes(previous) || shareAnchors(claim, previous, part)
      ? [[previous, part]]
      : []
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
