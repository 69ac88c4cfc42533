import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** Inline parsing is not linear in the worst case; a heading longer than this is no heading. */
const maxParsedChars = 300

/**
 * A Markdown heading's words without markup: emphasis, links, code, HTML, escapes, and the anchors that site generators put
 * behind headings (`{#id}` of VitePress and Pandoc, `{/*id*\/}` of React's site).
 */
export function headingWords(source: string): string {
  const plain = source
    .slice(0, maxParsedChars)
    .replace(/\{(?:#[^{}]*|\/\*[^{}]*\*\/)\}\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (!/[*_`[<&\\~]/.test(plain)) return plain
  // A word in front keeps "1. Start" and "- x" from being read as lists.
  const root = fromMarkdown(`x ${plain}`, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const words = textOf(root).replace(/\s+/g, ' ').trim().slice(1).trim()
  return words === '' ? plain : words
}

function textOf(node: Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value
  if (node.type === 'image') return node.alt ?? ''
  if (node.type === 'break') return ' '
  return 'children' in node ? node.children.map(textOf).join('') : ''
}
