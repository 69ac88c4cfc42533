import { baseOfVerb } from '../text/english-verbs.js'
import type { Quantity } from '../text/quantity.js'
import { type ContentWord, readStatement, type Statement } from '../text/read-statement.js'
import type { Span } from '../text/split-sentences.js'
import { unitOf } from '../text/units.js'
import { type QuestionType, readQuestionType } from './question-type.js'

/** A word of the question and how much it matters that a sentence has it. */
export type AskedWord = {
  readonly word: ContentWord
  readonly weight: number
  /** A thing, as far as its form tells: few words name it. */
  readonly isNoun: boolean
  /** What the unit that it names measures, if it is one: a sentence with an amount in it has the word. */
  readonly dimension?: string
}

/** A question as far as code can compare it with sentences. */
export type ReadQuestion = {
  readonly statement: Statement
  readonly type: QuestionType
  readonly words: readonly AskedWord[]
  readonly quantities: readonly Quantity[]
  readonly codes: readonly string[]
  /** Words of proper names: without them a passage is about something else. */
  readonly names: readonly string[]
  /** The noun that is asked after: `which manufacturer`, `is there Wi-Fi`. Folded; undefined when none stands out. */
  readonly focus: readonly string[]
  /** Whether it asks for something that it does not say itself: all but questions for yes or no. */
  readonly asksForMore: boolean
  /** Sum of all weights. */
  readonly total: number
}

/** A word that occurs nowhere in the index weighs as much as the rarest; of others nothing is known. */
const USUAL_WEIGHT = 3
/** What is done is said in many ways, things are named by few words. */
const VERB_SHARE = 0.5
/** `price` in a question that is answered by an amount of money. */
const NAMED_SHARE = 0.3
/** Words of the sentences before the one that asks. */
const LEADING_SHARE = 0.6
/** Words in brackets at the end: what a follow-up goes on from. */
const CARRIED_SHARE = 0.4
const CARRIED = /\([^()]+\)$/
const QUANTITY_WEIGHT = 3
export const CODE_WEIGHT = 5
/** Everyday verbs that have no form of their own. */
const VERBS = new Set(
  'use want need pour pull dial swap report request renew deliver allow call ask help work look turn put open close visit receive enter apply find check pass mean happen'.split(
    ' ',
  ),
)
const ADVERB_OR_VERB_FORM = /(?:ed|ing|ly)$/
const SPANISH_VERB_FORM = /(?:ar|er|ir|ado|ido|ando|iendo)$/
/** `Is there Wi-Fi`, `Gibt es ein Telefon`, `¿Hay un teléfono`. */
const EXISTENCE = /^\W*(?:(?:is|are|was|were) there|gibt es|gab es|hay|hab[ií]a|y a-t-il)\s+/iu

/** Reads a question. `termWeights` are the weights of its analysed terms: the rarer in the index, the greater. */
export function readQuestion(question: string, termWeights: ReadonlyMap<string, number>): ReadQuestion {
  const statement = readStatement(question)
  const type = readQuestionType(question)
  const carriedFrom = CARRIED.exec(question)?.index ?? question.length
  const words = statement.words
    .filter((word) => !isWithin(word, type.asking))
    .map((word): AskedWord => {
      const dimension = word.folded.length > 2 ? unitOf(word.folded)?.dimension : undefined
      const isNoun = !isVerbal(word, statement)
      const share =
        (isNoun ? 1 : VERB_SHARE) *
        (isWithin(word, type.named) ? NAMED_SHARE : 1) *
        (word.start < type.from ? LEADING_SHARE : 1) *
        (word.start >= carriedFrom ? CARRIED_SHARE : 1)
      return {
        word,
        weight: (termWeights.get(word.term) ?? USUAL_WEIGHT) * share,
        isNoun:
          isNoun && !isWithin(word, type.named) && word.start < carriedFrom && /\p{L}/u.test(word.folded),
        ...(dimension === undefined ? {} : { dimension }),
      }
    })
  const { quantities, codes } = statement
  return {
    statement,
    type,
    words,
    quantities,
    codes,
    names: statement.names.flatMap((name) => name.words),
    focus: focusOf(statement, type, question),
    asksForMore: type.asking.end > type.asking.start,
    total:
      words.reduce((sum, { weight }) => sum + weight, 0) +
      quantities.reduce((sum, quantity) => sum + weightOf(quantity), 0) +
      codes.length * CODE_WEIGHT,
  }
}

/** A long number without a unit, that is no year, names something: `lot 2219`. */
export function weightOf({ values: [value], dimension }: Quantity): number {
  const isName =
    dimension === undefined && value !== undefined && value >= 1000 && !(value >= 1500 && value <= 2100)
  return isName ? CODE_WEIGHT : QUANTITY_WEIGHT
}

function isWithin({ start, end }: Span, outer: Span | undefined): boolean {
  return outer !== undefined && start >= outer.start && end <= outer.end
}

/** German nouns have a capital; elsewhere endings and a list have to do. */
function isVerbal({ folded, start, end }: ContentWord, { text, isGerman }: Statement): boolean {
  if (isGerman) return !/^\p{Lu}/u.test(text.slice(start, end))
  return (
    ADVERB_OR_VERB_FORM.test(folded) ||
    SPANISH_VERB_FORM.test(folded) ||
    baseOfVerb(folded) !== folded ||
    VERBS.has(folded)
  )
}

/** The noun right behind `which` or `what`, and what is asked to be there. */
function focusOf({ words, quantities }: Statement, type: QuestionType, question: string): string[] {
  const existence = EXISTENCE.exec(question)
  if (existence !== null) {
    const [first, second] = words.filter(({ start }) => start >= existence[0].length)
    const isJoined = first !== undefined && second?.start === first.end + 1 && question[first.end] === '-'
    return [first, ...(isJoined ? [second] : [])].flatMap((word) => word?.folded ?? [])
  }
  if (type.kind !== 'open' || type.asking.end === type.asking.start) return []
  const [next] = words.filter(({ start }) => start >= type.asking.end)
  const isBehind =
    next !== undefined &&
    question.slice(type.asking.end, next.start).trim() === '' &&
    !quantities.some(({ start, end }) => next.start >= start && next.end <= end)
  return isBehind &&
    /^(?:which|what|welche[mnrs]?|qu[eé])$/iu.test(question.slice(type.asking.start, type.asking.end))
    ? [next.folded]
    : []
}
