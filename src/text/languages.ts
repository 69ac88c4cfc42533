import { stemmer as arabic } from '@orama/stemmers/arabic'
import { stemmer as armenian } from '@orama/stemmers/armenian'
import { stemmer as danish } from '@orama/stemmers/danish'
import { stemmer as dutch } from '@orama/stemmers/dutch'
import { stemmer as finnish } from '@orama/stemmers/finnish'
import { stemmer as french } from '@orama/stemmers/french'
import { stemmer as german } from '@orama/stemmers/german'
import { stemmer as greek } from '@orama/stemmers/greek'
import { stemmer as hungarian } from '@orama/stemmers/hungarian'
import { stemmer as hindi } from '@orama/stemmers/indian'
import { stemmer as indonesian } from '@orama/stemmers/indonesian'
import { stemmer as irish } from '@orama/stemmers/irish'
import { stemmer as italian } from '@orama/stemmers/italian'
import { stemmer as lithuanian } from '@orama/stemmers/lithuanian'
import { stemmer as norwegian } from '@orama/stemmers/norwegian'
import { stemmer as portuguese } from '@orama/stemmers/portuguese'
import { stemmer as romanian } from '@orama/stemmers/romanian'
import { stemmer as russian } from '@orama/stemmers/russian'
import { stemmer as spanish } from '@orama/stemmers/spanish'
import { stemmer as swedish } from '@orama/stemmers/swedish'
import { stemmer as tamil } from '@orama/stemmers/tamil'
import { stemmer as turkish } from '@orama/stemmers/turkish'
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian'

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

/**
 * Languages (ISO 639-1) whose words are brought to a common form in a way of their own: Snowball's algorithms, but
 * Porter's for English, which `analyze` has. The tones of Vietnamese are letters of their own: they stay.
 */
const LANGUAGES: Readonly<Record<string, Language>> = {
  en: { script: 'latin' },
  de: { script: 'latin', stem: german },
  es: { script: 'latin', stem: spanish },
  fr: { script: 'latin', stem: french },
  it: { script: 'latin', stem: italian },
  pt: { script: 'latin', stem: portuguese },
  nl: { script: 'latin', stem: dutch },
  sv: { script: 'latin', stem: swedish },
  da: { script: 'latin', stem: danish },
  nb: { script: 'latin', stem: norwegian },
  fi: { script: 'latin', stem: finnish },
  hu: { script: 'latin', stem: hungarian },
  ro: { script: 'latin', stem: (word) => romanian(word.replaceAll('ş', 'ș').replaceAll('ţ', 'ț')) },
  tr: { script: 'latin', stem: turkish },
  id: { script: 'latin', stem: indonesian },
  lt: { script: 'latin', stem: lithuanian },
  ga: { script: 'latin', stem: irish },
  pl: { script: 'latin', stem: keep },
  cs: { script: 'latin', stem: keep },
  vi: { script: 'latin', stem: keep },
  ru: { script: 'cyrillic', stem: russian },
  uk: { script: 'cyrillic', stem: ukrainian },
  el: { script: 'greek', stem: greek },
  ar: { script: 'arabic', stem: arabic },
  fa: { script: 'arabic', stem: keep },
  ur: { script: 'arabic', stem: keep },
  hi: { script: 'devanagari', stem: hindi },
  hy: { script: 'armenian', stem: armenian },
  ta: { script: 'tamil', stem: tamil },
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
