import { isSameKind, isSameQuantity } from '../text/quantity.js'
import type { Amount, ContentWord, Name, Statement } from '../text/read-statement.js'
import type { Span } from '../text/split-sentences.js'
import { unitOfWord } from '../text/units.js'
import type { AkinWords } from './akin-words.js'
import type { Claim } from './claim.js'

/** Words more around another amount than around the one that the claim has. */
const MIN_WORDS_OF_RIVAL = 2

/**
 * Where a sentence gives several amounts of a kind, whether the claim has one with the words or the name of another: `34
 * euros per minute of flight, and the approach is a lump sum of 390 euros` says nothing of 390 euros per minute; `the
 * Griesalm with 24 beds, the Harrow with 16` nothing of 24 beds in the Harrow.
 */
export function hasExchangedAmounts(claim: Claim, source: Statement, akin: AkinWords): boolean {
  return claim.quantities.some((quantity) => {
    const isOwn = (other: Amount) => isSameQuantity(quantity, other)
    const known = [...claim.quantities, ...(claim.question?.quantities ?? [])]
    const isRival = (other: Amount) =>
      isSameKind(other, quantity) && !known.some((each) => isSameQuantity(each, other))
    const around = (isMeant: (amount: Amount) => boolean) =>
      claim.question === undefined ? piecesWith(source, isMeant) : stretchesWith(source, isMeant)
    const [own, rivals] = [around(isOwn), around(isRival)]
    if (own.length === 0 || rivals.length === 0) return false
    if (claim.question !== undefined) return hasFurtherRival(claim, source, own, rivals, akin)
    const sharedWords = (segments: readonly Span[]) =>
      Math.max(
        ...segments.map(
          (segment) => claim.words.filter((word) => isAkinWithin(word, source, segment, akin)).length,
        ),
      )
    const names = (segments: readonly Span[]) =>
      source.names.filter((name) => segments.some((segment) => isWithin(name, segment)))
    const isClaimed = (name: Name) =>
      claim.names.some(({ words }) => isPartOf(words, name.words) || isPartOf(name.words, words))
    const isOfOther = names(own).length > 0 && !names(own).some(isClaimed) && names(rivals).some(isClaimed)
    return isOfOther || sharedWords(rivals) >= sharedWords(own) + MIN_WORDS_OF_RIVAL
  })
}

/** The pieces between commas that have such an amount. */
function piecesWith(source: Statement, isMeant: (amount: Amount) => boolean): Span[] {
  return source.segments.filter((piece) =>
    source.quantities.some((amount) => isMeant(amount) && isWithin(amount, piece)),
  )
}

/**
 * The same with what belongs to the amount beyond its own commas: a remark in brackets, `14 euros (members)`; what is said
 * behind an amount in front, `In 2019, the association ...`.
 */
