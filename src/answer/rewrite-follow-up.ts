import { analyze } from '../text/analyze.js'
import { contentTerms } from '../text/content-terms.js'
import { foldWord } from '../text/fold-word.js'
import { readStatement, type Statement } from '../text/read-statement.js'
import type { PastTurn } from './history.js'

const fold = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Stand for something said before. Folded; articles of other languages left out. */
const PRONOUNS = fold(
  'it its he him his she her they them their theirs this that these those there then one ones former latter same such ' +
    'er sie es ihn ihm ihr ihre ihren ihrem deren dessen dies diese dieser dieses diesem diesen dort dafur davon damit dazu daran daruber ' +
    'ella ellos ellas lo le les su sus esto eso ese esa esos esas alli ahi ello ' +
    'il elle ils elles lui leur leurs cela ca celui celle y ' +
    'それ その これ この そこ 彼 彼女 它 他 她 他们 她们 它们 这 那 这个 那个 那里 这里 其',
)
/** Begin a question that leaves out what the one before it was about. */
const ELLIPSIS =
  /^\s*[¿¡"'“„]*\s*(?:and\b|or\b|but\b|what about\b|how about\b|what if\b|why(?: not)?\s*[?？]?\s*$|und\b|oder\b|aber\b|was ist mit\b|wie ist es mit\b|wie sieht es\b|y\b|o\b|pero\b|qu[eé] (?:hay|pasa) con\b|et\b|ou\b|mais\b|那么|那|还有|では|それで|じゃあ)/iu
/** A question with fewer words of its own is not whole. */
const MIN_OWN_WORDS = 2
const MAX_TOPIC_WORDS = 8

/**
 * Makes a follow-up stand alone by rules, without a model: where it points back (`it`, `there`) or leaves out what it is
 * about (`And in Orzal?`), the topic of the last turn is put to it. Other questions are given as they are.
 */
export function rewriteFollowUp(question: string, past: readonly PastTurn[]): string {
  const last = past.at(-1)
  if (last === undefined) return question
  const own = readStatement(question)
  const pointsBack = own.folded.some((word) => PRONOUNS.has(word))
  const isElliptic = ELLIPSIS.test(question) || own.words.length < MIN_OWN_WORDS
  if (!pointsBack && !isElliptic) return question
  const exchanged = isElliptic && !pointsBack ? exchangeName(question, own, last.question) : undefined
  if (exchanged !== undefined) return exchanged
  const topic = topicOf(last, own)
  return topic === '' ? question : `${question.trim()} (${topic})`
}

/** `And in Orzal?` after `When does the office in Lindach open?`: the same question with the other name. */
function exchangeName(question: string, own: Statement, before: string): string | undefined {
  const asked = readStatement(before)
  const [name, another] = own.names
  const [replaced, second] = asked.names
  const hasMore = own.words.length > (name?.words.length ?? 0)
  if (name === undefined || another !== undefined || hasMore) return undefined
  if (replaced === undefined || second !== undefined) return undefined
  return before.slice(0, replaced.start) + question.slice(name.start, name.end) + before.slice(replaced.end)
}

/** The words that the last question was about, and the names of its answer, without those that the new one has. */
function topicOf({ question, answer }: PastTurn, own: Statement): string {
  const has = new Set(own.words.map(({ term }) => term))
  const words = contentTerms(question)
    .filter(({ term }) => !has.has(term))
    .map(({ start, end }) => question.slice(start, end))
  const names = readStatement(answer)
    .names.filter(
      ({ words: parts }) => !parts.some((part) => analyze(question).some(({ term }) => term === part)),
    )
    .map(({ start, end }) => answer.slice(start, end))
  const all = [...words, ...names.slice(0, 1)].filter((word) => !has.has(foldWord(word)))
  return [...new Set(all)].slice(0, MAX_TOPIC_WORDS).join(' ')
}
