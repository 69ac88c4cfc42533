import type { TermCounts, TermTable } from '../features/term-table.js'

/** Texts of about one length, and the terms that they have between them. */
type Bin = { texts: number; terms: number }
/** The texts of a language. */
type Language = {
  /** By the exponent of two in a text's length. */
  readonly bins: Map<number, Bin>
  /** How often each term stands in them. */
  readonly counts: Uint32Array
  terms: number
}

/**
 * How far a term keeps to few texts: the natural logarithm of the texts that it would stand in if all its occurrences were spread by
 * chance over the texts of the languages that have it, over those that it does stand in; 0 at least (residual IDF: Church & Gale 1995,
 * with texts by their lengths). What a text is about is said again and again in it; words of any text have 0.
 */
export function measureClumping(table: TermTable): (term: number) => number {
  const frequencies = table.frequencies()
  const languages = new Map<string, Language>()
  for (const text of table.texts) {
    const language = languages.get(text.language) ?? {
      bins: new Map(),
      counts: new Uint32Array(table.size),
      terms: 0,
    }
    languages.set(text.language, language)
    addText(language, text)
  }
  return (term) => {
    let expected = 0
    for (const language of languages.values()) expected += expectedTexts(language, term)
    return Math.max(0, Math.log(expected / Math.max(1, frequencies[term] ?? 0)))
  }
}

function addText(language: Language, { ids, counts }: TermCounts): void {
  let length = 0
  for (const [i, id] of ids.entries()) {
    const count = counts[i] ?? 0
    language.counts[id] = (language.counts[id] ?? 0) + count
    length += count
  }
  if (length === 0) return
  const exponent = Math.floor(Math.log2(length))
  const bin = language.bins.get(exponent) ?? { texts: 0, terms: 0 }
  language.bins.set(exponent, bin)
  bin.texts++
  bin.terms += length
  language.terms += length
}

/** Of a Poisson distribution at the same rate in all texts, those with one occurrence or more. */
function expectedTexts({ bins, counts, terms }: Language, term: number): number {
  const rate = (counts[term] ?? 0) / Math.max(1, terms)
  let expected = 0
  if (rate > 0)
    for (const bin of bins.values()) expected -= bin.texts * Math.expm1((-rate * bin.terms) / bin.texts)
  return expected
}
