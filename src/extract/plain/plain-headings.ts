import { isBlank, type Lines, lineAt } from '../lines.js'

/** How a kind of plain text marks its headings. */
export type HeadingStyle = 'plain' | 'rst' | 'org' | 'asciidoc' | 'tex' | 'none'

export type PlainHeading = {
  readonly words: string
  /** Something that orders the headings of one file; turned into levels in order of appearance where it is not a number. */
  readonly rank: number | string
  /** Index of the heading's last line: its underline, if it has one. */
  readonly last: number
}

const maxHeadingChars = 120
const texRanks = ['part', 'chapter', 'section', 'subsection', 'subsubsection', 'paragraph']

/** The heading that begins at a line which follows a blank line, the start or another heading; undefined if none does. */
export function readPlainHeading(lines: Lines, at: number, style: HeadingStyle): PlainHeading | undefined {
  const line = lineAt(lines, at)
  if (style === 'none' || line.length > maxHeadingChars) return undefined
  if (style === 'org') return prefixed(/^(\*{1,6})[ \t]+(\S.*)$/, line, at)
  if (style === 'tex') return readTexHeading(line, at)
  if (style === 'asciidoc')
    return prefixed(/^(={1,6})[ \t]+(\S.*)$/, line, at) ?? underlined(lines, at, style)
  return overlined(lines, at, style) ?? underlined(lines, at, style)
}

function prefixed(pattern: RegExp, line: string, at: number): PlainHeading | undefined {
  const match = pattern.exec(line)
  if (match === null) return undefined
  return { words: (match[2] ?? '').trim(), rank: (match[1] ?? '').length, last: at }
}

function readTexHeading(line: string, at: number): PlainHeading | undefined {
  const match = /^\s*\\([a-z]+)\*?\{(.+?)\}/.exec(line)
  const rank = texRanks.indexOf(match?.[1] ?? '')
  return match === null || rank < 0 ? undefined : { words: (match[2] ?? '').trim(), rank: rank + 1, last: at }
}

/** reStructuredText: a line of punctuation, the title, the same line again. */
function overlined(lines: Lines, at: number, style: HeadingStyle): PlainHeading | undefined {
  const mark = ruleCharacter(lineAt(lines, at), style)
  const words = lineAt(lines, at + 1).trim()
  if (mark === undefined || !isTitleLike(words) || lineAt(lines, at).trimEnd().length < words.length)
    return undefined
  if (lineAt(lines, at + 2).trimEnd() !== lineAt(lines, at).trimEnd()) return undefined
  return { words, rank: `${mark}${mark}`, last: at + 2 }
}

function underlined(lines: Lines, at: number, style: HeadingStyle): PlainHeading | undefined {
  const line = lineAt(lines, at)
  const rule = lineAt(lines, at + 1).trimEnd()
  const mark = ruleCharacter(rule, style)
  const words = line.trim()
  if (mark === undefined || /^\s/.test(line) || !isTitleLike(words)) return undefined
  // Writers count badly, and East Asian characters are two columns wide.
  const fits = rule.length >= words.length * 0.6 && rule.length <= words.length * 2 + 4
  return fits ? { words, rank: mark, last: at + 1 } : undefined
}

/** The character that a line consists of, where it is one that the style draws rules with. */
function ruleCharacter(line: string, style: HeadingStyle): string | undefined {
  const rule = line.trimEnd()
  const mark = rule.charAt(0)
  const marks = style === 'rst' ? '=-~^"\'`*+#_:.' : style === 'asciidoc' ? '=-~^+' : '=-'
  return rule.length >= 3 && marks.includes(mark) && rule === mark.repeat(rule.length) ? mark : undefined
}

function isTitleLike(words: string): boolean {
  return words.length > 0 && words.length <= maxHeadingChars && /[\p{L}\p{N}]/u.test(words)
}

/**
 * The first line as a title: short, not a sentence, not a list item, and alone (a blank line or nothing follows).
 */
export function readTitleLine(lines: Lines): string | undefined {
  let at = 0
  while (at < lines.starts.length && isBlank(lineAt(lines, at))) at++
  const line = lineAt(lines, at).trim()
  if (line === '' || line.length > 100 || at + 1 >= lines.starts.length) return undefined
  const isAlone = isBlank(lineAt(lines, at + 1)) && !isBlank(lines.text.slice(lines.ends[at]))
  const looksLikeTitle = /^[\p{L}\p{N}"'“«「『(]/u.test(line) && !/[.!?;:,。！？；：，、]$/.test(line)
  return isAlone && looksLikeTitle && line.split(/\s+/).length <= 14 ? line : undefined
}