function stretchesWith(source: Statement, isMeant: (amount: Amount) => boolean): Span[] {
  const { text, segments, quantities, words } = source
  const hasSome = (spans: readonly Span[], piece: Span) => spans.some((span) => isWithin(span, piece))
  return piecesWith(source, isMeant).map((piece) => {
    const next = segments[segments.indexOf(piece) + 1]
    if (next === undefined || isTabular(source)) return piece
    const isFronted = piece.start === 0 && !hasSome(words, piece)
    const isRemark = /[(（]/.test(text.charAt(next.start)) && !hasSome(quantities, next)
    return isFronted || isRemark ? { start: piece.start, end: next.end } : piece
  })
}

function isTabular({ text }: Statement): boolean {
  return text.includes('|')
}

/**
 * Of an answer without a verb, whether another amount of the sentence stands with more of the question: `the calendar costs 14
 * euros, for members 11`. What is said once holds for the amounts behind it too, though not from cell to cell of a row; of two
 * that have as much, the one that has none of it between its own commas is not meant.
 */
function hasFurtherRival(
  claim: Statement,
  source: Statement,
  own: readonly Span[],
  rivals: readonly Span[],
  akin: AkinWords,
): boolean {
  const count = ({ start, end }: Span) =>
    claim.words.filter((word) => isAkinWithin(word, source, { start, end }, akin)).length
  const most = (segments: readonly Span[], from: (segment: Span) => number) =>
    Math.max(...segments.map(({ start, end }) => count({ start: from({ start, end }), end })))
  const isRow = isTabular(source)
  const upTo = (segments: readonly Span[]) => most(segments, ({ start }) => (isRow ? start : 0))
  const within = (segments: readonly Span[]) => most(segments, ({ start }) => start)
  const lead = upTo(rivals) - upTo(own)
  return lead > 0 || (lead === 0 && within(own) === 0 && within(rivals) > 0)
}

/** Whether the claim makes a least of what the source makes a greatest, or the other way round. */
export function hasOtherBound(claim: Statement, source: Statement): boolean {
  return claim.quantities.some((quantity) => {
    const same = source.quantities.filter((other) => isSameQuantity(quantity, other))
    const bounds = same.map(({ bound }) => bound)
    return (
      quantity.bound !== undefined &&
      bounds.length > 0 &&
      bounds.every((bound) => bound !== undefined && bound !== quantity.bound)
    )
  })
}

/** Whether the claim names another unit than the source does, neither with a number: `in millimetres`. */
export function hasOtherUnit(claim: Statement, source: Statement): boolean {
  const units = ({ words }: Statement) => words.flatMap(({ folded }) => unitOfWord(folded) ?? [])
  const stated = units(source)
  return units(claim).some(
    ({ dimension, factor }) =>
      stated.some((unit) => unit.dimension === dimension) &&
      !stated.some((unit) => unit.dimension === dimension && unit.factor === factor),
  )
}

/**
 * In a sentence about several, whether the claim says of one what stands with another: `the best was Moorside, the worst
 * Laguna Honda` says nothing of Laguna Honda being the best.
 */
export function hasExchangedNames(claim: Statement, source: Statement, akin: AkinWords): boolean {
  const isClaimed = (name: Name) =>
    claim.names.some(({ words }) => isPartOf(words, name.words) || isPartOf(name.words, words))
  const ordinary = claim.words.filter(
    ({ folded }) => !claim.names.some(({ words }) => words.includes(folded)),
  )
  const shared = (segment: Span) =>
    ordinary.filter((word) => isAkinWithin(word, source, segment, akin)).length
  const named = source.segments.map((segment) => ({
    shared: shared(segment),
    names: source.names.filter((name) => isWithin(name, segment)),
  }))
  const own = named.filter(({ names }) => names.some(isClaimed))
  const others = named.filter(({ names }) => names.length > 0 && !names.some(isClaimed))
  const most = Math.max(0, ...own.map((segment) => segment.shared))
  return own.length > 0 && others.some((other) => most === 0 && other.shared >= MIN_WORDS_OF_RIVAL)
}

function isPartOf(words: readonly string[], others: readonly string[]): boolean {
  return words.every((word) => others.includes(word))
}

function isAkinWithin(word: ContentWord, source: Statement, segment: Span, akin: AkinWords): boolean {
  return akin.in(source, word).some((other) => isWithin(other, segment))
}

/**
 * Whether the claim has another noun in the place of one of the source: `a lithium battery` for `a lead battery`, `shows a
 * stag` for `shows a fox`. The place is known by the word beside it and by what stands between.
 */
export function hasSubstitute(claim: Statement, source: Statement, akin: AkinWords): boolean {
  const pairs = neighboursIn(source)
  const stands = (own: ContentWord, other: ContentWord) =>
    akin.in({ ...source, words: [other] }, own).length > 0
  const isForeign = (word: ContentWord) => !claim.words.some((own) => stands(own, word))
  /** How much of the claim stands with a word of it between the same commas. */
  const standing = (word: ContentWord) =>
    Math.max(
      0,
      ...source.segments
        .filter((segment) => isAkinWithin(word, source, segment, akin))
        .map((segment) => countWithin(claim, source, segment, akin)),
    )
  return neighboursIn(claim).some(({ left, right, between }) => {
    const isReplaced = (missing: ContentWord, anchor: ContentWord, side: 'left' | 'right') => {
      const isElsewhere = akin.inAny([source], missing)
      if (!isInNounPlace(missing, claim) || (isElsewhere && between === '')) return false
      const here = pairs.filter(
        (pair) => stands(anchor, pair[side === 'left' ? 'right' : 'left']) && isForeign(pair[side]),
      )
      const replacing = here.filter(
        (pair) =>
          isSamePlace(pair.between, between) && (side === 'left' || isInNounPlace(pair[side], source)),
      )
      return replacing.length > 0 && (!isElsewhere || standing(missing) < standing(anchor))
    }
    return isReplaced(right, left, 'right') || isReplaced(left, right, 'left')
  })
}

function countWithin(claim: Statement, source: Statement, segment: Span, akin: AkinWords): number {
  const words = claim.words.filter((word) => isAkinWithin(word, source, segment, akin)).length
  const amounts = source.quantities.filter(
    (amount) =>
      isWithin(amount, segment) && claim.quantities.some((quantity) => isSameQuantity(quantity, amount)),
  ).length
  return words + amounts
}

type Neighbours = { readonly left: ContentWord; readonly right: ContentWord; readonly between: string }

/** Articles and possessives do not tell one place from another. */
const DETERMINERS =
  /\b(?:the|an?|own|our|your|his|her|its|their|my|this|that|der|die|das|den|dem|des|eine?[nmrs]?|unser\w*|ihr\w*|sein\w*|el|la|los|las|una?|su|sus|les?|des|du|une?|ses|leurs?)\b/giu

/** Words beside one another, with nothing but function words between them. */
function neighboursIn({ text, words, segments, quantities }: Statement): Neighbours[] {
  return words.flatMap((left, i) => {
    const right = words[i + 1]
    if (right === undefined) return []
    const gap = { start: left.end, end: right.start }
    const isParted =
      quantities.some((amount) => amount.start >= gap.start && amount.end <= gap.end) ||
      !segments.some((segment) => isWithin(left, segment) && isWithin(right, segment))
    if (isParted) return []
    return [{ left, right, between: functionWords(text.slice(gap.start, gap.end)) }]
  })
}

/** An article alone counts as one; behind a preposition it tells nothing. */
function functionWords(gap: string): string {
  const without = gap.toLowerCase().replace(DETERMINERS, '').replace(/\s+/g, ' ').trim()
  return without === '' && gap.trim() !== '' ? 'article' : without
}

const BEFORE_NOUN =
  /(?:^|[^\p{L}])(?:the|an?|own|our|your|his|her|its|their|on|in|of|for|at|by|with|der|die|das|den|dem|des|eine?[nmrs]?|kein\w*|von|vom|für|mit|zum|zur|im|am|el|la|los|las|una?|su|sus|de|del|en|con|por|les?|des|du|une?)\s+$/iu

/** Behind an article or a preposition, and no name. */
function isInNounPlace({ start, end }: ContentWord, { text, names }: Statement): boolean {
  if (names.some((name) => start >= name.start && end <= name.end)) return false
  return BEFORE_NOUN.test(text.slice(Math.max(0, start - 12), start))
}

function isSamePlace(a: string, b: string): boolean {
  const bare = (between: string) => (between === 'article' ? '' : between)
  return bare(a) === bare(b)
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}
