import type { HeadedBlock, PdfBlock } from './pdf-blocks.js'
import { largest } from './pdf-measures.js'

/** Type this much larger than that of the text (as a factor) makes a heading. */
const largerType = 1.12
const maxHeadingChars = 160
const maxHeadingLines = 3
const maxHeadingsInRow = 6
/** A paragraph of at least so many characters is text, and no part of a title page. */
const minTextChars = 80
const maxBoldWords = 18
/** A document in which more blocks than this share look like headings by their weight alone has other uses for bold type. */
const maxBoldShare = 0.25
/** A title is set in type this much larger than that of the text. */
const titleType = 1.25

export type TypeStyle = { readonly size: number; readonly isBold: boolean }

/** The type in which most letters are set. Sizes differ by half a point at least. */
export function textStyle(blocks: readonly PdfBlock[]): TypeStyle {
  const letters = new Map<number, number>()
  let bold = 0
  let all = 0
  for (const { kind, size, isBold, text } of blocks) {
    if (kind === 'note') continue
    const rounded = Math.round(size * 2) / 2
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length)
    all += text.length
    if (isBold) bold += text.length
  }
  const [most] = [...letters].sort((a, b) => b[1] - a[1])
  return { size: most?.[0] ?? 0, isBold: bold > all / 2 }
}

/**
 * Marks as headings what is set in larger type, or in bold type by itself above text that is not. Levels follow the size of
 * the type.
 */
export function headByType(blocks: readonly PdfBlock[], style: TypeStyle): HeadedBlock[] {
  const large = new Set(
    blocks.filter((block) => isHeadingLike(block) && block.size >= largerType * style.size),
  )
  const bold = blocks.filter((block) => isBoldHeading(block, style) && !large.has(block))
  const candidates = bold.length > maxBoldShare * blocks.length ? large : new Set([...large, ...bold])
  const firstText = blocks.findIndex(
    ({ text, size }) => size <= 1.06 * style.size && text.length > minTextChars,
  )
  const top = largest(
    blocks
      .slice(0, firstText)
      .filter((block) => large.has(block))
      .map(({ size }) => size),
  )
  const headings = new Set(
    blocks.filter(
      (block, i) =>
        candidates.has(block) &&
        ((i < firstText && block.size > 0.97 * top) || leadsToText(blocks, i, candidates, style)),
    ),
  )
  // The larger headings above one, each above the next.
  let above: number[] = []
  return blocks.map((block) => {
    if (!headings.has(block)) return block
    const rank = styleRank(block)
    above = [...above.filter((larger) => larger > rank), rank]
    return { ...block, level: above.length }
  })
}

/** Whether text in the usual type stands below a heading, or below those that follow it: labels in figures lead to none. */
function leadsToText(
  blocks: readonly PdfBlock[],
  at: number,
  candidates: ReadonlySet<PdfBlock>,
  style: TypeStyle,
): boolean {
  const next = blocks.slice(at + 1, at + maxHeadingsInRow).find((block) => !candidates.has(block))
  if (next === undefined || next.kind === 'note' || (next.isBold && !style.isBold)) return false
  return Math.abs(next.size - style.size) <= 0.1 * style.size
}

/** Larger first; of the same size, bold first. */
function styleRank({ size, isBold }: PdfBlock): number {
  return Math.round(size * 2) + (isBold ? 0.5 : 0)
}

function isHeadingLike({ kind, text, lines, isMain, isGapped }: PdfBlock): boolean {
  return (
    isMain &&
    !isGapped &&
    (kind === 'text' || kind === 'item') &&
    lines <= maxHeadingLines &&
    text.length <= maxHeadingChars &&
    (text.match(/\p{L}/gu)?.length ?? 0) >= 0.5 * text.replace(/\s/g, '').length &&
    /\p{L}{2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) &&
    !/[,;.。，、；]$/u.test(text) &&
    // The scale of a figure.
    !/^[\d.,%]+\s[\d.,%]+\s/.test(text)
  )
}

function isBoldHeading(block: PdfBlock, style: TypeStyle): boolean {
  return (
    block.isBold &&
    !style.isBold &&
    isHeadingLike(block) &&
    block.size >= 0.95 * style.size &&
    block.text.split(/\s+/).length <= maxBoldWords &&
    /^[\p{Lu}\p{Lo}\p{N}]/u.test(block.text) &&
    !/[:：]$/.test(block.text)
  )
}

/** What is set in the largest type of the first page, when that stands out: the title of most documents. */
export function titleByType(blocks: readonly PdfBlock[], style: TypeStyle): string | undefined {
  const candidates = blocks.filter(
    (block) => block.page === 1 && isHeadingLike(block) && block.size >= titleType * style.size,
  )
  const size = largest(candidates.map((block) => block.size))
  const first = candidates.find((block) => block.size > 0.97 * size)
  return first?.text.replace(/\s+/g, ' ')
}
