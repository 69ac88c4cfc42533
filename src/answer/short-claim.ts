import type { Lexicon } from '../text/lexicon.js'
import { isSameKind, isSameQuantity, type Quantity } from '../text/quantity.js'
import type { SourcePart } from '../text/read-passage.js'
import { readStatement, type Statement } from '../text/read-statement.js'
import { hasPronoun } from '../text/refers-back.js'
import type { Claim } from './claim.js'
import type { PlacedMatch } from './claim-rules.js'
import type { HeldWord } from './match-statement.js'

/** An answer of a word or two, which says something only together with its question. */
export type ShortClaim = {
  /** What the answer says. */
  readonly said: Statement
  readonly asked: Statement
  /** Both in one. */
  readonly joined: Claim
}

const MAX_SHORT_CLAIM_UNITS = 3
/** Least share of the question's words that must stand with it. */
const MIN_QUESTION_SHARE = 0.2
/** Units of the question more than the bearing place has; of a word, which has no kind, that many. */
const MIN_LEAD = 1
const MIN_LEAD_OVER_WORDS = 2

const IN_SENTENCE: ReadonlySet<HeldWord['place']> = new Set(['own', 'before'])
const AROUND_SENTENCE: ReadonlySet<HeldWord['place']> = new Set(['own', 'before', 'above'])

/** In the languages that the other rules of the check speak. */
const YES: ReadonlySet<string> = new Set('yes ja doch si oui はい 是 的 对'.split(' '))
const NO: ReadonlySet<string> = new Set('no nein non いいえ 不 是 不是'.split(' '))

/** Reads a claim together with the question; undefined when it says enough by itself. */
export function readShortClaim(
  claim: Statement,
  asked: Statement,
  lexicon?: Lexicon,
): ShortClaim | undefined {
  if (countUnits(withoutYes(claim)) > MAX_SHORT_CLAIM_UNITS) return undefined
  // Which words with a capital are names, a few words do not tell.
  const said = withoutYes(readStatement(claim.text, asked.language, lexicon))
  return { said, asked, joined: joinQuestion(said, asked) }
}

function countUnits({ words, quantities, codes }: Statement): number {
  return words.length + quantities.length + codes.length
}

/** `Yes, with a remark` says what follows the Yes. */
function withoutYes(statement: Statement): Statement {
  const words = statement.words.filter(({ folded }) => !YES.has(folded))
  return words.length === 0 ? statement : { ...statement, words }
}

/** What an answer of a word or two says together with its question: a bare Yes affirms that, a bare No denies it. */
function joinQuestion(said: Statement, asked: Statement): Claim {
  if (isBare(said, YES)) return asked
  if (isBare(said, NO))
    return { ...asked, words: asked.words.map((word) => ({ ...word, negated: !word.negated })) }
  const by = said.text.length + 1
  const moved = <T extends { readonly start: number; readonly end: number }>(span: T): T => ({
    ...span,
    start: span.start + by,
    end: span.end + by,
  })
  return {
    ...said,
    question: asked,
    text: `${said.text}\n${asked.text}`,
    words: [...said.words, ...asked.words.map(moved)],
    segments: [...said.segments, ...asked.segments.map(moved)],
  }
}

function isBare({ folded }: Statement, answer: ReadonlySet<string>): boolean {
  return folded.every((word) => answer.has(word))
}

/** Whether a place that holds a short claim by its words answers the question with it. */
export function answersQuestion(
  claim: ShortClaim,
  bearing: PlacedMatch,
  matches: readonly PlacedMatch[],
): boolean {
  return (
    isAboutQuestion(bearing, claim) &&
    addsToQuestion(bearing, claim) &&
    !isAffirmedByDenial(bearing, claim) &&
    !matches.some((other) => isBetterPlace(other, bearing, claim))
  )
}

/** The question's words must stand there too, and not in the title alone. */
export function isAboutQuestion({ words }: PlacedMatch, { asked }: ShortClaim): boolean {
  const near = words.filter(({ word }) => isAsked(word, asked))
  const held = near.filter(({ place }) => place !== 'title' && place !== 'nowhere').length
  return near.length === 0 || held / near.length >= MIN_QUESTION_SHARE
}

