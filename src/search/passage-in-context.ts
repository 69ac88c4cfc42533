import type { Block, Document, Passage } from '../types.js'

/** Characters shown before and after a passage, at least: then up to the nearest block's edge. */
const CONTEXT_CHARS = 600
/** A block that is longer is cut at a line or word. */
const MAX_CONTEXT_CHARS = 1_500

export type PassageInContext = {
  readonly passage: Passage
  /** The document's text before, of and after the passage. */
  readonly before: string
  readonly text: string
  readonly after: string
}

/** A passage with what stands around it in its document: whole blocks where they are short enough. Pure. */
export function passageInContext(
  { text, blocks }: Pick<Document, 'text' | 'blocks'>,
  passage: Passage,
): PassageInContext {
  const from = contextStart(text, blocks, passage.start)
  const to = contextEnd(text, blocks, passage.end)
  return {
    passage,
    before: text.slice(from, passage.start),
    text: text.slice(passage.start, passage.end),
    after: text.slice(passage.end, to),
  }
}

function contextStart(text: string, blocks: readonly Block[], start: number): number {
  const wanted = start - CONTEXT_CHARS
  if (wanted <= 0) return 0
  const earliest = start - MAX_CONTEXT_CHARS
  const edge = blocks.findLast((block) => block.start <= wanted && block.end > block.start)?.start ?? 0
  if (edge >= earliest) return edge
  const blank = breakIn(text.slice(earliest, wanted))
  return blank === -1 ? wanted : earliest + blank + 1
}

function contextEnd(text: string, blocks: readonly Block[], end: number): number {
  const wanted = end + CONTEXT_CHARS
  if (wanted >= text.length) return text.length
  const latest = end + MAX_CONTEXT_CHARS
  const edge = blocks.find((block) => block.end >= wanted)?.end ?? text.length
  if (edge <= latest) return edge
  const blank = breakIn(text.slice(wanted, latest))
  return blank === -1 ? wanted : wanted + blank
}

/** The first end of a line, such as a row of a table; else of a word; -1 for none. */
function breakIn(text: string): number {
  const line = text.indexOf('\n')
  return line === -1 ? text.search(/\s/) : line
}
