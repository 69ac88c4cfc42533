import type { BlockKind } from '../../types.js'
import { isBlank, type Lines, lineAt } from '../lines.js'
import {
  closesFence,
  countCells,
  delimiterColumns,
  type Fence,
  indentOf,
  interruptsParagraph,
  isFootnote,
  isLinkDefinition,
  isQuote,
  isThematicBreak,
  readAtxHeading,
  readFence,
  readHtmlStart,
  readListMarker,
  readSetextUnderline,
} from './markdown-lines.js'

/** A block at the top level of a Markdown document. Lines count from 0, both ends included, neither is blank. */
export type MarkdownBlock = {
  readonly kind: BlockKind | 'html' | 'definition'
  readonly first: number
  readonly last: number
  readonly level?: number
  /** Headings only: the words with their markup. */
  readonly source?: string
}

/**
 * The top-level blocks of Markdown (CommonMark 0.31 with GitHub's tables and footnotes) from a line on; thematic breaks are
 * left out. One pass over the lines, linear in time.
 *
 * Why not the parser of micromark, which the tests hold this against: measured on Node 20 it takes 5 to 10 microseconds a
 * character, 1 s for a table of 180 KB and 5 s for 25 KB of underlined headings, while only the outermost blocks are needed.
 */
export function scanMarkdown(lines: Lines, from: number): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let at = from
  while (at < lines.starts.length) {
    const line = lineAt(lines, at)
    if (isBlank(line) || (isThematicBreak(line) && readListMarker(line) === undefined)) {
      at++
      continue
    }
    const block = readBlock(lines, at, line)
    blocks.push(withoutTrailingBlanks(lines, block))
    at = block.last + 1
  }
  return blocks
}

function readBlock(lines: Lines, at: number, line: string): MarkdownBlock {
  if (indentOf(line) > 3) return { kind: 'code', first: at, last: lastIndented(lines, at) }
  const fence = readFence(line)
  if (fence !== undefined) return { kind: 'code', first: at, last: lastFenced(lines, at, fence) }
  const heading = readAtxHeading(line)
  if (heading !== undefined) return { kind: 'heading', first: at, last: at, ...heading }
  const html = readHtmlStart(line)
  if (html !== undefined) return { kind: 'html', first: at, last: lastHtml(lines, at, html.end) }
  if (isQuote(line)) return { kind: 'text', first: at, last: lastQuoted(lines, at) }
  if (readListMarker(line) !== undefined) return { kind: 'list', first: at, last: lastListed(lines, at) }
  if (isFootnote(line))
    return { kind: 'text', first: at, last: lastContained(lines, at, 4, line.replace(/^.*?\]:/, '')) }
  if (beginsTable(lines, at)) return { kind: 'table', first: at, last: lastRow(lines, at) }
  return readParagraph(lines, at)
}

function withoutTrailingBlanks(lines: Lines, block: MarkdownBlock): MarkdownBlock {
  let last = Math.min(block.last, lines.starts.length - 1)
  while (last > block.first && isBlank(lineAt(lines, last))) last--
  return { ...block, last }
}

function lastIndented(lines: Lines, first: number): number {
  let last = first
  for (let i = first + 1; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    if (isBlank(line)) continue
    if (indentOf(line) < 4) break
    last = i
  }
  return last
}

/** An unclosed fence runs to the end of the document. */
function lastFenced(lines: Lines, first: number, fence: Fence): number {
  for (let i = first + 1; i < lines.starts.length; i++) if (closesFence(lineAt(lines, i), fence)) return i
  return lines.starts.length - 1
}

function lastHtml(lines: Lines, first: number, end: RegExp | undefined): number {
  for (let i = first; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    if (end === undefined && isBlank(line)) return i - 1
    if (end?.test(line)) return i
  }
  return lines.starts.length - 1
}

function beginsTable(lines: Lines, at: number): boolean {
  const columns = delimiterColumns(lineAt(lines, at + 1))
  if (columns === undefined) return false
  const head = lineAt(lines, at)
  const hasPipe = head.includes('|') || lineAt(lines, at + 1).includes('|')
  return hasPipe && countCells(head) === columns
}

function lastRow(lines: Lines, first: number): number {
  let last = first + 1
  for (let i = first + 2; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    if (isBlank(line) || interruptsParagraph(line) || indentOf(line) > 3) break
    last = i
  }
  return last
}