/** It must say something that stands there, beside what was asked; or in the sentence before, where a pronoun means that. */
function addsToQuestion({ words, ownAnchors, parts: [part] }: PlacedMatch, { said }: ShortClaim): boolean {
  const isMeant = part !== undefined && hasPronoun(part.statement)
  return (
    isBare(said, YES) ||
    isBare(said, NO) ||
    ownAnchors > 0 ||
    words.some(
      ({ word, place, credit }) =>
        said.words.some(({ folded }) => folded === word.folded) &&
        credit > 0 &&
        (place !== 'before' || isMeant),
    )
  )
}

function isAsked({ folded }: { readonly folded: string }, asked: Statement): boolean {
  return asked.words.some((word) => word.folded === folded)
}

/** A bare Yes, where the sentence denies something and has not all of the question itself: the rest may be what it denies. */
function isAffirmedByDenial({ parts, words }: PlacedMatch, { said, asked }: ShortClaim): boolean {
  const denies = ({ words }: Statement) => words.some(({ negated }) => negated)
  return (
    isBare(said, YES) &&
    words.some(({ place }) => place !== 'own') &&
    !denies(asked) &&
    parts.some(({ statement }) => denies(statement))
  )
}

/**
 * Whether another sentence or row has more of the question and something else in the place of what is claimed: another
 * amount or date, another cell. Of a word, which has no kind, anything else.
 */
function isBetterPlace(other: PlacedMatch, bearing: PlacedMatch, claim: ShortClaim): boolean {
  const [part] = other.parts
  if (part === undefined || other.parts.length > 1 || isNear(part, bearing.parts)) return false
  if (holdsClaim(other, claim)) return false
  if (part.row === undefined && other.contradiction === 'other') return false
  const isOffer = offersOther(part, bearing.parts, claim)
  if (!isOffer && claim.said.quantities.length > 0) return false
  // A heading is above both; it tells less than the sentence itself.
  const places = isOffer ? IN_SENTENCE : AROUND_SENTENCE
  const lead =
    unitsHeld(other, bearing, claim, places).length - unitsHeld(bearing, other, claim, places).length
  return lead >= (isOffer ? MIN_LEAD : MIN_LEAD_OVER_WORDS)
}

/** The bearing place itself, or what it speaks on about. */
function isNear(part: SourcePart, bearing: readonly SourcePart[]): boolean {
  return bearing.some((own) => own === part || own.antecedents.includes(part))
}

function holdsClaim(match: PlacedMatch, { said }: ShortClaim): boolean {
  const isSaid = (folded: string) => said.words.some((word) => word.folded === folded)
  return (
    match.anchored &&
    match.words.every(({ word, place }) => !isSaid(word.folded) || place === 'own' || place === 'above')
  )
}

/** Words and numbers of the question that stand in one place and not in the other. */
function unitsHeld(
  match: PlacedMatch,
  other: PlacedMatch,
  { asked }: ShortClaim,
  places: ReadonlySet<HeldWord['place']>,
): unknown[] {
  const isThere = ({ words }: PlacedMatch, folded: string) =>
    words.some(({ word, place }) => word.folded === folded && places.has(place))
  const words = asked.words.filter(({ folded }) => isThere(match, folded) && !isThere(other, folded))
  const stands = ({ parts }: PlacedMatch, quantity: Quantity) =>
    parts.some(({ statement }) => statement.quantities.some((own) => isSameQuantity(own, quantity)))
  const quantities = asked.quantities.filter(
    (quantity) => stands(match, quantity) && !stands(other, quantity),
  )
  const hasCode = ({ parts }: PlacedMatch, code: string) =>
    parts.some(({ statement }) => statement.codes.includes(code))
  const codes = asked.codes.filter((code) => hasCode(match, code) && !hasCode(other, code))
  return [...words, ...quantities, ...codes]
}

/** Another row of the same table, or another amount of the same kind that is none of the question's. */
function offersOther(
  { row, statement }: SourcePart,
  bearing: readonly SourcePart[],
  { said, asked }: ShortClaim,
): boolean {
  if (row !== undefined && bearing.some((own) => own.row?.table === row.table)) return true
  const isOther = (amount: Quantity) =>
    ![...said.quantities, ...asked.quantities].some((known) => isSameQuantity(known, amount))
  return said.quantities.some((claimed) =>
    statement.quantities.some((amount) => isSameKind(amount, claimed) && isOther(amount)),
  )
}
