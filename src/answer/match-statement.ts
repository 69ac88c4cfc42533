import { isSameKind, isSameQuantity, type Quantity } from '../text/quantity.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import type { ContentWord, Name, Statement } from '../text/read-statement.js'
import { CURRENCIES } from '../text/units.js'
import { type AkinWords, findAkinWords } from './akin-words.js'
import type { Claim } from './claim.js'
import { findContradiction } from './find-contradiction.js'

/** One part of a passage that a claim is held against, or two of which the second speaks on about the first. */
export type Window = readonly SourcePart[]

/** A word of the claim, and how far it is held: 1 by the window or what is above it, less by what it speaks on about. */
export type HeldWord = {
  readonly word: ContentWord
  readonly place: 'own' | 'above' | 'title' | 'before' | 'nowhere'
  readonly credit: number
  /** Part of a name that the claim cannot do without. */
  readonly isName: boolean
}

export type Match = {
  /** Share (0..1) of the claim's weight that the window holds. */
  readonly coverage: number
  /** The part of it that stands in the window itself, not above it. */
  readonly ownCoverage: number
  /** Share of the claim's ordinary words, names left out, that the window holds; 1 when there are none. */
  readonly wordCoverage: number
  /** Share of the claim's name words that are there; undefined when it names nobody and nothing. */
  readonly nameCoverage: number | undefined
  /** How many of its numbers and codes stand in the window itself. */
  readonly ownAnchors: number
  /** Whether every number of the claim is there. */
  readonly quantitiesHeld: boolean
  /** Whether every number, name and code of the claim is there. */
  readonly anchored: boolean
  readonly words: readonly HeldWord[]
  /** Why the window says the contrary, if it does. */
  readonly contradiction: 'negation' | 'other' | undefined
}

const WORD_WEIGHT = 1
/** Names, numbers and codes carry most of what can be wrong. */
const ANCHOR_WEIGHT = 2
/** A word in a sentence that is spoken on about counts for less than one in the sentence itself or above it. */
const NEIGHBOUR_CREDIT = 0.6

/** Compares what a claim says with what each window of a passage says. Gives one match for each window, in order. */
export function matchStatement(claim: Claim, windows: readonly Window[], passage: SourcePassage): Match[] {
  const akin = findAkinWords(claim, passage.vocabulary)
  return windows.map((window) => matchWindow(claim, window, passage, akin))
}

/** The statements of a window by how much they count. */
type Places = {
  readonly own: readonly Statement[]
  readonly above: readonly Statement[]
  readonly title: readonly Statement[]
  readonly before: readonly Statement[]
}

function matchWindow(claim: Claim, window: Window, passage: SourcePassage, akin: AkinWords): Match {
  const places = placesOf(claim, window, passage)
  const nameWords = new Set(claim.names.flatMap(({ words, optional }) => (optional ? [] : words)))
  const words = [...new Map(claim.words.map((word) => [word.folded, word])).values()].map((word) => ({
    ...holdWord(word, places, akin),
    isName: nameWords.has(word.folded),
  }))
  const anchors = holdAnchors(claim, places, passage)
  const all = [
    ...words.map(({ credit, place, isName }) => ({
      credit,
      isOwn: place === 'own',
      weight: isName ? ANCHOR_WEIGHT : WORD_WEIGHT,
    })),
    ...anchors.map(({ credit, isOwn }) => ({ credit, isOwn, weight: ANCHOR_WEIGHT })),
  ]
  const sum = (value: (each: (typeof all)[number]) => number) =>
    all.reduce((total, each) => total + each.weight * value(each), 0)
  const total = Math.max(
    1,
    sum(() => 1),
  )
  const names = claim.names.filter(({ optional }) => !optional)
  return {
    coverage: sum(({ credit }) => credit) / total,
    ownCoverage: sum(({ isOwn }) => (isOwn ? 1 : 0)) / total,
    wordCoverage: shareHeld(words.filter(({ isName }) => !isName)) ?? 1,
    nameCoverage: shareHeld(words.filter(({ isName }) => isName)),
    ownAnchors: anchors.filter(({ isOwn }) => isOwn).length,
    quantitiesHeld: anchors.every(({ isCode, credit }) => isCode || credit > 0),
    anchored:
      anchors.every(({ credit }) => credit > 0) && names.every((name) => holdsName(name, places, passage)),
    words,
    contradiction: findContradiction(claim, window, { ...places, akin, passage }),
  }
}

/** Share of the words that are held anywhere; undefined when there are none. */
function shareHeld(words: readonly HeldWord[]): number | undefined {
  return words.length === 0 ? undefined : words.filter(({ credit }) => credit > 0).length / words.length
}

function placesOf(claim: Statement, window: Window, { title }: SourcePassage): Places {
  const antecedents = window[0]?.antecedents ?? []
  const speaksOfOthers = hasRivalNames(claim, [...antecedents, ...window])
  return {
    // The heads of a table belong to its rows, a question to the No that answers it.
    own: window.flatMap(({ statement, row, denied }) => [
      statement,
      ...(row?.heads ?? []),
      ...(denied === undefined ? [] : [denied]),
    ]),
    above: window.flatMap(({ context }) => context),
    title: [title],
    before: speaksOfOthers ? [] : antecedents.map(({ statement }) => statement),
  }
}