function readParagraph(lines: Lines, first: number): MarkdownBlock {
  let last = first
  let definitions = isLinkDefinition(lineAt(lines, first))
  for (let i = first + 1; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    const level = definitions ? undefined : readSetextUnderline(line)
    if (level !== undefined)
      return { kind: 'heading', first, last: i, level, source: sourceOf(lines, first, last) }
    if (isBlank(line) || interruptsParagraph(line) || isFootnote(line) || beginsTable(lines, i)) break
    definitions = definitions && isLinkDefinition(line)
    last = i
  }
  return { kind: definitions ? 'definition' : 'text', first, last }
}

function sourceOf(lines: Lines, first: number, last: number): string {
  return lines.text.slice(lines.starts[first], lines.ends[last])
}

/** What a container (quote, list item, footnote) holds so far: whether a paragraph or a fence is open in it. */
type Inside = { paragraph: boolean; fence: (Fence & { readonly column: number }) | undefined }

/** Follows one line of a container's content through nested quotes and lists. `column` is where the content begins. */
function follow(inside: Inside, content: string, column: number): void {
  let rest = content
  let at = column
  if (inside.fence !== undefined) {
    if (at + indentOf(rest) >= inside.fence.column || isBlank(rest)) {
      if (closesFence(rest.trim(), inside.fence)) inside.fence = undefined
      return
    }
    inside.fence = undefined
  }
  for (let depth = 0; depth < 50; depth++) {
    const indented = inside.paragraph || depth === 0 ? rest.trimStart() : rest
    const marker = readListMarker(indented)
    const quoted = /^ {0,3}> ?/.exec(indented)
    if (marker === undefined && quoted === null) break
    at += rest.length - indented.length + (marker?.contentColumn ?? quoted?.[0].length ?? 0)
    rest = marker?.content ?? indented.slice(quoted?.[0].length)
  }
  const fence = readFence(rest.trimStart())
  const isCode = indentOf(rest) > 3 && !inside.paragraph
  inside.fence = fence === undefined || isCode ? undefined : { ...fence, column: at }
  inside.paragraph =
    fence === undefined &&
    !isBlank(rest) &&
    !isCode &&
    readAtxHeading(rest) === undefined &&
    !isThematicBreak(rest)
}

function lastQuoted(lines: Lines, first: number): number {
  const inside: Inside = { paragraph: false, fence: undefined }
  let last = first
  for (let i = first; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    if (isQuote(line)) follow(inside, line.replace(/^ {0,3}> ?/, ''), 0)
    else if (!continuesLazily(inside, line)) break
    last = i
  }
  return last
}

/** A paragraph within a container goes on in lines that lack the container's mark. */
function continuesLazily(inside: Inside, line: string): boolean {
  if (!inside.paragraph || inside.fence !== undefined || isBlank(line)) return false
  return !interruptsParagraph(line) && readListMarker(line) === undefined && !isFootnote(line)
}

function lastListed(lines: Lines, first: number): number {
  const kind = readListMarker(lineAt(lines, first))?.kind
  let last = first - 1
  for (let i = first; i < lines.starts.length; ) {
    const marker = readListMarker(lineAt(lines, i))
    if (marker === undefined || marker.kind !== kind) break
    last = lastContained(lines, i, marker.contentColumn, marker.content)
    i = last + 1
    while (i < lines.starts.length && isBlank(lineAt(lines, i))) i++
  }
  return last
}

/** The last line of a list item or footnote whose further lines are indented to `column`. */
function lastContained(lines: Lines, first: number, column: number, content: string): number {
  const inside: Inside = { paragraph: false, fence: undefined }
  follow(inside, content, column)
  let last = first
  for (let i = first + 1; i < lines.starts.length; i++) {
    const line = lineAt(lines, i)
    if (isBlank(line)) {
      // An item that begins with a blank line holds nothing more.
      if (content.trim() === '' && i === first + 1) break
      inside.paragraph = false
      continue
    }
    if (indentOf(line) >= column) follow(inside, dedent(line, column), column)
    else if (!continuesLazily(inside, line)) break
    last = i
  }
  return last
}

function dedent(line: string, columns: number): string {
  const indent = indentOf(line)
  return `${' '.repeat(Math.max(0, indent - columns))}${line.trimStart()}`
}
