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
    'il elle ils elles lui leur leurs cela ca celui celle ' +
    'それ その これ この そこ 彼 彼女 它 他 她 他们 她们 它们 这 那 这个 那个 那里 这里 其',
)
/** Those of them that stand for somebody, and for somewhere. */
const OF_PERSONS = fold(
  'he him his she her they them their theirs er ihn ihm ihr ihre ihren ihrem ella ellos ellas su sus elle ils elles lui leur leurs 彼 彼女 他 她 他们 她们',
)
const OF_PLACES = fold('there dort alli ahi そこ 那里 这里')
/** Begin a question that leaves out what the one before it was about. */
const ELLIPSIS =
  /^\s*[¿¡"'“„]*\s*(?:and\b|or\b|but\b|what about\b|how about\b|what if\b|why(?: not)?\s*[?？]?\s*$|und\b|oder\b|aber\b|was ist mit\b|wie ist es mit\b|wie sieht es\b|y\b|o\b|pero\b|qu[eé] (?:hay|pasa) con\b|et\b|ou\b|mais\b|那么|那|还有|では|それで|じゃあ)/iu
/** Words that look like pronouns and only say that something exists: `is there`, `gibt es`, `y a-t-il`. */
const EXISTENTIAL =
  /(?<!\p{L})(?:(?:is|are|was|were|be)(?:n['’]t)? there|there(?:['’]s| is| are| was| were| will be)|(?:gibt|gab) es|es (?:gibt|gab)|il y (?:a|avait)|y a-t-il)(?!\p{L})/giu
const CAPITALISED = '\\p{Lu}[\\p{L}\\p{N}-]*'
const PLACE = new RegExp(`(?<!\\p{L})(\\p{Ll}+) (${CAPITALISED}(?: ${CAPITALISED})*)`, 'gu')
const LAST_PLACE = new RegExp(`${PLACE.source}\\s*[?？.!]*\\s*$`, 'u')
/** A question with fewer words of its own is not whole. */
const MIN_OWN_WORDS = 2
const MAX_TOPIC_WORDS = 8
/** What was put to an earlier follow-up. */
const CARRIED = /\(([^()]+)\)$/
const WHO = /^\W*(?:(?:who|whose|wer|wen|wem|wessen|qui[eé]n|qui)(?!\p{L})|誰|谁)/iu
const WHERE = /^\W*(?:(?:where|wo|wohin|d[oó]nde|où)(?!\p{L})|どこ|哪里)/iu

/**
 * Makes a follow-up stand alone by rules, without a model: where it points back (`it`, `there`) or leaves out what it is
 * about (`And in Orzal?`), the topic of the last turn is put to it. Other questions are given as they are.
 */
export function rewriteFollowUp(question: string, past: readonly PastTurn[]): string {
  const last = past.at(-1)
  if (last === undefined) return question
  // A few words do not tell their language.
  const own = readStatement(question, readStatement(last.question).language)
  const referring = readStatement(question.replace(EXISTENTIAL, ' '), own.language)
  const pronouns = referring.folded.filter((word) => PRONOUNS.has(word))
  const pointsBack = pronouns.length > 0
  const isElliptic = ELLIPSIS.test(question) || isThin(question, own)
  if (!pointsBack && !isElliptic) return question
  const exchanged =
    isElliptic && !pointsBack
      ? (exchangeName(question, own, last.question) ?? exchangePlace(question, own, last.question))
      : undefined
  if (exchanged !== undefined) return exchanged
  const topic = referentOf(pronouns, last) ?? topicOf(last, own)
  return topic === '' ? question : `${question.trim()} (${topic})`
}

/** Whether a question has too few words of its own to be whole; one whether something exists asks it of something. */
function isThin(question: string, { words, names }: Statement): boolean {
  const asksWhether = question.search(EXISTENTIAL) !== -1 && names.length === 0
  return words.length < MIN_OWN_WORDS + (asksWhether ? 1 : 0)
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

/**
 * The same where capitals do not tell names, by the preposition: `Und in Orzal?` after `Wann öffnet das Büro in Lindach?`.
 */
function exchangePlace(question: string, own: Statement, before: string): string | undefined {
  const [, preposition = '', place = ''] = LAST_PLACE.exec(question) ?? []
  const hasMore = own.words.length > place.split(/\s+/).length
  if (place === '' || hasMore) return undefined
  const [found, another] = [...before.matchAll(PLACE)].filter(([, word]) => word === preposition)
  if (found === undefined || another !== undefined) return undefined
  const start = found.index + found[0].length - (found[2] ?? '').length
  return before.slice(0, start) + place + before.slice(start + (found[2] ?? '').length)
}

/**
 * Whom or where all the pronouns stand for, when the last question asked for that: `they` after `Who built it?` are those
 * whom the answer names, and nothing else of what it was about.
 */
function referentOf(pronouns: readonly string[], { question, answer }: PastTurn): string | undefined {
  const areAll = (kind: ReadonlySet<string>) =>
    pronouns.length > 0 && pronouns.every((word) => kind.has(word))
  const isAnswered = (areAll(OF_PERSONS) && WHO.test(question)) || (areAll(OF_PLACES) && WHERE.test(question))
  return isAnswered ? namesOf(answer, question)[0] : undefined
}

/**
 * What the last question was about, without the words that the new one has: what was put to it before, else its own words;
 * and a name of its answer where it asked for one or has none itself.
 */
function topicOf({ question, answer }: PastTurn, own: Statement): string {
  const has = new Set(own.words.map(({ term }) => term))
  const carried = CARRIED.exec(question)?.[1]
  const about = carried ?? question
  const words = contentTerms(about)
    .filter(({ term }) => !has.has(term))
    .map(({ start, end }) => about.slice(start, end))
  const asksForName = WHO.test(question) || WHERE.test(question) || readStatement(about).names.length === 0
  const named = asksForName ? namesOf(answer, about).slice(0, 1) : []
  const all = [...words, ...named].filter((word) => !has.has(foldWord(word)))
  return [...new Set(all)].slice(0, MAX_TOPIC_WORDS).join(' ')
}

/** Those of an answer that the question does not have. */
function namesOf(answer: string, question: string): string[] {
  const asked = new Set(analyze(question).map(({ term }) => term))
  return readStatement(answer)
    .names.filter(({ words }) => !words.some((word) => asked.has(word)))
    .map(({ start, end }) => answer.slice(start, end))
}
