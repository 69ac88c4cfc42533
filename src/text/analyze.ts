import { stemmer } from 'stemmer'
import { segmentWords } from './segment-words.js'

/** A word reduced to the form it is indexed and searched by, and where it stands. */
export type Term = { readonly term: string; readonly start: number; readonly end: number }

const ASCII_WORD = /^[a-z]+$/
const MARKS = /\p{M}+/gu
const LATIN_GREEK_CYRILLIC = /[\u00c0-\u052f\u1e00-\u1fff]/
/** Longer runs are data, not words; the index keeps their beginning. */
const MAX_TERM_CHARS = 64

/**
 * The terms of a text, the same way for what is indexed and what is asked: words in order, folded and stemmed.
 * Porter's algorithm (1980) stems words of plain Latin letters; other words are only folded.
 */
export function analyze(text: string): Term[] {
  const terms: Term[] = []
  for (const { word, start, end } of segmentWords(text)) {
    const folded = foldWord(word)
    if (folded === '') continue
    terms.push({ term: ASCII_WORD.test(folded) ? stemmer(folded) : folded, start, end })
  }
  return terms
}

/** Compatibility forms unified, lower case, accents of Latin, Greek and Cyrillic letters dropped (as FTS5's unicode61 does). */
export function foldWord(word: string): string {
  const lower = word.slice(0, MAX_TERM_CHARS).normalize('NFKC').toLowerCase()
  if (!LATIN_GREEK_CYRILLIC.test(lower) && !MARKS.test(lower)) return lower
  return LATIN_GREEK_CYRILLIC.test(lower.normalize('NFC'))
    ? lower.normalize('NFD').replace(MARKS, '').normalize('NFC')
    : lower
}

/** The terms of a text, blank-separated, as the store indexes them. */
export function analyzedText(text: string): string {
  return analyze(text)
    .map((term) => term.term)
    .join(' ')
}
