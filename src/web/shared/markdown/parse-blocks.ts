/** A line of Markdown's words, and where it stands in the whole text (UTF-16 units). */
export type Line = { readonly text: string; readonly start: number }

/** `number` is undefined for an item with a bullet. */
export type Item = { readonly depth: number; readonly number: string | undefined; readonly lines: Line[] }

export type Block =
  | { readonly kind: 'paragraph' | 'quote'; readonly lines: Line[] }
  | { readonly kind: 'heading'; readonly level: number; readonly line: Line }
  | { readonly kind: 'code'; readonly lines: Line[] }
  | { readonly kind: 'list'; readonly items: Item[] }
  | { readonly kind: 'table'; readonly rows: (readonly Line[])[] }
  | { readonly kind: 'rule' }

/** A line with backticks behind those of its beginning is a paragraph that begins with code. */
const FENCE = /^\s*(?:`{3,}[^`]*$|~{3,})/
const HEADING = /^\s{0,3}(#{1,6})[ \t]+/
const ITEM = /^(\s*)(?:[-*+•]|(\d{1,9})[.)])[ \t]+/
const QUOTE = /^\s*>[ \t]?/
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/
const TABLE_RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/
const MAX_DEPTH = 6

/**
 * The blocks of the Markdown that answers are written in: paragraphs, headings, lists, quotes, tables, code, rules. Every
 * line is looked at once, whatever it holds; links, pictures, references and HTML are ordinary words. A text that ends in
 * the middle, as one that is being written does, is read as far as it goes.
 */
export function parseBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let fence: Line[] | undefined
  /** What a further line may go on with. */
  let open: Block | undefined
  let start = 0
  for (const line of text.split('\n')) {
    const here = { text: line, start }
    start += line.length + 1
    if (FENCE.test(line)) {
      open = undefined
      if (fence !== undefined) fence = undefined
      else {
        fence = []
        blocks.push({ kind: 'code', lines: fence })
      }
    } else if (fence !== undefined) fence.push(here)
    else if (line.trim() === '') open = open?.kind === 'list' ? open : undefined
    else {
      const next = takeLine(here, open)
      if (next !== open) blocks.push(next)
      open = next.kind === 'heading' || next.kind === 'rule' ? undefined : next
    }
  }
  return blocks
}

/** The block that the line belongs to: the one that is open, or a new one. */
function takeLine(line: Line, open: Block | undefined): Block {
  const heading = HEADING.exec(line.text)
  if (heading !== null) {
    const level = heading[1]?.length ?? 1
    return { kind: 'heading', level, line: rest(line, heading[0].length) }
  }
  if (RULE.test(line.text)) return { kind: 'rule' }
  if (line.text.trimStart().startsWith('|')) return takeRow(line, open)
  const quote = QUOTE.exec(line.text)
  if (quote !== null) return takeWords('quote', rest(line, quote[0].length), open)
  const item = ITEM.exec(line.text)
  if (item !== null) return takeItem(line, item, open)
  const isMore = open?.kind === 'list' && /^\s/.test(line.text)
  if (!isMore) return takeWords('paragraph', line, open)
  open.items.at(-1)?.lines.push(line)
  return open
}

function takeWords(kind: 'paragraph' | 'quote', line: Line, open: Block | undefined): Block {
  if (open?.kind !== kind) return { kind, lines: [line] }
  open.lines.push(line)
  return open
}

function takeItem(
  line: Line,
  [prefix, indent = '', number]: RegExpExecArray,
  open: Block | undefined,
): Block {
  const list: Block = open?.kind === 'list' ? open : { kind: 'list', items: [] }
  const above = list.items.at(-1)?.depth ?? -1
  // Two columns or a tab for each level, and none is left out.
  const columns = indent.replaceAll('\t', '  ').length
  const depth = Math.min(Math.floor(columns / 2), above + 1, MAX_DEPTH)
  list.items.push({ depth, number, lines: [rest(line, prefix.length)] })
  return list
}

function takeRow(line: Line, open: Block | undefined): Block {
  const table: Block = open?.kind === 'table' ? open : { kind: 'table', rows: [] }
  if (!TABLE_RULE.test(line.text)) table.rows.push(cellsOf(line))
  return table
}

function cellsOf(line: Line): Line[] {
  const cells = [...line.text.matchAll(/(?<=\|)(?:\\.|[^|\\])+/g)]
  return cells
    .map(({ 0: text, index }) => ({ text, start: line.start + index }))
    .filter(({ text }, i) => i < cells.length - 1 || text.trim() !== '')
}

function rest({ text, start }: Line, at: number): Line {
  return { text: text.slice(at), start: start + at }
}
