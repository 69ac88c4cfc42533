import { stemmer } from 'stemmer'
import { dropAccents, foldWord, lowerWord } from './fold-word.js'
import { stemmerFor } from './languages.js'
import { segmentWords, type Word } from './segment-words.js'

/** A word reduced to the form it is indexed and searched by, and where it stands. */
export type Term = { readonly term: string; readonly start: number; readonly end: number }

/** A term with the form it has before stemming. */
export type FoldedWord = Term & { readonly folded: string }

/** Changes whenever the same text would be indexed by other terms. */
export const analysisVersion = 'words/3'

/** Whose rules hold where nothing tells the language. */
export const DEFAULT_LANGUAGE = 'en'

const ASCII_WORD = /^[a-z]+$/
const SHORT_CAPITALS = /^[A-Z]{1,3}$/

/**
 * The terms of a text in a language (ISO 639-1), the same way for what is indexed and what is asked: words in order,
 * folded and stemmed. English by Porter's algorithm (1980), others by Snowball's; words of another alphabet than the
 * language's by the rules of the language that has it. `termIn` is `termOf`, or one that remembers.
 */
export function analyze(
  text: string,
  language: string = DEFAULT_LANGUAGE,
  termIn: (word: string, language: string) => string = termOf,
): Term[] {
  const terms: Term[] = []
  for (const { word, start, end } of segmentWords(text)) {
    const term = termIn(word, language)
    if (term !== '') terms.push({ term, start, end })
  }
  return terms
}

/** The same of words that are at hand, each with its folded form. */
export function analyzeWords(words: Iterable<Word>, language: string = DEFAULT_LANGUAGE): FoldedWord[] {
  const terms: FoldedWord[] = []
  for (const { word, start, end } of words) {
    const term = termOf(word, language)
    if (term !== '') terms.push({ term, folded: foldWord(word), start, end })
  }
  return terms
}

/** The term of one word; empty for a word of marks alone. */
export function termOf(word: string, language: string): string {
  const folded = foldWord(word)
  if (language === DEFAULT_LANGUAGE && ASCII_WORD.test(folded)) return stemmer(folded)
  const stem = stemmerFor(folded, language)
  if (stem === undefined) return ASCII_WORD.test(folded) ? stemmer(folded) : folded
  // Stemmers look for endings with their accents. A word that is nothing but an ending stays.
  const stemmed = stem(lowerWord(language === 'tr' ? lowerTurkish(word) : word))
  if (stemmed === '') return folded
  return language === 'vi' ? stemmed : dropAccents(stemmed)
}

/** `I` is a capital of `ı`, whose endings are others than those of `i`; but in `API` and the like, which are no Turkish words. */
function lowerTurkish(word: string): string {
  return SHORT_CAPITALS.test(word) ? word : word.toLocaleLowerCase('tr')
}

/** The terms of a text, blank-separated, as the store indexes them. */
export function analyzedText(text: string, language: string = DEFAULT_LANGUAGE): string {
  return analyze(text, language)
    .map(({ term }) => term)
    .join(' ')
}