function holdWord(
  word: ContentWord,
  { own, above, title, before }: Places,
  akin: AkinWords,
): Omit<HeldWord, 'isName'> {
  if (akin.inAny(own, word)) return { word, place: 'own', credit: 1 }
  if (akin.inAny(above, word)) return { word, place: 'above', credit: 1 }
  if (akin.inAny(title, word)) return { word, place: 'title', credit: 1 }
  if (akin.inAny(before, word)) return { word, place: 'before', credit: NEIGHBOUR_CREDIT }
  return { word, place: 'nowhere', credit: 0 }
}

function holdAnchors(
  { quantities, codes }: Statement,
  { own, above, title }: Places,
  { whole }: SourcePassage,
) {
  return [
    ...quantities
      .filter((quantity) => isAsked(quantity, quantities, own))
      .map((quantity) => {
        const isOwn = holdsQuantity(quantity, own)
        const isHeld =
          isOwn ||
          holdsQuantity(quantity, [...above, ...title]) ||
          (isYear(quantity) && holdsQuantity(quantity, [whole])) ||
          isDayOfNamedMonth(quantity, own, whole)
        return { isCode: false, isOwn, credit: isHeld ? 1 : 0 }
      }),
    ...codes.map((code) => {
      const holds = (statements: readonly Statement[]) =>
        statements.some((statement) => statement.codes.includes(code))
      return { isCode: true, isOwn: holds(own), credit: holds([...own, ...above, ...title]) ? 1 : 0 }
    }),
  ]
}

/** `each year` may go without saying, unless it is a price's or the window has another time. */
function isAsked(quantity: Quantity, all: readonly Quantity[], own: readonly Statement[]): boolean {
  if (quantity.dimension !== 'rate') return true
  const isPriced = all.some(({ dimension }) => dimension !== undefined && CURRENCIES.has(dimension))
  return isPriced || own.some(({ quantities }) => quantities.some(({ dimension }) => isTime(dimension)))
}

function isTime(dimension: string | undefined): boolean {
  return dimension === 'rate' || dimension === 'time' || dimension === 'months'
}

function holdsQuantity(wanted: Quantity, statements: readonly Statement[]): boolean {
  const all = statements.flatMap(({ quantities }) => quantities)
  // Among euros, `16 of them` is no amount of money.
  const comparable = all.filter(({ dimension }) => dimension === wanted.dimension)
  return (wanted.dimension !== undefined && comparable.length > 0 ? comparable : all).some((quantity) =>
    isSameQuantity(wanted, quantity),
  )
}

/** `the night of the 22nd to the 23rd`, where the month is named elsewhere. */
function isDayOfNamedMonth({ date }: Quantity, own: readonly Statement[], whole: Statement): boolean {
  if (date === undefined) return false
  const isDay = own.some(({ quantities }) =>
    quantities.some(({ values, dimension }) => dimension === undefined && values.includes(date.day)),
  )
  return isDay && whole.quantities.some((other) => other.date?.month === date.month)
}

function isYear({ values: [value], dimension }: Quantity): boolean {
  return dimension === undefined && value !== undefined && value >= 1500 && value <= 2100
}

/**
 * A name stands in the window, or above it or in the sentence before when the window has no other full name. A part of a
 * name may be left out of the window when the passage has the whole: `Sonnleitner` for `Hedwig Sonnleitner`.
 */
function holdsName(
  { words }: Name,
  { own, above, title, before }: Places,
  { whole }: SourcePassage,
): boolean {
  const isNamedIn = (statements: readonly Statement[]) => (word: string) =>
    statements.some(({ folded }) => folded.some((other) => isSameName(word, other)))
  const hasOther = own.some(({ names }) =>
    names.some((name) => name.words.length > 1 && !name.words.some((word) => words.includes(word))),
  )
  const near = hasOther ? own : [...own, ...above, ...title, ...before]
  const missing = words.filter((word) => !isNamedIn(near)(word))
  if (missing.length === 0) return true
  if (missing.length === words.length) return false
  return whole.names.some((name) => words.every((word) => name.words.includes(word)))
}

/** `Lindachs` is Lindach, `Griesalmhütte` has Griesalm in it. */
function isSameName(name: string, other: string): boolean {
  if (name === other) return true
  const [short, long] = name.length <= other.length ? [name, other] : [other, name]
  return short.length >= 4 && long.startsWith(short) && (long.length - short.length <= 2 || short.length >= 6)
}

/** Whether one of the sentences speaks of others than the claim does: it has names, and none of the claim's. */
export function hasRivalNames(claim: Statement, parts: readonly SourcePart[]): boolean {
  const named = new Set(claim.names.flatMap(({ words }) => words))
  const isNamed = ({ words }: Name) => words.some((word) => named.has(word))
  const speaksOfOthers = ({ statement: { names } }: SourcePart) => names.length > 0 && !names.some(isNamed)
  return named.size > 0 && parts.some(speaksOfOthers)
}

/** Whether sentences give an amount of a kind that the claim has another one of; those that are `known` do not count. */
export function hasRivalAmounts(
  claim: Statement,
  parts: readonly SourcePart[],
  known: readonly Quantity[] = [],
): boolean {
  const competes = (amount: Quantity) =>
    claim.quantities.some((own) => isSameKind(own, amount)) &&
    ![...claim.quantities, ...known].some((own) => isSameQuantity(own, amount))
  return parts.some(({ statement }) => statement.quantities.some(competes))
}

/** The numbers and codes of a claim that a statement has. */
export function sharedAnchors(claim: Statement, statement: Statement): readonly unknown[] {
  return [
    ...claim.quantities.filter((quantity) => holdsQuantity(quantity, [statement])),
    ...claim.codes.filter((code) => statement.codes.includes(code)),
  ]
}
