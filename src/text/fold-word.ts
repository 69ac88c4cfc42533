const PLAIN_WORD = /^[A-Za-z0-9]{1,64}$/
const MARKS = /\p{M}+/gu
const NOT_OF_A_WORD = /[^\p{L}\p{N}\p{M}]/u
const LATIN_GREEK_CYRILLIC = /[\u00c0-\u052f\u1e00-\u1fff]/
const ARABIC_HEBREW = /[\u0590-\u06ff]/
/** Vowel signs and other points of Arabic and Hebrew, which most texts go without, and the stroke that makes words longer. */
const POINTS =
  /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc]/g
/**
 * Letters that are typed as others where a keyboard lacks them, and do not fall into a letter and its accents: those of Polish,
 * Danish, Turkish, French and the like, and the two forms that Arabic and Persian keyboards give the same letter.
 */
const SAME_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ک: 'ك',
  ی: 'ي',
  ى: 'ي',
  ۀ: 'ه',
}
const SAME_LETTER = new RegExp(`[${Object.keys(SAME_LETTERS).join('')}]`, 'gu')
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u
const OTHER_DIGITS = new RegExp(OTHER_DIGIT.source, 'gu')
/** The zeros of scripts with digits of their own, such as Arabic, Persian, Hindi, Bengali, Thai, Burmese and Khmer. */
const ZEROS = Array.from('٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐', (zero) => zero.codePointAt(0) ?? 0)
/** Longer runs are data, not words; the index keeps their beginning. */
export const MAX_TERM_CHARS = 64

/**
 * Compatibility forms and digits unified, lower case (ß as ss, ς as σ), accents of Latin, Greek and Cyrillic letters and points
 * of Arabic and Hebrew ones dropped, letters that are typed for one another made the same (`Łódź` and `Lodz`, `œil` and `oeil`).
 * Gives letters, digits and marks only: what the store takes for one word.
 */
export function foldWord(word: string): string {
  // Nine words of ten in most texts need none of what follows.
  if (PLAIN_WORD.test(word)) return word.toLowerCase()
  return dropAccents(lowerWord(word))
}

/** The same with its accents, for what tells words apart by them. */
export function lowerWord(word: string): string {
  // Composed and compatible forms are up to four times shorter.
  return cutTo(
    plainDigits(unifyForms(cutTo(word, 4 * MAX_TERM_CHARS)))
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ'),
    MAX_TERM_CHARS,
  )
}

/** Takes the accents and points off a word in lower case. */
export function dropAccents(lower: string): string {
  let folded = lower
  if (LATIN_GREEK_CYRILLIC.test(lower)) folded = lower.normalize('NFD').replace(MARKS, '').normalize('NFC')
  else if (ARABIC_HEBREW.test(lower)) folded = lower.replace(POINTS, '')
  else return cutTo(lower, MAX_TERM_CHARS)
  return cutTo(
    folded.replace(SAME_LETTER, (letter) => SAME_LETTERS[letter] ?? letter),
    MAX_TERM_CHARS,
  )
}

/** Digits of any script as those of ASCII. */
function plainDigits(word: string): string {
  if (!OTHER_DIGIT.test(word)) return word
  return word.replace(OTHER_DIGITS, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = ZEROS.find((at) => code - at >= 0 && code - at < 10)
    return zero === undefined ? digit : String(code - zero)
  })
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
