import { termOf } from './analyze.js'
import { foldWord, MAX_TERM_CHARS } from './fold-word.js'
import { NOT_ASCII, segmentWords } from './segment-words.js'

/** Han, kana and Hangul: what is looked up in them is seldom cut as the dictionary cuts it, and never by blanks alone. */
const EAST_ASIAN = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u30fc]{2,}/gu
/** A text of at least two such characters and nothing else. */
export const EAST_ASIAN_ONLY = new RegExp(`^${EAST_ASIAN.source}$`, 'u')
/** Words joined without blanks: `body_too_large`, `set-cookie`, `src/text/a.ts`, `5.1.2`, `std::vector`. */
const COMPOUND = /[\p{L}\p{N}\p{M}]+(?:(?:[_\-./\\@]|::)[\p{L}\p{N}\p{M}]+)+/gu
const STYLE_JOINERS = /[_-]/g
const JOINERS = /[./\\@:]+/g
/** Stands for a joiner inside a term: a private character, which no text analysis takes for the end of a word. */
const JOINED = '\ue000'
/** Where camelCase and letters beside digits part: `maxTokens`, `HTTPServer`, `utf8Decoder`; not `APIs`, `v5`. */
const BOUNDARY =
  /(?<=[\p{Ll}\p{M}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})|(?<=\p{L}{2})(?=\p{N})|(?<=\p{N})(?=\p{L}{2})/u

/** What it is in ASCII alone, in a fifth of the time. */
const ASCII_BOUNDARY = /[a-z][A-Z]|[A-Z]{2}[a-z]{2}|[A-Za-z]{2}[0-9]|[0-9][A-Za-z]{2}/

/** A Hebrew word that may begin with `and`, `the`, `in`, `to`, `as`, `from` or `that`, which are written together with it. */
const HEBREW_PREFIXED = /^(?:[ושכ]?[הבלמכ]|[וש])(?=[\u05d0-\u05ea]{3,}$)/u
const HEBREW_LETTER = /[\u05d0-\u05ea]/

/** A word in one style, which has no parts. */
const SIMPLE_WORD = /^(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]+)$/
const EAST_ASIAN_LETTER = new RegExp(EAST_ASIAN.source, 'u')
const JOINED_LETTERS = /\S(?:[_\-./\\@]|::)\S/

/**
 * What a text is found by beside its words: pairs of neighbouring East Asian characters, the parts of identifiers and the
 * identifiers as a whole (with `_` and `-` left out, so that their spelling does not matter), Hebrew words without their
 * prefixes, and Vietnamese without tones.
 * `identifierParts` are those of the text's words, where they are at hand.
 */
export function partTerms(
  text: string,
  language: string,
  identifierParts: readonly string[] = identifierPartsOf(text, language),
): string[] {
  return [
    ...characterPairs(text),
    ...identifierParts,
    ...wholeCompounds(text),
    ...(language === 'vi' ? wordsWithoutTones(text) : []),
  ]
}

/** The same of a query, for passages of any of these languages: each entry is the terms of one part. */
export function partForms(text: string, languages: readonly string[]): string[][] {
  const forms = (part: string) => [...new Set(languages.map((language) => termOf(part, language)))]
  return [
    ...characterPairs(text).map((pair) => [pair]),
    ...segmentWords(text).flatMap(({ word }) => splitWord(word).map(forms)),
    ...wholeCompounds(text).map((whole) => [whole]),
    ...(languages.includes('vi') ? wordsWithoutTones(text).map((word) => [word]) : []),
  ]
}

/** A boundary within a word is one within its text: a text without any need not be cut into words. */
function identifierPartsOf(text: string, language: string): string[] {
  const mayHaveParts = NOT_ASCII.test(text)
    ? BOUNDARY.test(text) || HEBREW_LETTER.test(text)
    : ASCII_BOUNDARY.test(text)
  if (!mayHaveParts) return []
  return segmentWords(text).flatMap(({ word }) => partsOfWord(word, language))
}

/** Each two neighbouring characters of the East Asian runs of a text. */
export function characterPairs(text: string): string[] {
  const pairs: string[] = []
  if (!EAST_ASIAN_LETTER.test(text)) return pairs
  for (const [run] of text.matchAll(EAST_ASIAN)) {
    const characters = Array.from(run, foldWord)
    for (let i = 0; i + 1 < characters.length; i++) {
      pairs.push(`${characters[i] ?? ''}${characters[i + 1] ?? ''}`)
    }
  }
  return pairs
}

/** The terms of the parts of an identifier, and of a Hebrew word without what is written together with it; none for others. */
export function partsOfWord(word: string, language: string): string[] {
  return splitWord(word).map((part) => termOf(part, language))
}

function splitWord(word: string): string[] {
  if (word.length < 3 || word.length > MAX_TERM_CHARS || SIMPLE_WORD.test(word)) return []
  const prefix = HEBREW_PREFIXED.exec(word)
  if (prefix !== null) return [word.slice(prefix[0].length)]
  const parts = word.split(BOUNDARY)
  return parts.length > 1 ? parts : []
}

function wholeCompounds(text: string): string[] {
  const terms: string[] = []
  if (!JOINED_LETTERS.test(text)) return terms
  for (const [compound] of text.matchAll(COMPOUND)) {
    const whole = compound.replace(STYLE_JOINERS, '').split(JOINERS).map(foldWord).join(JOINED)
    if (whole.length <= MAX_TERM_CHARS) terms.push(whole)
  }
  return terms
}

function wordsWithoutTones(text: string): string[] {
  return Array.from(segmentWords(text), ({ word }) => foldWord(word))
}
