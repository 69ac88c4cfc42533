import { franc } from 'franc-min'

/** Letters looked at: more change nothing. */
const MAX_LETTERS = 2_000
/** Fewer letters say too little. */
const MIN_LETTERS = 24
/** A Latin word has about three times as many letters as a Chinese or Japanese one. */
const IDEOGRAPH_WEIGHT = 3
/** From this share on a script decides: texts about software hold English words in any language. */
const SCRIPT_SHARE = 0.3

/** Scripts that one widespread language uses, and how many Latin letters one of theirs stands for. */
const SCRIPTS: readonly { readonly language: string; readonly letters: RegExp; readonly weight: number }[] = [
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
/** Kana among ideographs: from this share on a text in both is Japanese. */
const KANA_SHARE = 0.1

/** Cyrillic letters that tell a language where trigrams of a short text do not, in the order in which they are looked for. */
const TELLING_LETTERS: readonly (readonly [language: string, letter: RegExp])[] = [
  ['be', /ў/],
  ['uk', /[їєґ]/],
  ['sr', /[ђћџљњ]/],
  ['ru', /[ыэ]/],
]

/** What franc is asked about, by its ISO 639-3 codes: languages that share a script, widespread enough to be met. */
const LANGUAGES: Readonly<Record<string, string>> = {
  eng: 'en',
  deu: 'de',
  fra: 'fr',
  spa: 'es',
  ita: 'it',
  por: 'pt',
  nld: 'nl',
  swe: 'sv',
  dan: 'da',
  nob: 'no',
  fin: 'fi',
  pol: 'pl',
  ces: 'cs',
  hun: 'hu',
  ron: 'ro',
  tur: 'tr',
  vie: 'vi',
  ind: 'id',
  hrv: 'hr',
  rus: 'ru',
  ukr: 'uk',
  bel: 'be',
  bul: 'bg',
  srp: 'sr',
  arb: 'ar',
  pes: 'fa',
  urd: 'ur',
  hin: 'hi',
  mar: 'mr',
}
const CANDIDATES = Object.keys(LANGUAGES)
const CYRILLIC = /\p{Script=Cyrillic}/gu
const SHARED_SCRIPTS = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}]/gu

/**
 * The language of a text as a BCP 47 code such as `de`; undefined for short texts and what cannot be told. By script where
 * a script decides, else by trigrams (Cavnar & Trenkle 1994, through franc) over the first 2,000 letters.
 */
export function detectLanguage(text: string): string | undefined {
  const sample = text.slice(0, MAX_LETTERS * 2)
  const shared = sample.match(SHARED_SCRIPTS)?.length ?? 0
  const counts = SCRIPTS.map(({ letters, weight }) => (sample.match(letters)?.length ?? 0) * weight)
  const all = shared + counts.reduce((sum, count) => sum + count, 0)
  if (all < MIN_LETTERS) return undefined
  const [kana = 0, han = 0] = counts
  if (kana + han >= all * SCRIPT_SHARE) return kana >= (kana + han) * KANA_SHARE ? 'ja' : 'zh'
  const byScript = SCRIPTS.find((_, i) => (counts[i] ?? 0) >= all * SCRIPT_SHARE)
  if (byScript !== undefined) return byScript.language
  const telling = TELLING_LETTERS.find(([, letter]) => letter.test(sample))
  if (telling !== undefined && (sample.match(CYRILLIC)?.length ?? 0) >= all * SCRIPT_SHARE) return telling[0]
  return LANGUAGES[franc(sample.slice(0, MAX_LETTERS), { only: CANDIDATES })]
}
