import type { DefaultTreeAdapterTypes } from 'parse5'

export type HtmlElement = DefaultTreeAdapterTypes.Element
export type HtmlNode = DefaultTreeAdapterTypes.Node
export type HtmlText = DefaultTreeAdapterTypes.TextNode

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node
}

export function isTextNode(node: HtmlNode): node is HtmlText {
  return node.nodeName === '#text'
}

export function attributeOf(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value
}

export type Visitor = {
  /** Returns false to pass over what is inside (`leave` is then not called). */
  readonly enter: (element: HtmlElement) => boolean
  readonly leave: (element: HtmlElement) => void
  readonly text: (node: HtmlText) => void
}

/** Visits everything below a node in document order, without recursion: pages nest 100,000 deep when they want to. */
export function walk(root: HtmlNode, visitor: Visitor): void {
  const stack: { readonly node: HtmlNode; next: number }[] = [{ node: root, next: 0 }]
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const children = 'childNodes' in frame.node ? frame.node.childNodes : []
    const child = children[frame.next++]
    if (child === undefined) {
      stack.pop()
      if (stack.length > 0 && isElement(frame.node)) visitor.leave(frame.node)
    } else if (isTextNode(child)) {
      visitor.text(child)
    } else if (isElement(child) && visitor.enter(child)) {
      stack.push({ node: child, next: 0 })
    }
  }
}

/** The words below a node, white space collapsed. */
export function wordsOf(root: HtmlNode, skip: (element: HtmlElement) => boolean = () => false): string {
  const parts: string[] = []
  walk(root, {
    enter: (element) => {
      if (element.tagName === 'br') parts.push(' ')
      return !skip(element)
    },
    leave: () => {},
    text: (node) => parts.push(node.value),
  })
  return collapse(parts.join('')).trim()
}

/** Runs of white space (no-break spaces too) become one space; soft hyphens and zero-width characters go. */
export function collapse(text: string): string {
  return text.replace(/[\u00ad\u200b\ufeff]+/g, '').replace(/[\s\u00a0]+/g, ' ')
}

/** Lines (from 1) of the source that words came from. */
export type SourceLines = { readonly first: number; readonly last: number }

/** The source lines of a text node's words: white space around them does not count. */
export function sourceLines(node: HtmlText): SourceLines {
  const location = node.sourceCodeLocation
  if (location === undefined || location === null) return { first: Number.POSITIVE_INFINITY, last: 0 }
  const before = /^\s*/.exec(node.value)?.[0] ?? ''
  const after = node.value.slice(node.value.trimEnd().length)
  return { first: location.startLine + countNewlines(before), last: location.endLine - countNewlines(after) }
}

function countNewlines(text: string): number {
  return text.split('\n').length - 1
}
