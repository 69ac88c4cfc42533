import type { PdfBlock } from './pdf-blocks.js'
import { joinLines, type Vocabulary } from './pdf-hyphens.js'

/** Footnotes below the last paragraph of a page at most. */
const maxBelow = 6

/**
 * Puts words together that the end of a page parts: the rest of such a word goes to the page on which it begins. Sentences
 * stay parted, so that each part is cited by its own page.
 */
export function mendPageBreaks(blocks: readonly PdfBlock[], vocabulary: Vocabulary): PdfBlock[] {
  const mended = [...blocks]
  for (let i = 1; i < mended.length; i++) {
    const next = mended[i]
    if (next === undefined || next.page === mended[i - 1]?.page) continue
    const at = brokenBlock(mended, i)
    const above = at === undefined ? undefined : mended[at]
    const tail = /^\p{Ll}[\p{L}\p{M}]*[^\s\p{L}]*/u.exec(next.text)?.[0]
    if (at === undefined || above === undefined || tail === undefined || !isSameType(above, next)) continue
    mended[at] = { ...above, text: joinLines([above.text, tail], vocabulary) }
    mended[i] = { ...next, text: next.text.slice(tail.length).trimStart() }
  }
  return mended.filter(({ text }) => text !== '')
}

/** The last block of the page before `end` that stops within a word; only smaller type stands below it. */
function brokenBlock(blocks: readonly PdfBlock[], end: number): number | undefined {
  const { page } = blocks[end - 1] ?? {}
  for (let at = end - 1; at >= Math.max(0, end - maxBelow) && blocks[at]?.page === page; at--) {
    const block = blocks[at]
    const isText = block?.kind === 'text' || block?.kind === 'item'
    if (isText && /\p{L}[-\u2010\u00ad]$/u.test(block.text)) return at
  }
  return undefined
}

function isSameType(a: PdfBlock, b: PdfBlock): boolean {
  return b.isMain && (b.kind === 'text' || b.kind === 'item') && Math.abs(a.size - b.size) < 0.03 * a.size
}
