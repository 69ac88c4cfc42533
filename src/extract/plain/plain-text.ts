import type { Block, Extracted } from '../../types.js'
import { endingOf, hasEnding, isDotFile } from '../file-name.js'
import { endOf, isBlank, type Lines, lineAt, splitLines, startOf } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'
import { type HeadingStyle, readPlainHeading, readTitleLine } from './plain-headings.js'

type PlainFormat = { readonly type: string; readonly style: HeadingStyle }

const formats: ReadonlyMap<string, PlainFormat> = new Map([
  ['txt', { type: 'text/plain', style: 'plain' }],
  ['text', { type: 'text/plain', style: 'plain' }],
  ['log', { type: 'text/plain', style: 'none' }],
  ['rst', { type: 'text/x-rst', style: 'rst' }],
  ['org', { type: 'text/org', style: 'org' }],
  ['adoc', { type: 'text/asciidoc', style: 'asciidoc' }],
  ['asciidoc', { type: 'text/asciidoc', style: 'asciidoc' }],
  ['tex', { type: 'text/x-tex', style: 'tex' }],
])

const plainTextEndings: readonly string[] = [...formats.keys()]

/**
 * Plain text and its relatives (reStructuredText, Org, AsciiDoc, TeX), and text files without an ending. The text is the
 * source itself. Paragraphs, parted by blank lines, are the blocks; only the obvious forms of headings are recognised.
 */
export const plainTextExtractor = createTextExtractor({
  format: 'plain text',
  isIsolated: false,
  isNamed: (name) => (endingOf(name) === undefined ? !isDotFile(name) : hasEnding(name, plainTextEndings)),
  noText: 'The file holds no text',
  read: (text, { name }) =>
    readPlainText(text, formats.get(endingOf(name) ?? 'txt') ?? { type: 'text/plain', style: 'plain' }),
})

function readPlainText(text: string, { type, style }: PlainFormat): Extracted {
  const lines = splitLines(text)
  const blocks = scanParagraphs(lines, style)
  const title = readDeclaredTitle(text, style) ?? titleOf(lines, blocks, style)
  return { text, blocks, ...(title === undefined ? {} : { title }), metadata: {}, type }
}

/** `#+TITLE:` of Org and `\title{}` of TeX. */
function readDeclaredTitle(text: string, style: HeadingStyle): string | undefined {
  const head = text.slice(0, 4096)
  const pattern =
    style === 'org' ? /^#\+title:[ \t]*(\S.*)$/im : style === 'tex' ? /\\title\{([^{}\n]+)\}/ : undefined
  return pattern?.exec(head)?.[1]?.trim()
}

/** A heading at the very start, or a first line that stands like one. */
function titleOf(lines: Lines, blocks: readonly Block[], style: HeadingStyle): string | undefined {
  if (style === 'none') return undefined
  const [first] = blocks
  if (first?.kind === 'heading') return first.heading
  return style === 'plain' || style === 'rst' ? readTitleLine(lines) : undefined
}

function scanParagraphs(lines: Lines, style: HeadingStyle): Block[] {
  const blocks: Block[] = []
  const ranks: (number | string)[] = []
  let paragraphStart: number | undefined
  const close = (next: number) => {
    if (paragraphStart !== undefined)
      blocks.push({ kind: 'text', ...placeOf(lines, paragraphStart, next - 1) })
    paragraphStart = undefined
  }
  for (let at = 0; at < lines.starts.length; at++) {
    if (isBlank(lineAt(lines, at))) {
      close(at)
      continue
    }
    // Marks at the line's start (Org, AsciiDoc, TeX) need no blank line above; underlines do, lest a table be a heading.
    const mayBegin = paragraphStart === undefined || style === 'org' || style === 'tex'
    const heading = mayBegin ? readPlainHeading(lines, at, style) : undefined
    if (heading === undefined) {
      paragraphStart ??= at
      continue
    }
    close(at)
    const level = levelOf(heading.rank, ranks)
    blocks.push({ kind: 'heading', ...placeOf(lines, at, heading.last), level, heading: heading.words })
    at = heading.last
  }
  close(lines.starts.length)
  return blocks
}

function placeOf(lines: Lines, first: number, last: number): Pick<Block, 'start' | 'end' | 'location'> {
  return {
    start: startOf(lines, first),
    end: endOf(lines, last),
    location: { kind: 'lines', start: first + 1, end: last + 1 },
  }
}

/** Underline characters get levels in the order in which a file first uses them, as reStructuredText has it. */
function levelOf(rank: number | string, ranks: (number | string)[]): number {
  if (typeof rank === 'number') return Math.min(6, rank)
  if (!ranks.includes(rank)) ranks.push(rank)
  return Math.min(6, ranks.indexOf(rank) + 1)
}
