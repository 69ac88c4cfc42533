import { DEFAULT_LANGUAGE } from './analyze.js'
import { foldWord } from './fold-word.js'
import { languageOfScript } from './languages.js'
import { segmentWords } from './segment-words.js'
import { countFunctionWords } from './stop-words.js'

/** Function words are a third to a half of prose; tables, names and code have few, and may be in any language. */
const MIN_HITS = 3
const MIN_SHARE = 0.1
const SAMPLE_WORDS = 300

/**
 * The language (ISO 639-1) of a text by its function words, else by its alphabet; `fallback`, such as that of the whole
 * document, when it has too few words of the Latin alphabet to tell.
 */
export function detectLanguage(text: string, fallback: string = DEFAULT_LANGUAGE): string {
  const words: string[] = []
  for (const { word } of segmentWords(text)) {
    words.push(foldWord(word))
    if (words.length === SAMPLE_WORDS) break
  }
  const counted = countFunctionWords(words)
  if (counted !== undefined && counted.hits >= MIN_HITS && counted.hits / words.length >= MIN_SHARE)
    return counted.language
  const byScript = languageOfScript(text.slice(0, 2_000)) ?? fallback
  return byScript === DEFAULT_LANGUAGE ? fallback : byScript
}
