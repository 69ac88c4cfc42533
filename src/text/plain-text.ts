import { findInline } from './inline-markup.js'

/** What is no markup although it looks like it stands in private characters while markup is taken out, and so do such characters. */
const FIRST_HELD = 0xf0000
const HELD = /[\u{f0000}-\u{ffffd}]/gu
const ESCAPED = /\\([!-/:-@[-`{-~])/g
/** Names of Python and JavaScript. */
const DUNDER =
  /(?<!\w)__(?:all|call|class|del|dict|doc|enter|eq|exit|file|getitem|hash|init|iter|len|main|name|new|next|proto|repr|setitem|slots|str|version)__(?!\w)/g
/** At the side of a word: `2**3` and `a ** b` have none. */
const STRONG =
  /(?:(?<![\w\s])|(?<=\s)(?=\S{3}))(?:\*{2,3}|_{2,3}|~~)|(?<=\S)(?:\*{2,3}|_{2,3}|~~)(?![\w*_~])/g
const STARRED = /(?<![\w*])\*(?=[^\s*])([^*]{0,300}?[^\s*])\*(?![\w*])/g
const UNDERLINED = /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_]{0,300}?[^\s_])_(?![\p{L}\p{N}_])/gu
/** Components that a document is laid out by, at the ends: `<Note>The text.</Note>`. */
const COMPONENTS = /^(?:<\/?[A-Z][^<>]*>\s*)+|(?:\s*<\/[A-Z][^<>]*>)+$/g
/** `[!NOTE]`, `:::tip` */
const CALLOUT = /^(?:\[![A-Za-z]+\]|:::+\s*\w*)\s*/

/**
 * What a reader sees of a stretch of Markdown, on one line: the words of links, code as it stands, no signs of emphasis, tags, marks of
 * notes or bars of tables. Plain text stays as it is.
 */
export function plainText(markdown: string): string {
  const held: string[] = []
  const hold = (text: string) => {
    held.push(text)
    return String.fromCodePoint(FIRST_HELD + held.length - 1)
  }
  return withoutPieces(markdown.trim().replace(/\s+/g, ' ').replace(CALLOUT, ''), hold)
    .replace(ESCAPED, (_, sign: string) => hold(sign))
    .replace(DUNDER, hold)
    .replace(COMPONENTS, '')
    .replace(STRONG, '')
    .replace(STARRED, '$1')
    .replace(UNDERLINED, '$1')
    .replace(/^\s*\|\s*|\s*\|\s*$/g, '')
    .replace(/\s+\|(?:\s*\|)*\s+/g, '; ')
    .replace(/&nbsp;/g, ' ')
    .replace(HELD, (sign) => held[(sign.codePointAt(0) ?? 0) - FIRST_HELD] ?? sign)
    .replace(/\s+/g, ' ')
    .trim()
}

/** Code, names and addresses, without angle brackets around them, are held; of links their words stay, of tags and marks of notes nothing. */
function withoutPieces(text: string, hold: (text: string) => string): string {
  let plain = ''
  let at = 0
  for (const { kind, start, end, words } of findInline(text)) {
    plain += text.slice(at, start).replace(HELD, hold)
    const inner = words === undefined ? text.slice(start, end) : text.slice(words.start, words.end)
    if (kind === 'link') plain += withoutPieces(inner, hold)
    else if (kind === 'address') plain += hold(inner.replace(/^<(.*)>$/, '$1'))
    else if (kind !== 'tag' && kind !== 'note') plain += hold(inner)
    at = end
  }
  return plain + text.slice(at).replace(HELD, hold)
}
