/** Bullets and the like that symbol fonts keep in Unicode's private area (Wingdings, Symbol). */
const privateBullets = /[\uf06c\uf06e\uf071\uf075\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc]/g
/** Controls, unpaired surrogates, the private areas, non-characters and the replacement character. */
const unreadable = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]|\p{Co}|\p{Cs}/gu
/** Forms of letters that fonts and old encodings keep apart: ligatures, Arabic and Hebrew presentation forms, forms for vertical writing, odd spaces. */
const presentationForms =
  /[\u00a0\u2000-\u200a\u202f\u205f\ufb00-\ufb4f\ufb50-\ufdfc\ufe10-\ufe19\ufe30-\ufe48\ufe70-\ufefc]+/g
/** Tells nothing where lines are broken anew. */
const invisible = /[\u200b\u200e\u200f\u2060\ufeff]/g

/** What a glyph stands for; empty for what is no character. */
export function readableText(unicode: string): string {
  if (unicode.length === 1 && unicode >= ' ' && unicode <= '~') return unicode
  return unicode.replace(privateBullets, '•').replace(unreadable, '').replace(invisible, '')
}

/** Letters in their plain form: `ﬁ` as `fi`, Arabic letters without the form that their place in a word gives them. */
export function plainLetters(text: string): string {
  return text.replace(presentationForms, (forms) => forms.normalize('NFKC')).normalize('NFC')
}

const maxClampedChars = 100_000

/** Text that someone typed: readable, with `\n` between lines, of bounded length. */
export function clampedText(text: string): string {
  const lines = text.slice(0, maxClampedChars).replace(/\r\n?|\u2028|\u2029/g, '\n')
  return readableText(lines).normalize('NFC').trim()
}

/** Accents that stand by themselves, and the mark that does the same on a letter. */
const combining: Readonly<Record<string, string>> = {
  '`': '\u0300',
  '\u00b4': '\u0301',
  '^': '\u0302',
  '\u02c6': '\u0302',
  '~': '\u0303',
  '\u02dc': '\u0303',
  '\u00af': '\u0304',
  '\u02c9': '\u0304',
  '\u02d8': '\u0306',
  '\u02d9': '\u0307',
  '\u00a8': '\u0308',
  '\u02da': '\u030a',
  '\u02dd': '\u030b',
  '\u02c7': '\u030c',
  '\u00b8': '\u0327',
  '\u02db': '\u0328',
}

export function isAccent(text: string): boolean {
  return text in combining
}

/** The letter that two glyphs make which are drawn over one another, when one is an accent: TeX sets `ü` so in old fonts. */
export function composeAccent(first: string, second: string): string | undefined {
  const [mark, letter] = first in combining ? [combining[first], second] : [combining[second], first]
  if (mark === undefined || !/^\p{L}$/u.test(letter)) return undefined
  // TeX puts accents on an i and j without their dots.
  const base = letter === 'ı' ? 'i' : letter === 'ȷ' ? 'j' : letter
  const composed = `${base}${mark}`.normalize('NFC')
  return composed.length === 1 ? composed : undefined
}
