import type { Block, Extracted } from '../../types.js'
import { hasEnding } from '../file-name.js'
import { headingWords } from '../heading-words.js'
import { endOf, isBlank, type Lines, lineAt, splitLines, startOf } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'
import { readFrontMatter } from './front-matter.js'
import { type MarkdownBlock, scanMarkdown } from './markdown-blocks.js'

const markdownEndings = ['md', 'markdown', 'mdown', 'mkd', 'mkdn', 'mdx'] as const

/**
 * Markdown. The text is the source itself, so lines and offsets are the file's; blocks leave out front matter, link
 * definitions, comments, scripts and tags without words. The title is the front matter's, else the first heading of level 1,
 * else a lower heading that opens the document; the other front matter keys are the metadata.
 */
export const markdownExtractor = createTextExtractor({
  format: 'markdown',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, markdownEndings),
  noText: 'The file holds no text',
  read: (text, { name }) => readMarkdown(text, hasEnding(name, ['mdx'])),
})

/** The blocks of a Markdown text, which stays as it is, and what its front matter says. */
export function readMarkdown(text: string, isMdx = false): Extracted {
  const lines = splitLines(text)
  const front = readFrontMatter(lines)
  const blocks: Block[] = []
  for (const found of scanMarkdown(lines, front?.nextLine ?? 0)) {
    if (isMdx && isModuleCode(lines, found)) continue
    const block = toBlock(lines, front === undefined ? withoutBadFrontMatter(lines, found) : found)
    if (block !== undefined) blocks.push(block)
  }
  const title = front?.title ?? titleOf(text, blocks)
  return {
    text,
    blocks,
    ...(title === undefined ? {} : { title }),
    metadata: front?.metadata ?? {},
    type: 'text/markdown',
  }
}

/** Files written to be shown under a site's own heading open with one of level 2, often below an HTML logo. */
function titleOf(text: string, blocks: readonly Block[]): string | undefined {
  const top = blocks.find((block) => block.level === 1)
  const opening = blocks.find((block) => !(block.kind === 'text' && text.startsWith('<', block.start)))
  return top?.heading ?? opening?.heading
}

function toBlock(lines: Lines, found: MarkdownBlock): Block | undefined {
  const { kind, first, last } = found
  const place = {
    start: startOf(lines, first),
    end: endOf(lines, last),
    location: { kind: 'lines', start: first + 1, end: last + 1 },
  } as const
  if (kind === 'definition') return undefined
  if (kind === 'html')
    return hasWords(lines.text.slice(place.start, place.end)) ? { kind: 'text', ...place } : undefined
  if (kind !== 'heading') return { kind, ...place }
  const heading = headingWords(found.source ?? '')
  return isBlank(heading) ? undefined : { kind, ...place, level: found.level ?? 1, heading }
}

/** Whether HTML holds anything to read once comments, scripts, styles and tags are gone. */
function hasWords(html: string): boolean {
  if (/^\s*<(?:script|style)\b/i.test(html)) return false
  const rest = html.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/<[^<>]*>/g, '')
  return /[\p{L}\p{N}]/u.test(rest)
}

/** Front matter that is no valid YAML looks like a paragraph with an underline, that is, like a heading of many lines. */
function withoutBadFrontMatter(lines: Lines, found: MarkdownBlock): MarkdownBlock {
  const isIt =
    found.kind === 'heading' && found.first === 1 && found.last > 1 && lineAt(lines, 0).trimEnd() === '---'
  return isIt ? { kind: 'text', first: found.first, last: found.last - 1 } : found
}

/** MDX has JavaScript modules' `import` and `export` between paragraphs. */
function isModuleCode(lines: Lines, { kind, first }: MarkdownBlock): boolean {
  return kind === 'text' && /^(?:import|export)\s/.test(lineAt(lines, first))
}
