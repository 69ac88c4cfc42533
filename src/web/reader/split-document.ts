import type { DocumentContent } from '../../api/client.js'

type Block = DocumentContent['blocks'][number]
type Location = Block['location']

/** UTF-16 offsets into the document's text. */
export type Stretch = { readonly start: number; readonly end: number }

/** A stretch of text, and whether it belongs to the passage that is shown, or to the quote within it. */
export type Piece = { readonly text: string; readonly mark: 'none' | 'passage' | 'quote' }

export type Focus = { readonly passage: Stretch | undefined; readonly quote: Stretch | undefined }

/** The passage of this id, and where the quoted words stand: in it, else anywhere. */
export function findFocus(content: DocumentContent, passageId?: string, quote?: string): Focus {
  const passage = content.passages.find(({ id }) => id === passageId)
  const words = quote === undefined ? undefined : quotePattern(quote)
  if (words === undefined) return { passage, quote: undefined }
  const within = passage && match(content.text, words, passage)
  return { passage, quote: within ?? match(content.text, words, { start: 0, end: content.text.length }) }
}

/** White space may differ between a quote and where it was taken from. */
function quotePattern(quote: string): RegExp | undefined {
  const words = quote
    .replace(/…$/, '')
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return undefined
  return new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+'))
}

function match(text: string, pattern: RegExp, { start, end }: Stretch): Stretch | undefined {
  const found = pattern.exec(text.slice(start, end))
  return found === null
    ? undefined
    : { start: start + found.index, end: start + found.index + found[0].length }
}

/** A stretch of the text, cut where passage and quote begin and end. */
export function splitPieces(text: string, { start, end }: Stretch, { passage, quote }: Focus): Piece[] {
  const edges = [passage?.start, passage?.end, quote?.start, quote?.end]
    .filter((at): at is number => at !== undefined && at > start && at < end)
    .sort((a, b) => a - b)
  const cuts = [start, ...new Set(edges), end]
  return cuts.slice(1).map((to, i) => {
    const from = cuts[i] ?? start
    const holds = (stretch: Stretch | undefined) =>
      stretch !== undefined && stretch.start <= from && to <= stretch.end
    return {
      text: text.slice(from, to),
      mark: holds(quote) ? 'quote' : holds(passage) ? 'passage' : 'none',
    }
  })
}

export function overlaps(a: Stretch, b: Stretch | undefined): boolean {
  return b !== undefined && a.start < b.end && b.start < a.end
}

/** What begins with a block: `Page 3`, `Slide 2`, a sheet's name; empty where the source has no such parts. */
export function partName(location: Location): string {
  switch (location.kind) {
    case 'pages':
      return `Page ${location.start}`
    case 'slide':
      return `Slide ${location.n}`
    case 'sheet':
      return `Sheet ${location.name}`
    case 'cell':
      return `Cell ${location.n}`
    default:
      return ''
  }
}

export type OutlineEntry = { readonly block: number; readonly level: number; readonly text: string }

/** The headings, with the number of their block. */
export function outlineOf({ blocks }: DocumentContent): OutlineEntry[] {
  return blocks.flatMap(({ kind, level = 1, heading = '' }, block) =>
    kind === 'heading' && heading.trim() !== '' ? [{ block, level, text: heading }] : [],
  )
}

export type TableRow = Stretch & { readonly cells: readonly string[] }

const RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/

/**
 * The rows of a table as the index holds it: a line for each, cells set apart by bars. Names of columns that rows carry for
 * searching are left out where the first row names them all.
 */
export function readTable(text: string, { start, end }: Stretch): TableRow[] {
  const rows: TableRow[] = []
  let at = start
  for (const line of text.slice(start, end).split('\n')) {
    if (line.trim() !== '' && !(line.includes('-') && RULE.test(line)))
      rows.push({ start: at, end: at + line.length, cells: cellsOf(line) })
    at += line.length + 1
  }
  const names = rows[0]?.cells ?? []
  return rows.map((row, i) => (i === 0 ? row : { ...row, cells: withoutNames(row.cells, names) }))
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
}

/** Rows that carry names leave empty cells out, so that each value goes to the column of its name. */
function withoutNames(cells: readonly string[], names: readonly string[]): readonly string[] {
  if (names.length < 2) return cells
  const places = cells.map((cell) => names.findIndex((name) => name !== '' && cell.startsWith(`${name}: `)))
  if (places.includes(-1)) return cells
  const row = names.map(() => '')
  for (const [i, cell] of cells.entries()) {
    const place = places[i] ?? 0
    row[place] = cell.slice((names[place] ?? '').length + 2)
  }
  return row
}
