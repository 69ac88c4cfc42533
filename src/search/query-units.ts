import { analyze, DEFAULT_LANGUAGE, termOf } from '../text/analyze.js'
import { foldWord } from '../text/fold-word.js'
import { characterPairs, EAST_ASIAN_ONLY, partForms } from '../text/part-terms.js'
import { segmentWords } from '../text/segment-words.js'
import { stopWordsFor } from '../text/stop-words.js'

/** Longer queries are cut to their first words: a pasted page is no better query than its first 64 words. */
const MAX_UNITS = 64
/** Of the parts of identifiers and pairs of characters, which repeat what words say. */
const PART_WEIGHT = 0.5
/**
 * Of function words: they say little of what is looked for, but "string to int" is not "int to string". Measured: without
 * them nq-gold loses 0.011 nDCG@10 and code search as much; with their whole weight questions about documents lose 0.02.
 */
export const FUNCTION_WORD_WEIGHT = 0.5
const ASCII_WORD = /^[A-Za-z0-9]+$/

/** `word`s are what is looked for; function words and the parts of words help to rank what they find. */
export type UnitKind = 'word' | 'function' | 'part'

/** One thing that a query looks for: any of its terms counts as it. */
export type QueryUnit = {
  /** As it was typed. */
  readonly word: string
  /** What the analysis of each language in the index makes of it, English first. */
  readonly terms: readonly string[]
  /** Weight beside its rarity, 0..1. */
  readonly weight: number
  readonly kind: UnitKind
}

/** A unit with its inverse document frequency, times its own weight. */
export type WeightedUnit = QueryUnit & {
  readonly idf: number
  /** The word of the index that it was taken for. */
  readonly correctedTo?: string
}

/**
 * What a query looks for in an index of these languages (ISO 639-1): its words, each once, in order, then the parts of
 * identifiers and pairs of characters. In a query of function words only they count as words.
 */
export function queryUnits(text: string, languages: readonly string[]): QueryUnit[] {
  const inIndex = [...new Set([DEFAULT_LANGUAGE, ...languages])]
  const words = segmentWords(text).flatMap(({ word }) => {
    const folded = foldWord(word)
    return folded === '' ? [] : [{ word, folded }]
  })
  const stopWords = stopWordsFor(
    words.map(({ folded }) => folded),
    new Set(inIndex),
  )
  const hasContent = words.some(({ folded }) => !stopWords.has(folded))
  const units = new Map<string, QueryUnit>()
  for (const { word, folded } of words) {
    const isFunctionWord = hasContent && stopWords.has(folded)
    add(units, {
      word,
      terms: wordTerms(word, inIndex),
      ...(isFunctionWord ? { weight: FUNCTION_WORD_WEIGHT, kind: 'function' } : { weight: 1, kind: 'word' }),
    })
  }
  const asWords = new Set([...units.values()].flatMap(({ terms }) => terms))
  for (const forms of partForms(text, inIndex)) {
    const terms = forms.filter((term) => !stopWords.has(term) && !asWords.has(term))
    const [word] = terms
    if (word !== undefined) add(units, { word, terms, weight: PART_WEIGHT, kind: 'part' })
  }
  return [...units.values()].slice(0, MAX_UNITS)
}

/** Those that a word in a passage of any of these languages may have been indexed by. */
export function wordTerms(word: string, languages: readonly string[]): string[] {
  const terms = languages.map((language) => termOf(word, language))
  // Indexes of the first analysis hold words of other alphabets as they are.
  if (!ASCII_WORD.test(word)) terms.push(foldWord(word))
  return [...new Set(terms)].filter((term) => term !== '')
}

/** What a phrase is indexed as, in passages of each of these languages: its words in a row. */
export function phraseTerms(phrase: string, languages: readonly string[]): string[][] {
  const sequences = [DEFAULT_LANGUAGE, ...languages].map((language) =>
    analyze(phrase, language).map(({ term }) => term),
  )
  // The dictionary cuts East Asian text by what surrounds it; its pairs of characters are the same everywhere.
  if (EAST_ASIAN_ONLY.test(phrase.trim())) sequences.push(characterPairs(phrase))
  const distinct = new Map(sequences.map((terms) => [terms.join(' '), terms]))
  return [...distinct.values()].filter((terms) => terms.length > 0)
}

function add(units: Map<string, QueryUnit>, unit: QueryUnit): void {
  const [key = ''] = unit.terms
  if (!units.has(key)) units.set(key, unit)
}
