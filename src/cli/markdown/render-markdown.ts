import { printable, type Style } from '../style.js'
import { createLineFiller } from './line-filler.js'
import { renderTable } from './render-table.js'

/** Shows Markdown on a terminal while it is being written. */
export type MarkdownRenderer = {
  /** Takes the next piece; gives what can be written by now: whole words. */
  push(piece: string): string
  /** The rest, and the end of the last line. */
  end(): string
}

const MAX_COLUMNS = 100
const FENCE = /^\s*(?:```|~~~)/
const HEADING = /^\s{0,3}#{1,6}[ \t]+/
const ITEM = /^(\s*)(?:([-*+•])|(\d{1,3}[.)]))[ \t]+/
const QUOTE = /^\s*(?:>[ \t]?)+/
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/
/** What a block other than a paragraph may begin with. */
const MAY_BEGIN_BLOCK = /^\s*(?:$|[#\-*+•\d>|`~_])/
const FIRST_WORD = /^\s*\S+[ \t]/
const WORD = /^\S+(?=\s)/
const WIDE = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}]'
/** Scripts without blanks: as much of a word as ends between two of their letters. */
const WIDE_PIECE = new RegExp(`^\\S*${WIDE}(?=${WIDE})`, 'u')

/**
 * Renders the Markdown that answers are written in: headings, lists, quotes, tables, code, emphasis; other signs are left as
 * they stand. Lines are broken at the terminal's width, by columns and not by characters; nothing of the text reaches the
 * terminal as a control sequence. Line breaks stay where they are.
 *
 * Written here, since renderers of packages take a whole document, and pass control characters on.
 */
export function createMarkdownRenderer(columns: number, style: Style): MarkdownRenderer {
  const width = Math.min(columns, MAX_COLUMNS)
  const filler = createLineFiller(width, style)
  let pending = ''
  let table: string[] = []
  let inLine = false
  let inFence = false
  let glued = false
  /** Line breaks that were asked for and not yet written: none at the start, one empty line at most. */
  let blank: 'start' | 'none' | 'due' = 'start'

  function takeLine(end: number): string {
    const line = pending.slice(0, end)
    pending = pending.slice(end + 1)
    return line
  }

  function write(text: string): string {
    const out = (blank === 'due' ? '\n' : '') + text
    blank = 'none'
    return out
  }

  function flushTable(): string {
    if (table.length === 0) return ''
    const out = write(renderTable(table, width, style))
    table = []
    return out
  }

  /** A line that is shown as a whole: of code, of a table, a rule, an empty one. Undefined when it is none. */
  function takeWholeLine(end: number): string | undefined {
    const line = pending.slice(0, end)
    if (FENCE.test(line)) {
      inFence = !inFence
      takeLine(end)
      return flushTable()
    }
    if (inFence) return write(`    ${style.code(takeLine(end).replaceAll('\t', '    '))}\n`)
    if (line.trimStart().startsWith('|')) {
      table.push(takeLine(end))
      return ''
    }
    if (line.trim() === '') {
      takeLine(end)
      const out = flushTable()
      if (blank === 'none') blank = 'due'
      return out
    }
    if (!RULE.test(line)) return undefined
    takeLine(end)
    return flushTable() + write(`${style.dim('─'.repeat(width))}\n`)
  }

  function beginLine(): string {
    const item = ITEM.exec(pending)
    const quote = QUOTE.exec(pending)?.[0]
    const heading = HEADING.exec(pending)?.[0]
    const prefix = item?.[0] ?? quote ?? heading ?? /^\s*/.exec(pending)?.[0] ?? ''
    pending = pending.slice(prefix.length)
    inLine = true
    glued = false
    if (quote !== undefined) return filler.begin('│ ', '│ ', style.dim)
    if (heading !== undefined) return filler.begin('', '', style.bold)
    if (item === null) return filler.begin('', '')
    const sign = `${item[1] ?? ''}${item[3] ?? '•'} `
    return filler.begin(sign, ' '.repeat(sign.length))
  }

  /** Begins a line, once it is known of what kind it is. Undefined as long as it is not. */
  function startLine(): string | undefined {
    const end = pending.indexOf('\n')
    const whole = end < 0 ? undefined : takeWholeLine(end)
    if (whole !== undefined) return whole
    const isDecided = end >= 0 || (!inFence && !isTable() && (FIRST_WORD.test(pending) || isPlain()))
    return isDecided ? flushTable() + write(beginLine()) : undefined
  }

  const isTable = () => pending.trimStart().startsWith('|')
  const isPlain = () => pending.trim() !== '' && !MAY_BEGIN_BLOCK.test(pending)

  /** The next word of the line, or its end. Undefined when it is not whole yet. */
  function continueLine(): string | undefined {
    const blanks = /^[ \t]+/.exec(pending)?.[0] ?? ''
    if (blanks !== '') glued = false
    pending = pending.slice(blanks.length)
    if (pending.startsWith('\n')) {
      pending = pending.slice(1)
      inLine = false
      return filler.end()
    }
    const whole = WORD.exec(pending)?.[0]
    const word = whole ?? WIDE_PIECE.exec(pending)?.[0]
    if (word === undefined) return undefined
    pending = pending.slice(word.length)
    const out = filler.word(word, glued)
    glued = whole === undefined
    return out
  }

  function drain(): string {
    let out = ''
    while (pending !== '') {
      const next = inLine ? continueLine() : startLine()
      if (next === undefined) break
      out += next
    }
    return out
  }

  return {
    push(piece) {
      pending += printable(piece)
      return drain()
    },
    end() {
      if (pending !== '' || inLine) pending += '\n'
      return drain() + flushTable()
    },
  }
}

/** The same of a whole text. */
export function renderMarkdown(text: string, columns: number, style: Style): string {
  const renderer = createMarkdownRenderer(columns, style)
  return renderer.push(text) + renderer.end()
}
