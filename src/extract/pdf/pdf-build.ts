import type { Extracted } from '../../types.js'
import { TextBuilder } from '../text-builder.js'
import { type HeadedBlock, type PdfBlock, toBlock } from './pdf-blocks.js'
import { headByType, textStyle, titleByType } from './pdf-headings.js'
import { collectWords, type Vocabulary } from './pdf-hyphens.js'
import { layOut, paragraphText } from './pdf-layout.js'
import type { OutlineEntry } from './pdf-outline.js'
import { headByOutline } from './pdf-outline-headings.js'
import type { PageContent } from './pdf-page.js'
import { mendPageBreaks } from './pdf-page-breaks.js'
import { findRunningText } from './pdf-running.js'

/** An outline of fewer entries does not tell a document's headings. */
const minOutline = 2

/** Puts the text of all pages together: reading order, running heads left out, headings found. */
export function buildText(
  pages: readonly PageContent[],
  outline: readonly OutlineEntry[],
): Pick<Extracted, 'text' | 'blocks' | 'title'> {
  const vocabulary = collectWords(
    pages.flatMap(({ frames }) => frames.flatMap(({ fragments }) => fragments.map(({ text }) => text))),
  )
  const blocks = mendPageBreaks(toBlocks(pages, vocabulary), vocabulary)
  const style = textStyle(blocks)
  const headed =
    outline.length >= minOutline
      ? headByOutline(blocks, outline, (entry) => topOf(entry, pages))
      : headByType(blocks, style)
  const builder = new TextBuilder()
  writeBlocks(headed, builder)
  const title =
    titleByType(blocks, style) ?? headed.find(({ level }) => level !== undefined)?.text.replace(/\s+/g, ' ')
  return { ...builder.finish(), ...(title === undefined ? {} : { title }) }
}

function toBlocks(pages: readonly PageContent[], vocabulary: Vocabulary): PdfBlock[] {
  // Only level writing has its first and last lines at the head and foot of the page.
  const level = pages.map(({ frames, height }) => ({
    fragments: frames.find(({ degrees }) => degrees === 0)?.fragments ?? [],
    top: 0,
    bottom: height,
  }))
  const running = findRunningText(level)
  return pages.flatMap(({ number, frames, notes }) => [
    ...frames.flatMap(({ fragments }, i) =>
      layOut(fragments.filter((fragment) => !running.has(fragment))).map((paragraph) =>
        toBlock(number, i === 0, paragraph, paragraphText(paragraph, vocabulary)),
      ),
    ),
    ...notes.map((text) => noteBlock(number, text)),
  ])
}

function noteBlock(page: number, text: string): PdfBlock {
  return {
    page,
    kind: 'note',
    text,
    y: Number.POSITIVE_INFINITY,
    size: 0,
    isBold: false,
    lines: 1,
    isGapped: false,
    isMain: false,
  }
}

function topOf({ page, y }: OutlineEntry, pages: readonly PageContent[]): number | undefined {
  const transform = pages.find(({ number }) => number === page)?.transform
  return y === undefined || transform === undefined ? undefined : transform[3] * y + transform[5]
}

function writeBlocks(blocks: readonly HeadedBlock[], builder: TextBuilder): void {
  let items: HeadedBlock[] = []
  const flush = () => {
    const [first] = items
    if (first !== undefined) {
      const kind = items.length > 1 ? 'list' : 'text'
      builder.add(kind, items.map(({ text }) => text).join('\n'), pageOf(first))
    }
    items = []
  }
  for (const block of blocks) {
    const isItem = block.kind === 'item' && block.level === undefined && block.names === undefined
    if (!isItem || items[0]?.page !== block.page) flush()
    if (isItem) {
      items.push(block)
      continue
    }
    for (const { level, name } of block.names ?? []) builder.addName(level, name, pageOf(block))
    if (block.level !== undefined) builder.addHeading(block.level, block.text, pageOf(block))
    else if (block.kind === 'table' || block.kind === 'code')
      builder.add(block.kind, block.text, pageOf(block))
    else builder.add('text', block.text, pageOf(block))
  }
  flush()
}

function pageOf({ page }: PdfBlock) {
  return { kind: 'pages', start: page, end: page } as const
}
