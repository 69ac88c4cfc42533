import { createRequire } from 'node:module'

/** Alphabets whose words are stemmed, and the language of a word that stands in a text of another alphabet. */
const SCRIPTS = {
  latin: { pattern: /\p{sc=Latin}/u, language: 'en' },
  cyrillic: { pattern: /\p{sc=Cyrillic}/u, language: 'ru' },
  greek: { pattern: /\p{sc=Greek}/u, language: 'el' },
  arabic: { pattern: /\p{sc=Arabic}/u, language: 'ar' },
  devanagari: { pattern: /\p{sc=Devanagari}/u, language: 'hi' },
  armenian: { pattern: /\p{sc=Armenian}/u, language: 'hy' },
  tamil: { pattern: /\p{sc=Tamil}/u, language: 'ta' },
} as const

type Script = keyof typeof SCRIPTS
type Stem = (word: string) => string
type Language = { readonly script: Script; readonly stem?: Stem }

const keep: Stem = (word) => word

/** A stemmer that is loaded with its first word: all 23 take a third of what a thread of the store needs to start. */
function snowball(language: string, prepare: Stem = keep): Stem {
  let stem: Stem | undefined
  return (word) => {
    stem ??= (createRequire(import.meta.url)(`@orama/stemmers/${language}`) as { readonly stemmer: Stem })
      .stemmer
    return stem(prepare(word))
  }
}

/**
 * Languages (ISO 639-1) whose words are brought to a common form in a way of their own: Snowball's algorithms, but
 * Porter's for English, which `analyze` has. The tones of Vietnamese are letters of their own: they stay.
 */
const LANGUAGES: Readonly<Record<string, Language>> = {
  en: { script: 'latin' },
  de: { script: 'latin', stem: snowball('german') },
  es: { script: 'latin', stem: snowball('spanish') },
  fr: { script: 'latin', stem: snowball('french') },
  it: { script: 'latin', stem: snowball('italian') },
  pt: { script: 'latin', stem: snowball('portuguese') },
  nl: { script: 'latin', stem: snowball('dutch') },
  sv: { script: 'latin', stem: snowball('swedish') },
  da: { script: 'latin', stem: snowball('danish') },
  nb: { script: 'latin', stem: snowball('norwegian') },
  fi: { script: 'latin', stem: snowball('finnish') },
  hu: { script: 'latin', stem: snowball('hungarian') },
  ro: {
    script: 'latin',
    stem: snowball('romanian', (word) => word.replaceAll('ş', 'ș').replaceAll('ţ', 'ț')),
  },
  tr: { script: 'latin', stem: snowball('turkish') },
  id: { script: 'latin', stem: snowball('indonesian') },
  lt: { script: 'latin', stem: snowball('lithuanian') },
  ga: { script: 'latin', stem: snowball('irish') },
  pl: { script: 'latin', stem: keep },
  cs: { script: 'latin', stem: keep },
  vi: { script: 'latin', stem: keep },
  ru: { script: 'cyrillic', stem: snowball('russian') },
  uk: { script: 'cyrillic', stem: snowball('ukrainian') },
  el: { script: 'greek', stem: snowball('greek') },
  ar: {
    script: 'arabic',
    stem: snowball('arabic', (word) => word.replaceAll('ک', 'ك').replaceAll('ی', 'ي')),
  },
  fa: { script: 'arabic', stem: keep },
  ur: { script: 'arabic', stem: keep },
  hi: { script: 'devanagari', stem: snowball('indian') },
  hy: { script: 'armenian', stem: snowball('armenian') },
  ta: { script: 'tamil', stem: snowball('tamil') },
}

/** The stemmer for a word in a text of this language; undefined where English rules hold, or none. */
export function stemmerFor(word: string, language: string): Stem | undefined {
  const script = scriptOf(word)
  if (script === undefined) return undefined
  const own = LANGUAGES[language]
  return (own?.script === script ? own : LANGUAGES[SCRIPTS[script].language])?.stem
}

/** The language that words of this alphabet are taken for when nothing else tells; undefined for other alphabets. */
export function languageOfScript(text: string): string | undefined {
  const script = scriptOf(text)
  return script === undefined ? undefined : SCRIPTS[script].language
}

const SCRIPT_PATTERNS = Object.entries(SCRIPTS).map(([name, { pattern }]) => ({
  name: name as Script,
  pattern,
}))
/** Most words of most texts tell by a letter of ASCII, or have digits only. */
const ASCII_LETTER = /[A-Za-z]/
const DIGITS = /^[0-9]+$/

/** The alphabet of a word's letters, Latin before others. */
function scriptOf(word: string): Script | undefined {
  if (ASCII_LETTER.test(word)) return 'latin'
  if (DIGITS.test(word)) return undefined
  return SCRIPT_PATTERNS.find(({ pattern }) => pattern.test(word))?.name
}
