/** What a line of Markdown can begin, by the rules of CommonMark 0.31 and GitHub's extensions. Pure, line by line. */

export type Fence = { readonly character: string; readonly length: number }
export type ListMarker = {
  /** `-`, `+`, `*`, `.` or `)`: items of one list share it. */
  readonly kind: string
  /** For `1.` the number; undefined for bullets. */
  readonly number?: number
  /** Column at which the item's content begins: deeper lines belong to the item. */
  readonly contentColumn: number
  readonly content: string
}

/** Columns of leading white space, with tab stops of 4. */
export function indentOf(line: string): number {
  let column = 0
  for (const character of line) {
    if (character === ' ') column++
    else if (character === '\t') column += 4 - (column % 4)
    else break
  }
  return column
}

export function readFence(line: string): Fence | undefined {
  const match = /^\s*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)
  const marks = match?.[1]
  if (marks === undefined || indentOf(line) > 3) return undefined
  return { character: marks.charAt(0), length: marks.length }
}

export function closesFence(line: string, fence: Fence): boolean {
  const marks = line.trim()
  return marks.length >= fence.length && marks === fence.character.repeat(marks.length) && indentOf(line) <= 3
}

export function readAtxHeading(line: string): { level: number; source: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]|$)/.exec(line)
  const marks = match?.[1]
  if (match === null || marks === undefined) return undefined
  return { level: marks.length, source: withoutClosingMarks(line.slice(match[0].length).trim()) }
}

function withoutClosingMarks(source: string): string {
  let end = source.length
  while (source[end - 1] === '#') end--
  const closes = end === 0 || source[end - 1] === ' ' || source[end - 1] === '\t'
  return closes ? source.slice(0, end).trimEnd() : source
}

/** The heading level that an underline of `=` or `-` gives to the paragraph above it. */
export function readSetextUnderline(line: string): number | undefined {
  const match = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)
  return match === null ? undefined : match[1]?.startsWith('=') ? 1 : 2
}

export function isThematicBreak(line: string): boolean {
  return /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)
}

export function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line)
}

export function isFootnote(line: string): boolean {
  return /^ {0,3}\[\^[^\]\s]+\]:/.test(line)
}

/** A link's address given apart from its text: `[name]: https://...` */
export function isLinkDefinition(line: string): boolean {
  return /^ {0,3}\[(?!\^)[^\]]+\]:\s*\S/.test(line)
}

export function readListMarker(line: string): ListMarker | undefined {
  const match = /^( {0,3})([-+*]|(\d{1,9})([.)]))([ \t]|$)/.exec(line)
  if (match === null || isThematicBreak(line)) return undefined
  const [, indent = '', marker = '', number, delimiter] = match
  const rest = line.slice(indent.length + marker.length)
  const content = rest.trimStart()
  const gap = content === '' ? 1 : indentOf(`${' '.repeat(indent.length + marker.length)}${rest}`)
  const width = indent.length + marker.length
  // Five or more columns of space begin indented code one column behind the marker.
  const contentColumn = content === '' || gap - width > 4 ? width + 1 : gap
  return {
    kind: delimiter ?? marker,
    ...(number === undefined ? {} : { number: Number(number) }),
    contentColumn,
    content,
  }
}

const blockTags =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|' +
  'figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|' +
  'noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul'

/** The seven kinds of HTML block: what begins one, and what its last line holds (nothing: it ends before a blank line). */
const htmlKinds: readonly { readonly start: RegExp; readonly end?: RegExp }[] = [
  { start: /^<(?:script|pre|style|textarea)(?:\s|>|$)/i, end: /<\/(?:script|pre|style|textarea)>/i },
  { start: /^<!--/, end: /-->/ },
  { start: /^<\?/, end: /\?>/ },
  { start: /^<![a-z]/i, end: />/ },
  { start: /^<!\[CDATA\[/, end: /\]\]>/ },
  { start: new RegExp(`^</?(?:${blockTags})(?:\\s|/?>|$)`, 'i') },
  {
    start:
      /^(?:<[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[a-z][a-z0-9-]*\s*>)\s*$/i,
  },
]
const maxTagLineChars = 1000

export type HtmlStart = { readonly end?: RegExp; readonly interruptsParagraph: boolean }

export function readHtmlStart(line: string): HtmlStart | undefined {
  const rest = line.trimStart()
  if (!rest.startsWith('<') || indentOf(line) > 3) return undefined
  const index = htmlKinds.findIndex(
    ({ start }, i) => (i < 6 || rest.length < maxTagLineChars) && start.test(rest),
  )
  const kind = htmlKinds[index]
  if (kind === undefined) return undefined
  return { ...(kind.end === undefined ? {} : { end: kind.end }), interruptsParagraph: index < 6 }
}

/** Number of columns when the line is the `|---|:-:|` under a table's head. */
export function delimiterColumns(line: string): number | undefined {
  if (!/^[\s|:-]+$/.test(line) || !line.includes('-') || indentOf(line) > 3) return undefined
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|')
  return cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell)) ? cells.length : undefined
}

export function countCells(line: string): number {
  const row = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  let cells = 1
  for (let i = 0; i < row.length; i++) {
    if (row[i] === '\\') i++
    else if (row[i] === '|') cells++
  }
  return cells
}

/** Whether a line ends the paragraph above it without a blank line between. */
export function interruptsParagraph(line: string): boolean {
  if (indentOf(line) > 3) return false
  const marker = readListMarker(line)
  return (
    readFence(line) !== undefined ||
    readAtxHeading(line) !== undefined ||
    isThematicBreak(line) ||
    isQuote(line) ||
    (marker !== undefined && marker.content !== '' && (marker.number ?? 1) === 1) ||
    readHtmlStart(line)?.interruptsParagraph === true
  )
}
