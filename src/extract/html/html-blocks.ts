import type { Block } from '../../types.js'
import type { PageContent } from './html-main.js'
import { tableRows } from './html-table.js'
import {
  attributeOf,
  type HtmlElement,
  type HtmlText,
  type SourceLines,
  sourceLines,
  walk,
} from './html-tree.js'
import { HtmlWriter } from './html-writer.js'

const blockTags = new Set(
  'address article blockquote body center details div dd dl dt fieldset figcaption figure footer form header hgroup hr html legend main p search section summary caption thead tbody tfoot tr'.split(
    ' ',
  ),
)
/** Deeper lists are indented no further. */
const maxIndentLevels = 8

/** The page's content as text, block by block in reading order, with the source lines of each. */
export function writeBlocks(content: PageContent): {
  readonly text: string
  readonly blocks: readonly Block[]
} {
  const page = new PageReader(content)
  walk(content.root, page)
  page.flush()
  return page.writer.finish()
}

/** For what no words of the source stand behind. */
const nowhere: SourceLines = { first: Number.POSITIVE_INFINITY, last: 0 }

type OpenList = { readonly ordered: boolean; next: number }

/** Turns the walk over a page into blocks. Within a list everything is one block, except tables, code and headings. */
class PageReader {
  readonly writer = new HtmlWriter()
  readonly #content: PageContent
  readonly #lists: OpenList[] = []
  #headingDepth = 0

  constructor(content: PageContent) {
    this.#content = content
  }

  enter = (element: HtmlElement): boolean => {
    const { tagName } = element
    if (this.#content.dropped.has(element)) return false
    if (tagName === 'br') this.writer.breakLine()
    else if (tagName === 'pre') return this.#readPre(element)
    else if (tagName === 'table' && !this.#content.layoutTables.has(element)) return this.#readTable(element)
    else if (isHeading(tagName)) {
      this.flush()
      this.#headingDepth++
    } else if (isList(tagName)) this.#openList(element)
    else if (tagName === 'li') this.writer.breakLine(this.#itemPrefix())
    else if (tagName === 'td' || tagName === 'th') this.writer.breakLine()
    else if (blockTags.has(tagName)) this.#boundary(tagName)
    return true
  }

  leave = (element: HtmlElement): void => {
    const { tagName } = element
    if (isHeading(tagName)) {
      this.writer.flush('heading', Number(tagName.slice(1)))
      this.#headingDepth--
    } else if (isList(tagName)) {
      if (this.#lists.length === 1) this.flush()
      this.#lists.pop()
    } else if (blockTags.has(tagName)) this.#boundary(tagName === 'dd' ? 'dt' : tagName)
  }

  text = (node: HtmlText): void => {
    this.writer.write(node.value, sourceLines(node))
  }

  flush(): void {
    this.writer.flush(this.#lists.length > 0 ? 'list' : 'text')
  }

  /** Block elements end a block; within lists and headings they only end a line or a word. */
  #boundary(tagName: string): void {
    if (this.#headingDepth > 0) this.writer.write(' ', nowhere)
    else if (this.#lists.length > 0) this.writer.breakLine(tagName === 'dd' ? '  ' : '')
    else this.flush()
  }

  #openList(element: HtmlElement): void {
    if (this.#lists.length === 0) this.flush()
    const start = Number.parseInt(attributeOf(element, 'start') ?? '1', 10)
    this.#lists.push({ ordered: element.tagName === 'ol', next: Number.isSafeInteger(start) ? start : 1 })
  }

  #itemPrefix(): string {
    const list = this.#lists.at(-1)
    if (list === undefined) return '- '
    const indent = '  '.repeat(Math.min(maxIndentLevels, this.#lists.length - 1))
    return `${indent}${list.ordered ? `${list.next++}.` : '-'} `
  }

  #readPre(element: HtmlElement): boolean {
    this.flush()
    walk(element, {
      enter: (inner) => {
        // Highlighters put each line in an element of its own, some with a line break, some without.
        if (inner.tagName === 'br') this.writer.writeRaw('\n', nowhere)
        return !this.#content.dropped.has(inner)
      },
      leave: () => {},
      text: (node) => this.writer.writeRaw(node.value.replaceAll('\u00a0', ' '), sourceLines(node)),
    })
    this.writer.flush('code')
    return false
  }

  #readTable(element: HtmlElement): boolean {
    this.flush()
    const rows = tableRows(element, (inner) => this.#content.dropped.has(inner))
    for (const row of rows) {
      this.writer.breakLine()
      this.writer.write(row.cells.join(' | '), { first: row.first, last: row.last })
    }
    this.writer.flush('table')
    return false
  }
}

function isHeading(tagName: string): boolean {
  return /^h[1-6]$/.test(tagName)
}

function isList(tagName: string): boolean {
  return tagName === 'ul' || tagName === 'ol' || tagName === 'dl' || tagName === 'menu'
}
