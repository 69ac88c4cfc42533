import { analyze, type Term } from './analyze.js'
import { foldWord } from './fold-word.js'
import { stopWordsFor } from './stop-words.js'

/** The terms of a text without the function words of its language; all of them when it holds nothing else. */
export function contentTerms(text: string): Term[] {
  const terms = analyze(text)
  const folded = terms.map(({ start, end }) => foldWord(text.slice(start, end)))
  const stopWords = stopWordsFor(folded)
  const content = terms.filter((_, i) => !stopWords.has(folded[i] ?? ''))
  return content.length > 0 ? content : terms
}
