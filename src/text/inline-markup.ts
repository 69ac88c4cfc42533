import type { Span } from './split-sentences.js'

/** A piece of a line that means something as a whole. UTF-16 offsets. */
export type InlinePiece = Span & {
  readonly kind: 'code' | 'link' | 'tag' | 'note' | 'address' | 'name'
  /** Where its words are: those of a link, and what stands between the backticks of code; undefined where it has none. */
  readonly words?: Span
}

/** Closed by as many backticks, within a line. With a blank at the end alone it is what stands between two quotations as of TeX. */
const CODE =
  '(?<![`\\\\])(?<fence>`{1,3})(?!`)(?<code>\\s.{1,300}?\\s|\\s?(?:[^\\s`]|\\S.{0,300}?\\S))(?<!`)\\k<fence>(?!`)'
const LABEL = '(?:[^[\\]`\\n]|`[^`\\n]{0,300}`|\\[[^[\\]\\n]{0,300}\\](?:\\([^()\\s]{0,4000}\\))?){0,400}'
const TITLE = '(?:\\s{1,9}(?:"[^"\\n]{0,300}"|\'[^\'\\n]{0,300}\'))?'
const TARGET = `\\(\\s{0,9}(?:<[^<>\\n]{0,500}>|(?:[^()\\s<>]|\\([^()\\s]{0,100}\\)){0,4000})${TITLE}\\s{0,9}`
/**
 * Behind a name `[` is an index: `handlers[name](event)`. A passage may end within a target. The label is taken as a whole, found ahead:
 * other ways to read it, of which links in it have many, are not tried.
 */
const LINK = `!?(?<![a-z0-9$])\\[(?!\\d+\\])(?=(?<label>${LABEL}))\\k<label>\\](?:${TARGET}(?:\\)|$)|\\[[^[\\]\\n]{0,100}\\])`
/** Elements of HTML: `Array<string>` and `<MyButton>` are none. */
const ELEMENTS =
  'a|abbr|article|aside|b|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|ol|option|p|picture|pre|q|s|samp|script|section|select|small|source|span|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr'
const TAG = `<!--.{0,500}?-->|<\\/?(?:${ELEMENTS})(?:\\s[^<>\\n]{0,500})?\\/?>`
/** `[^a-z]+` is none. */
const NOTE = '(?<=^|[\\s\\p{L}\\p{N}.,;:!?)\\]"”’*_])\\[\\^[\\w-]{1,40}\\](?![+*?{])'
/** Visible ASCII but what encloses an address; at its end also not what closes a sentence. */
const OF_ADDRESS = '[!#-;=?-Z_a-z~]'
const ADDRESS =
  `<?(?<!\\w)(?:[a-z][a-z0-9+.-]{1,20}:\\/\\/|www\\.|mailto:)${OF_ADDRESS}{0,2000}(?<![.,;:!?)'*_])>?` +
  '|<?(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}>?' +
  `|(?<![\\w./@-])[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){0,4}\\.(?:com|org|net|edu|gov)(?![\\w-])(?:\\/${OF_ADDRESS}{0,2000}(?<![.,;:!?)'*_]))?`
const BEFORE_NAME = '(?<![^\\s([{"\'`=:,|*_“«])'
/** `./x`, `../x`, `/x?y=1`; `.NET`, `!important`; `read().Then`, `list[0].First`, `x?.First`; `2.0.Final`. */
const NAME =
  `${BEFORE_NAME}(?:~|\\.{1,2})?\\/[\\w.][!-~]{0,500}(?<=[\\w/-])` +
  `|${BEFORE_NAME}[.!?]{1,3}[\\w$]+` +
  '|[\\w$](?:\\([^()\\s]{0,60}\\)|\\[[^[\\]\\s]{0,60}\\]){1,4}\\??\\.[\\w$]+' +
  '|[\\w$)\\]]\\?\\.[\\w$]+|\\d\\.\\d{1,9}\\.[\\w$]+'

const NAMES = new RegExp(`(?<address>${ADDRESS})|(?<name>${NAME})`, 'giu')
const PIECES = new RegExp(`${CODE}|${LINK}|(?<tag>${TAG})|(?<note>${NOTE})|${NAMES.source}`, 'giu')
/** Without one of these there is no piece. */
const MAY_HOLD = /[`[<@/]|[.!?][\w$]|:\/\/|mailto:/

/** Code, links, tags of HTML, marks of notes, addresses, and names of files and the like, of a text whose line breaks are blanks. */
export function findInline(text: string): InlinePiece[] {
  return MAY_HOLD.test(text) ? [...text.matchAll(PIECES)].map(pieceOf) : []
}

/** Addresses and names alone, which have no blanks. */
export function findNames(text: string): InlinePiece[] {
  return MAY_HOLD.test(text) ? [...text.matchAll(NAMES)].map(pieceOf) : []
}

function pieceOf({ index: start, 0: text, groups = {} }: RegExpExecArray): InlinePiece {
  const end = start + text.length
  const { fence, code, label } = groups
  if (fence !== undefined && code !== undefined)
    return { kind: 'code', start, end, words: { start: start + fence.length, end: end - fence.length } }
  if (label !== undefined) {
    const from = start + text.indexOf('[') + 1
    return { kind: 'link', start, end, words: { start: from, end: from + label.length } }
  }
  const kind = (['tag', 'note', 'address'] as const).find((each) => groups[each] !== undefined)
  return { kind: kind ?? 'name', start, end }
}

/** The text with blanks, of the same length, in place of signs and targets of links, tags and marks of notes. */
export function blankMarkup(text: string): string {
  return blankPieces(text, ({ kind }) => kind === 'link' || kind === 'tag' || kind === 'note')
}

/** The same, and of addresses: what is left are the words that a text says. */
export function blankAddresses(text: string): string {
  return blankPieces(text, ({ kind }) => kind !== 'code' && kind !== 'name')
}

function blankPieces(text: string, isBlank: (piece: InlinePiece) => boolean): string {
  let blanked = ''
  let at = 0
  for (const piece of findInline(text).filter(isBlank)) {
    const { start, end, words = { start: end, end } } = piece
    const inner = blankPieces(text.slice(words.start, words.end), isBlank)
    blanked += text.slice(at, start) + ' '.repeat(words.start - start) + inner + ' '.repeat(end - words.end)
    at = end
  }
  return blanked + text.slice(at)
}
