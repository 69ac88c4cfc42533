import { areAkin } from '../text/are-akin.js'
import { isSameQuantity, isWithinRange } from '../text/quantity.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import type { ContentWord, Statement } from '../text/read-statement.js'
import { isOfKind } from './question-type.js'
import { type AskedWord, CODE_WEIGHT, type ReadQuestion, weightOf } from './read-question.js'

/** How well a sentence or row answers a question. */
export type ScoredPart = {
  readonly passage: SourcePassage
  /** Number of the passage. */
  readonly number: number
  /** Its rank among the passages found, from 0. */
  readonly rank: number
  readonly part: SourcePart
  /** Share (0..1) of the question's weight that stands in the part or around it, less when it is of another kind. */
  readonly score: number
  /** Whether it has what is asked for: a person, a date, an amount. */
  readonly isOfKind: boolean
  /** Share (0..1) of the question's weight whose words stand anywhere in its passage, its title too. */
  readonly coverage: number
  /** Whether its passage has the names that the question has. */
  readonly hasNames: boolean
  /** Terms of the question that it has itself. */
  readonly terms: readonly string[]
  /** Whether it was found by what stands above it rather than by its own words: one of a list. */
  readonly isListed: boolean
}

/** How much a word counts by where it stands. */
const CREDIT = {
  own: 1,
  head: 0.9,
  above: 0.8,
  antecedent: 0.6,
  title: 0.5,
  before: 0.35,
  after: 0.2,
  passage: 0.15,
}
const AKIN = 0.85
/** `Parkplatz` is a kind of `Platz`, which says little of it: the only likeness that leaves a part of a word unsaid. */
const WIDER = 0.4
/** `Verbandszeug` and `Verbandskasten`, `acequia` and `acequiero`: words that begin alike, for half of the shorter one at least. */
const KINDRED = { credit: 0.45, minChars: 6, minShare: 0.5 }
const OTHER_KIND = 0.6
const OTHER_SUBJECT = 0.5
const MIN_SHARE_BESIDE_TITLE = 0.33
const AROUND: ReadonlySet<PlaceName> = new Set(['before', 'after', 'passage', 'nowhere'])
/** Of equals, the better passage. */
const RANK_BONUS = 0.05

type PlaceName = keyof typeof CREDIT | 'nowhere'
type Place = { readonly statement: Statement; readonly name: keyof typeof CREDIT }
/** By place and likeness; `likeness` (0..1) is that of the words alone. */
type Credited = { readonly credit: number; readonly likeness: number; readonly place: PlaceName }

/** Scores the sentences and rows of a passage, `rank` from 0. What asks or only names something is left out. */
export function scoreParts(
  question: ReadQuestion,
  passage: SourcePassage,
  rank: number,
  number: number,
): ScoredPart[] {
  const hasNames = question.names.every((name) =>
    [passage.title, passage.whole].some(({ folded }) => folded.some((word) => isNamed(name, word))),
  )
  const akin = question.words.map(({ word }) => akinIn(passage, word))
  return passage.parts.flatMap((part, i) => {
    if (asksOrHeads(passage.text.slice(part.start, part.end))) return []
    if (question.asksForMore && !saysMore(part.statement, question)) return []
    const places = placesOf(passage, part, i)
    const credits = question.words.map((asked, j) => ({ ...asked, ...creditOf(asked, places, akin[j]) }))
    const anchors = creditsOfAnchors(question, places)
    const all = [...credits, ...anchors]
    const held = sum(all, ({ weight, credit }) => weight * credit)
    const isFocused =
      question.focus.length === 0 ||
      credits.some(({ word, credit }) => question.focus.includes(word.folded) && credit > 0)
    const ofKind = isOfKind(question.type, part.statement, question.statement)
    const factors =
      (ofKind ? 1 : OTHER_KIND) * (hasNames && isFocused && !restsOnTitle(all) ? 1 : OTHER_SUBJECT)
    const shareOf = (weight: number) => (question.total === 0 ? 0 : weight / question.total)
    const known = sum(all, ({ likeness, weight }) => weight * (likeness > WIDER ? 1 : likeness))
    const own = credits.filter(({ place }) => place === 'own' || place === 'head')
    return [
      {
        passage,
        number,
        rank,
        part,
        score: shareOf(held) * factors + RANK_BONUS / (rank + 1),
        coverage: shareOf(known),
        isOfKind: ofKind,
        hasNames,
        terms: own.map(({ word }) => word.term),
        isListed: credits.filter(({ place }) => place === 'above').length > own.length,
      },
    ]
  })
}

