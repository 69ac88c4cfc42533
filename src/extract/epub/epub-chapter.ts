import { parse } from 'parse5'
import type { Block } from '../../types.js'
import { writeBlocks } from '../html/html-blocks.js'
import { attributeOf, type HtmlElement, walk } from '../html/html-tree.js'

/** Elements without content in HTML; all others may be written as if they had none in XHTML only. */
const voidTags = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i
/** No text of the book. (Unlike a page of the web, a chapter has notes in `aside` and its title in `header`.) */
const droppedTags = new Set(
  'head script style template svg audio video object iframe annotation annotation-xml'.split(' '),
)

/** The text of a chapter, block by block; the lines that the blocks are located at are those of its file. */
export function readChapter(source: string): { readonly text: string; readonly blocks: readonly Block[] } {
  const page = parse(openEmptyElements(source), { sourceCodeLocationInfo: true })
  const dropped = new Set<HtmlElement>()
  const layoutTables = new Set<HtmlElement>()
  const tables: HtmlElement[] = []
  walk(page, {
    enter(element) {
      const isDropped = droppedTags.has(element.tagName) || attributeOf(element, 'hidden') !== undefined
      if (isDropped) dropped.add(element)
      const table = tables.at(-1)
      if (table !== undefined && /^(?:table|h[1-6])$/.test(element.tagName)) layoutTables.add(table)
      if (element.tagName === 'table' && !isDropped) tables.push(element)
      return !isDropped
    },
    leave(element) {
      if (element.tagName === 'table') tables.pop()
    },
    text() {},
  })
  return writeBlocks({ root: page, dropped, layoutTables })
}

/** `<title/>` swallows all that follows when it is read as HTML: it is given an end. */
function openEmptyElements(source: string): string {
  return source.replace(/<([a-z][\w:-]*)((?:\s[^<>]*)?)\/>/gi, (whole, tag: string, attributes: string) =>
    voidTags.test(tag) ? whole : `<${tag}${attributes}></${tag}>`,
  )
}
