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
  const letters = blocks.map(({ text }) => lettersOf(text))
  const marks = entries.map((entry) => {
    const page = (byPage.get(entry.page) ?? []).map((index) => ({
      index,
      block: blocks[index],
      letters: letters[index] ?? '',
    }))
    return { level: entry.level, name: entry.title, ...placeOf(entry, topOf(entry), page) }
  })
  const byBlock = groupBy(marks, ({ index }) => index)
  return blocks.map((block, i) => applyMarks(block, byBlock.get(i) ?? []))
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

type Candidate = { readonly index: number; readonly block: PdfBlock | undefined; readonly letters: string }

/** The block of a page that an entry stands at, and whether it is the entry's words and no more. */
function placeOf(
  { title }: OutlineEntry,
  top: number | undefined,
  page: readonly Candidate[],
): { readonly index: number | undefined; readonly isWhole: boolean } {
  const words = lettersOf(title)
  const distance = ({ block }: Candidate) => (top === undefined ? 0 : Math.abs((block?.y ?? 0) - top))
  const nearest = (found: readonly Candidate[]) => found.toSorted((a, b) => distance(a) - distance(b))[0]
  const whole = nearest(page.filter(({ block, letters }) => isTitle(block, letters, words)))
  if (whole !== undefined) return { index: whole.index, isWhole: true }
  const beginning = nearest(page.filter(({ letters }) => words !== '' && letters.startsWith(words)))
  const below = page.find(({ block }) => top !== undefined && (block?.y ?? 0) >= top - 2)
  return { index: (beginning ?? below ?? page[0])?.index, isWhole: false }
}

/** Whether a block is nothing but the words of a bookmark, but for the number of a chapter or section in front. */
function isTitle(block: PdfBlock | undefined, letters: string, title: string): boolean {
  if (block === undefined || block.text.length > maxHeadingChars || block.kind === 'note' || title === '')
    return false
  if (letters === title) return true
  const [longer, shorter] = letters.length > title.length ? [letters, title] : [title, letters]
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
