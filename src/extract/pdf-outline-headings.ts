import { groupBy } from './group-by.js'
import type { HeadedBlock, PdfBlock } from './pdf-blocks.js'
import type { OutlineEntry } from './pdf-outline.js'

/** What a bookmark leaves out or adds in front: the number of a chapter or section and its name. */
const maxExtraLetters = 10
const maxHeadingChars = 300

type Mark = { readonly level: number; readonly name: string; readonly isWhole: boolean }

/**
 * Marks as headings what the outline names: the block on an entry's page with its words. Where no block is just these words,
 * the entry names what follows its place. `topOf` gives an entry's height in 1/72 inch from the top of its page.
 */
export function headByOutline(
  blocks: readonly PdfBlock[],
  entries: readonly OutlineEntry[],
  topOf: (entry: OutlineEntry) => number | undefined,
): HeadedBlock[] {
  const byPage = groupBy(blocks.keys(), (index) => blocks[index]?.page)
  const marks = new Map<number, Mark[]>()
  for (const entry of entries) {
    const { index, isWhole } = placeOf(entry, topOf(entry), blocks, byPage)
    if (index === undefined) continue
    const mark = { level: entry.level, name: entry.title, isWhole }
    marks.set(index, [...(marks.get(index) ?? []), mark])
  }
  return blocks.map((block, i) => applyMarks(block, marks.get(i) ?? []))
}

function applyMarks(block: PdfBlock, marks: readonly Mark[]): HeadedBlock {
  if (marks.length === 0) return block
  const own = marks.findLast(({ isWhole }) => isWhole)
  const names = marks.filter((mark) => mark !== own).map(({ level, name }) => ({ level, name }))
  return {
    ...block,
    ...(names.length === 0 ? {} : { names }),
    ...(own === undefined ? {} : { level: own.level }),
  }
}

function placeOf(
  entry: OutlineEntry,
  top: number | undefined,
  blocks: readonly PdfBlock[],
  byPage: ReadonlyMap<number | undefined, readonly number[]>,
): { readonly index: number | undefined; readonly isWhole: boolean } {
  const indices = byPage.get(entry.page) ?? []
  const title = lettersOf(entry.title)
  const distance = (index: number) => (top === undefined ? 0 : Math.abs((blocks[index]?.y ?? 0) - top))
  const nearest = (found: readonly number[]) => found.toSorted((a, b) => distance(a) - distance(b))[0]
  const whole = nearest(indices.filter((index) => isTitle(blocks[index], title)))
  if (whole !== undefined) return { index: whole, isWhole: true }
  const beginning = nearest(indices.filter((index) => lettersOf(blocks[index]?.text ?? '').startsWith(title)))
  const below = indices.find((index) => top !== undefined && (blocks[index]?.y ?? 0) >= top - 2)
  return { index: beginning ?? below ?? indices[0], isWhole: false }
}

/** Whether a block is nothing but the words of a bookmark, but for the number of a chapter or section in front. */
function isTitle(block: PdfBlock | undefined, title: string): boolean {
  if (block === undefined || block.text.length > maxHeadingChars || block.kind === 'note' || title === '')
    return false
  const text = lettersOf(block.text)
  if (text === title) return true
  const [longer, shorter] = text.length > title.length ? [text, title] : [title, text]
  return shorter.length > 2 && longer.endsWith(shorter) && longer.length - shorter.length <= maxExtraLetters
}

/** Letters and digits only: a bookmark and the page differ in spaces, punctuation and forms of letters. */
function lettersOf(text: string): string {
  return text
    .slice(0, 2 * maxHeadingChars)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