/** What the title does not say must stand in the part or near it, as to a third at least. */
function restsOnTitle(all: readonly (Credited & { readonly weight: number })[]): boolean {
  const rest = all.filter(({ place }) => place !== 'title')
  const near = sum(rest, ({ place, weight, credit }) => (AROUND.has(place) ? 0 : weight * credit))
  return near < MIN_SHARE_BESIDE_TITLE * sum(rest, ({ weight }) => weight)
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

function placesOf(passage: SourcePassage, part: SourcePart, i: number): Place[] {
  const before = passage.parts[i - 1]
  const after = passage.parts[i + 1]
  return [
    { statement: part.statement, name: 'own' },
    ...(part.row?.heads ?? []).map((statement) => ({ statement, name: 'head' as const })),
    ...part.context.map((statement) => ({ statement, name: 'above' as const })),
    ...part.antecedents.map(({ statement }) => ({ statement, name: 'antecedent' as const })),
    { statement: passage.title, name: 'title' },
    ...(before === undefined ? [] : [{ statement: before.statement, name: 'before' as const }]),
    ...(after === undefined ? [] : [{ statement: after.statement, name: 'after' as const }]),
    { statement: passage.whole, name: 'passage' },
  ]
}

/** By the best place that has the word, or an amount in the unit that it names. */
function creditOf(
  { dimension }: AskedWord,
  places: readonly Place[],
  akin: ReadonlyMap<string, number> | undefined,
): Credited {
  return best(places, (statement) => {
    const isMeasured =
      dimension !== undefined && statement.quantities.some((quantity) => quantity.dimension === dimension)
    if (isMeasured) return 1
    let credit = 0
    for (const { folded } of statement.words) credit = Math.max(credit, akin?.get(folded) ?? 0)
    return credit
  })
}

/** The words of a passage that may stand for a word of the question, and how well. */
function akinIn({ vocabulary }: SourcePassage, word: ContentWord): Map<string, number> {
  return new Map(
    vocabulary.flatMap((other) => {
      const credit = akinCredit(word, other)
      return credit === 0 ? [] : [[other.folded, credit] as const]
    }),
  )
}

function best(places: readonly Place[], creditIn: (statement: Statement) => number): Credited {
  let found: Credited = { credit: 0, likeness: 0, place: 'nowhere' }
  for (const { statement, name } of places) {
    if (CREDIT[name] <= found.credit) continue
    const likeness = creditIn(statement)
    const credit = CREDIT[name] * likeness
    if (credit > found.credit) found = { credit, likeness, place: name }
  }
  return found
}

function akinCredit(asked: ContentWord, other: ContentWord): number {
  if (asked.term === other.term) return 1
  if (!areAkin(asked, other)) return areKindred(asked.folded, other.folded) ? KINDRED.credit : 0
  const isWider = asked.folded.length >= other.folded.length + 3 && asked.folded.endsWith(other.folded)
  return isWider ? WIDER : AKIN
}

function areKindred(a: string, b: string): boolean {
  const least = Math.max(KINDRED.minChars, Math.ceil(KINDRED.minShare * Math.min(a.length, b.length)))
  return a.length >= least && a.slice(0, least) === b.slice(0, least)
}

function creditsOfAnchors({ quantities, codes }: ReadQuestion, places: readonly Place[]) {
  return [
    ...quantities.map((quantity) => ({
      weight: weightOf(quantity),
      ...best(places, ({ text, quantities: others }) =>
        others.some((other) => isSameQuantity(quantity, other)) || isWithinRange(quantity, text, others)
          ? 1
          : 0,
      ),
    })),
    ...codes.map((code) => ({
      weight: CODE_WEIGHT,
      ...best(places, (statement) => (statement.codes.includes(code) ? 1 : 0)),
    })),
  ]
}

/** `Lindachs` is Lindach, `Griesalmhütte` has Griesalm in it, and the other way round. */
function isNamed(name: string, word: string): boolean {
  const [short, long] = name.length <= word.length ? [name, word] : [word, name]
  return short === long || (short.length >= 4 && long.startsWith(short))
}

/** Whether it has a word, a number or a code that the question has not. */
function saysMore({ words, quantities, codes }: Statement, question: ReadQuestion): boolean {
  return (
    words.some((word) => !question.words.some((asked) => akinCredit(asked.word, word) > 0)) ||
    quantities.some((quantity) => !question.quantities.some((asked) => isSameQuantity(asked, quantity))) ||
    codes.some((code) => !question.codes.includes(code))
  )
}

/** Questions answer nothing; nor do the headers of mails, which are no rows of a table. */
function asksOrHeads(text: string): boolean {
  if (text.includes(' | ')) return false
  return (
    /[?？]["'”’)*_]*\s*$/u.test(text) ||
    /^\s*(?:from|to|cc|date|subject|von|an|datum|betreff|de|para|copia|fecha|asunto):/i.test(text)
  )
}
