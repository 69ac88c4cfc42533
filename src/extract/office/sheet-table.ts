/** A cell that holds something. */
export type SheetCell = {
  /** From 0. */
  readonly column: number
  /** As it is shown, in one line. */
  readonly text: string
  /** False for numbers, dates and the like. */
  readonly isText: boolean
  /** What people wrote beside it. */
  readonly comment?: string
}

/** A row that holds something; `row` counts from 1, as users see it. */
export type SheetRow = { readonly row: number; readonly cells: readonly SheetCell[] }

/** Names of columns by their number. */
export type SheetHeader = ReadonlyMap<number, string>

/** Longer ones are texts, not names. */
const maxNameChars = 80
/** A row that names less than this share of the columns groups them at most. */
const minNamedShare = 0.6

/**
 * The names of a table's columns, if the row holds them, judging by the rows after it. Names are short, different, and words
 * (or years); a table of two columns has names only where something below is a number, as labels with their values look
 * the same otherwise.
 */
export function readHeader(row: SheetRow, below: readonly SheetRow[]): SheetHeader | undefined {
  const { cells } = row
  const columns = Math.max(cells.length, ...below.map((each) => each.cells.length))
  if (below.length === 0 || cells.length < 2 || cells.length < columns * minNamedShare) return undefined
  const names = cells.map(({ text }) => text)
  if (new Set(names).size < names.length || !cells.every(isName)) return undefined
  const hasNumbers = below.some((each) => each.cells.some(({ isText }) => !isText))
  if (columns === 2 && !hasNumbers) return undefined
  return cells.some(({ isText }) => isText)
    ? new Map(cells.map(({ column, text }) => [column, text]))
    : undefined
}

function isName({ text, isText }: SheetCell): boolean {
  return isText
    ? text.length <= maxNameChars && !text.endsWith(':') && /\p{L}/u.test(text)
    : /^(?:19|20)\d\d$/.test(text)
}

/**
 * A row as one line that can be read alone: `City: Paris | Sales: 12`; without names `Paris | 12`. Passages begin anywhere in
 * a long table, so each row carries the names.
 */
export function rowText({ cells }: SheetRow, header: SheetHeader | undefined): string {
  return cells
    .map(({ column, text, comment }) => {
      const name = header?.get(column)
      const value = comment === undefined ? text : `${text} [${comment}]`.trim()
      return name === undefined ? value : `${name}: ${value}`
    })
    .join(' | ')
}

/** Several comments of a cell follow one another. */
export function addComment(comments: Map<string, string>, cell: string, author: string, raw: string): void {
  const all = raw.replace(/\s+/g, ' ').trim()
  // Excel writes the author's name into the text of old comments as well.
  const text = author !== '' && all.startsWith(`${author}:`) ? all.slice(author.length + 1).trim() : all
  if (text === '') return
  const comment = author === '' ? `Comment: ${text}` : `Comment by ${author}: ${text}`
  const before = comments.get(cell)
  comments.set(cell, before === undefined ? comment : `${before}; ${comment}`)
}
