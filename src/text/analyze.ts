import { stemmer } from 'stemmer'
import { segmentWords, type Word } from './segment-words.js'

/** A word reduced to the form it is indexed and searched by, and where it stands. */
export type Term = { readonly term: string; readonly start: number; readonly end: number }

/** A term with the form it has before stemming. */
export type FoldedWord = Term & { readonly folded: string }

const PLAIN_WORD = /^[A-Za-z0-9]{1,64}$/
const ASCII_WORD = /^[a-z]+$/
const MARKS = /\p{M}+/gu
const NOT_OF_A_WORD = /[^\p{L}\p{N}\p{M}]/u
const LATIN_GREEK_CYRILLIC = /[\u00c0-\u052f\u1e00-\u1fff]/
/** Longer runs are data, not words; the index keeps their beginning. */
const MAX_TERM_CHARS = 64

/**
 * The terms of a text, the same way for what is indexed and what is asked: words in order, folded and stemmed.
 * Porter's algorithm (1980) stems words of plain Latin letters; other words are only folded.
 */
export function analyze(text: string): Term[] {
  return analyzeWords(segmentWords(text)).map(({ term, start, end }) => ({ term, start, end }))
}

/** The same of words that are at hand, each with its folded form. */
export function analyzeWords(words: Iterable<Word>): FoldedWord[] {
  const terms: FoldedWord[] = []
  for (const { word, start, end } of words) {
    const folded = foldWord(word)
    if (folded === '') continue
    terms.push({ term: ASCII_WORD.test(folded) ? stemmer(folded) : folded, folded, start, end })
  }
  return terms
}

/**
 * Compatibility forms unified, lower case (ß as ss, ς as σ), accents of Latin, Greek and Cyrillic letters dropped. Gives
 * letters, digits and marks only: what the store takes for one word.
 */
export function foldWord(word: string): string {
  // Nine words of ten in most texts need none of what follows.
  if (PLAIN_WORD.test(word)) return word.toLowerCase()
  // Composed and compatible forms are up to four times shorter.
  const lower = unifyForms(cutTo(word, 4 * MAX_TERM_CHARS))
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
  const folded = LATIN_GREEK_CYRILLIC.test(lower)
    ? lower.normalize('NFD').replace(MARKS, '').normalize('NFC')
    : lower
  return cutTo(folded, MAX_TERM_CHARS)
}

/** NFKC, except where that makes several words of one: ½ would become 1⁄2. */
function unifyForms(word: string): string {
  const unified = word.normalize('NFKC')
  return NOT_OF_A_WORD.test(unified) ? word.normalize('NFC') : unified
}

/** The first `maxChars` UTF-16 units, without half a surrogate pair at the end. */
function cutTo(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '')
}

/** The terms of a text, blank-separated, as the store indexes them. */
export function analyzedText(text: string): string {
  return analyze(text)
    .map((term) => term.term)
    .join(' ')
}
