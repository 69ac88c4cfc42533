import type { SourcePart } from '../text/read-passage.js'
import type { ContentWord, Statement } from '../text/read-statement.js'
import { hasRivalAmounts, type Match } from './match-statement.js'

/** How well a claim fits one stretch of a passage. */
export type PlacedMatch = Match & { readonly parts: readonly SourcePart[] }

export type Thresholds = {
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
export const THRESHOLDS: Thresholds = { coverage: 0.6, own: 0.4, words: 0.5, wordsWithAnchors: 0.25 }
/** For an answer of a word or two, whose other words are the question's. */
export const SHORT_THRESHOLDS: Thresholds = { coverage: 0.35, own: 0.3, words: 0.25, wordsWithAnchors: 0.2 }
/** A claim in another language than its passage is held by its names and numbers alone, and by this relevance. */
export const MIN_RELEVANCE_OF_TRANSLATED = 0.4
/** Of a sentence that shares what the bearing one lacks; less will do when it denies the claim. */
const MIN_COVERAGE_OF_DENIAL = 0.4
const MIN_COVERAGE_OF_RIVAL = 0.5
/** Words more of the claim, of a sentence that gives another amount. */
const MIN_WORDS_OF_BETTER = 2
/** Of a question that is answered with a No, and what the answer says. */
const MIN_COVERAGE_OF_DENIED = 0.3
const MIN_TRANSLATED_NAMES = 0.6

export function isBorne(match: Match, thresholds: Thresholds): boolean {
  return (
    match.anchored &&
    match.contradiction === undefined &&
    match.coverage >= thresholds.coverage &&
    match.ownCoverage >= thresholds.own &&
    match.wordCoverage >= leastWordCoverage(match, thresholds)
  )
}

/** Anchors that stand together say more than words do; of a single word, a name and a number say all. */
function leastWordCoverage(match: Match, { words, wordsWithAnchors }: Thresholds): number {
  const anchors = match.ownAnchors + (match.nameCoverage === 1 ? 1 : 0)
  if (anchors < 2) return words
  const isSingle = match.words.filter(({ isName }) => !isName).length === 1
  return isSingle && match.nameCoverage === 1 ? 0 : wordsWithAnchors
}

/**
 * What the bearing sentence lacks of the claim stands in another one that shares its words: under a negation, or of
 * something else. Such a claim is stitched together.
 */
export function isStitched(claim: Statement, bearing: PlacedMatch, matches: readonly PlacedMatch[]): boolean {
  if (bearing.parts.some(({ denied }) => denied !== undefined)) return false
  const said = new Set(claim.words.map(({ folded }) => folded))
  const lacking = missingOf(bearing).filter(({ folded }) => said.has(folded))
  return matches.some(
    (other) =>
      other.parts.length === 1 &&
      other.parts[0]?.row === undefined &&
      other.ownCoverage >=
        (other.contradiction === 'negation' ? MIN_COVERAGE_OF_DENIAL : MIN_COVERAGE_OF_RIVAL) &&
      !bearing.parts.some((part) => other.parts.includes(part)) &&
      lacking.some((word) => !missingOf(other).includes(word)),
  )
}

/** Another sentence holds more of the claim's words by itself, and has another amount. */
export function isOutdone(claim: Statement, bearing: PlacedMatch, matches: readonly PlacedMatch[]): boolean {
  const measured = {
    ...claim,
    quantities: claim.quantities.filter(({ dimension }) => dimension !== undefined),
  }
  const ownWords = ({ words }: Match) => words.filter(({ place }) => place === 'own').length
  return matches.some(
    (other) =>
      other.parts.length === 1 &&
      !other.quantitiesHeld &&
      ownWords(other) >= ownWords(bearing) + MIN_WORDS_OF_BETTER &&
      hasRivalAmounts(measured, other.parts),
  )
}

function missingOf({ words }: Match): ContentWord[] {
  return words.filter(({ credit }) => credit === 0).map(({ word }) => word)
}

/** What the claim says is asked in the passage, and answered with a No. */
export function isAnsweredNo({ parts: [part], contradiction, coverage }: PlacedMatch): boolean {
  return part?.denied !== undefined && contradiction === 'negation' && coverage >= MIN_COVERAGE_OF_DENIED
}

/** Whether a sentence goes on behind a No that answers a question: `No. Both are of one age. If one fails, both are replaced.` */
export function explains({ parts: [part] }: PlacedMatch, denial: PlacedMatch): boolean {
  for (let before = part?.previous; before !== undefined; before = before.previous)
    if (denial.parts.includes(before)) return true
  return false
}

export function bearsTranslation({ ownAnchors, quantitiesHeld, nameCoverage }: Match): boolean {
  const hasNames = nameCoverage !== undefined
  return quantitiesHeld && (ownAnchors > 0 || hasNames) && (nameCoverage ?? 1) >= MIN_TRANSLATED_NAMES
}

/** By the function words of either: the claim's are hardly any in the passage's language. */
export function speaksAnotherLanguage({ folded, language }: Statement, passage: Statement): boolean {
  if (language === undefined || passage.language === undefined || language === passage.language) return false
  const own = folded.filter((word) => language.has(word)).length
  const shared = folded.filter((word) => passage.language?.has(word)).length
  return own >= 2 && shared * 2 <= own
}
