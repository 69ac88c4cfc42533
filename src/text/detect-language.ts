import { DEFAULT_LANGUAGE } from './analyze.js'
import { foldWord } from './fold-word.js'
import { languageOfScript } from './languages.js'
import { visitWords } from './segment-words.js'
import { countFunctionWords, type FunctionWord, functionWord } from './stop-words.js'

/** Function words are a third to a half of prose; tables, names and code have few, and may be in any language. */
const MIN_HITS = 3
const MIN_SHARE = 0.1
export const SAMPLE_WORDS = 300
const SAMPLE_CHARS = 4_000
/** In fewer letters single ones, which are words in many languages, would decide. */
const MIN_PROSE_LETTERS = 24
const SOME_LETTERS = new RegExp(`(?:\\p{L}\\P{L}*){${MIN_PROSE_LETTERS}}`, 'u')
/** Fewer letters of a script of its own say too little. */
const MIN_LETTERS = 8
/** A Latin word has about three times as many letters as a Chinese or Japanese one. */
const IDEOGRAPH_WEIGHT = 3
/** From this share on a script decides: texts about software hold English words in any language. */
const SCRIPT_SHARE = 0.3
const NOT_ASCII = /[^\0-\x7f]/
/** Kana among ideographs: from this share on a text in both is Japanese. */
const KANA_SHARE = 0.1

/** Scripts that one widespread language uses, and how many Latin letters one of theirs stands for. */
const OWN_SCRIPTS: readonly {
  readonly language: string
  readonly letters: RegExp
  readonly weight: number
}[] = [
  { language: 'ja', letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, weight: IDEOGRAPH_WEIGHT },
  { language: 'zh', letters: /\p{Script=Han}/gu, weight: IDEOGRAPH_WEIGHT },
  { language: 'ko', letters: /\p{Script=Hangul}/gu, weight: 2 },
  { language: 'th', letters: /\p{Script=Thai}/gu, weight: 1 },
  { language: 'el', letters: /\p{Script=Greek}/gu, weight: 1 },
  { language: 'he', letters: /\p{Script=Hebrew}/gu, weight: 1 },
  { language: 'hy', letters: /\p{Script=Armenian}/gu, weight: 1 },
  { language: 'ka', letters: /\p{Script=Georgian}/gu, weight: 1 },
  { language: 'ta', letters: /\p{Script=Tamil}/gu, weight: 1 },
  { language: 'te', letters: /\p{Script=Telugu}/gu, weight: 1 },
  { language: 'bn', letters: /\p{Script=Bengali}/gu, weight: 1 },
]

/**
 * The language (ISO 639-1) by whose rules a text is analysed: that of its function words, else of its alphabet; `fallback`,
 * such as that of the whole document, when it has too few words of the Latin alphabet to tell. `words` are those of the
 * text, the first 300 at least, where they are at hand.
 */
export function detectLanguage(
  text: string,
  fallback: string = DEFAULT_LANGUAGE,
  words: readonly FunctionWord[] = sampleWords(text),
): string {
  const byScript = languageOfFunctionWords(words) ?? languageOfScript(text.slice(0, SAMPLE_CHARS)) ?? fallback
  return byScript === DEFAULT_LANGUAGE ? fallback : byScript
}

/**
 * The language (ISO 639-1) that a text is written in, to be shown and filtered by: by its script where that decides, else by
 * its function words; undefined when it cannot be told. `sample` gives the first 300 words of a text.
 */
export function tellLanguage(
  text: string,
  sample: (text: string) => readonly FunctionWord[] = sampleWords,
): string | undefined {
  const start = text.slice(0, SAMPLE_CHARS)
  const byScript =
    languageOfOwnScript(start) ??
    (SOME_LETTERS.test(start) ? languageOfFunctionWords(sample(start)) : undefined)
  if (byScript !== undefined) return byScript
  const shared = languageOfScript(start)
  return shared === DEFAULT_LANGUAGE ? undefined : shared
}

function languageOfFunctionWords(words: readonly FunctionWord[]): string | undefined {
  const sample = words.length > SAMPLE_WORDS ? words.slice(0, SAMPLE_WORDS) : words
  const counted = countFunctionWords(sample)
  return counted !== undefined && counted.hits >= MIN_HITS && counted.hits / sample.length >= MIN_SHARE
    ? counted.language
    : undefined
}

function sampleWords(text: string): FunctionWord[] {
  const words: FunctionWord[] = []
  visitWords(text, (start, end) => words.push(functionWord(foldWord(text.slice(start, end)))) < SAMPLE_WORDS)
  return words
}

function languageOfOwnScript(sample: string): string | undefined {
  if (!NOT_ASCII.test(sample)) return undefined
  const counts = OWN_SCRIPTS.map(({ letters }) => sample.match(letters)?.length ?? 0)
  const weighed = counts.map((count, i) => count * (OWN_SCRIPTS[i]?.weight ?? 1))
  const own = counts.reduce((sum, count) => sum + count, 0)
  if (own < MIN_LETTERS) return undefined
  const all = (sample.match(/\p{L}/gu)?.length ?? 0) - own + weighed.reduce((sum, weight) => sum + weight, 0)
  const [kana = 0, han = 0] = weighed
  if (kana + han >= all * SCRIPT_SHARE) return kana >= (kana + han) * KANA_SHARE ? 'ja' : 'zh'
  return OWN_SCRIPTS.find((_, i) => (weighed[i] ?? 0) >= all * SCRIPT_SHARE)?.language
}
