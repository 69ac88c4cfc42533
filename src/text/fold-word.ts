const PLAIN_WORD = /^[A-Za-z0-9]{1,64}$/
const MARKS = /\p{M}+/gu
const NOT_OF_A_WORD = /[^\p{L}\p{N}\p{M}]/u
const LATIN_GREEK_CYRILLIC = /[\u00c0-\u052f\u1e00-\u1fff]/
/** Longer runs are data, not words; the index keeps their beginning. */
export const MAX_TERM_CHARS = 64

/**
 * Compatibility forms unified, lower case (ß as ss, ς as σ), accents of Latin, Greek and Cyrillic letters dropped. Gives
 * letters, digits and marks only: what the store takes for one word.
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
    unifyForms(cutTo(word, 4 * MAX_TERM_CHARS))
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ'),
    MAX_TERM_CHARS,
  )
}

/** Takes the accents off a word in lower case. */
export function dropAccents(lower: string): string {
  const folded = LATIN_GREEK_CYRILLIC.test(lower)
    ? lower.normalize('NFD').replace(MARKS, '').normalize('NFC')
    : lower
  return cutTo(folded, MAX_TERM_CHARS)
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
