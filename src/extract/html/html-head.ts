import type { Metadata, MetadataValue } from '../../types.js'
import { attributeOf, type HtmlElement, type HtmlNode, walk, wordsOf } from './html-tree.js'

/** What a page says of itself. */
export type PageHead = { readonly title?: string; readonly metadata: Metadata }

const maxValueChars = 2000
const maxKeywords = 50
const maxTitleChars = 500

type Found = {
  readonly meta: Map<string, string>
  title?: HtmlElement
  heading?: HtmlElement
  language?: string
}

/**
 * Title and metadata (`description`, `author`, `keywords`, `language`, `published`) of a page. The title is `og:title`, else
 * `<title>`, without the site's name where the first heading or `og:site_name` shows where that begins; else the first `h1`.
 */
export function readHead(page: HtmlNode, isDropped: (element: HtmlElement) => boolean): PageHead {
  const found = findHead(page, isDropped)
  const heading = found.heading === undefined ? '' : headingOf(found.heading, isDropped)
  const fullTitle = found.meta.get('og:title') ?? (found.title === undefined ? '' : wordsOf(found.title))
  const named = fullTitle.slice(0, maxTitleChars).trim()
  const title = named === '' ? heading : withoutSite(named, heading, found.meta.get('og:site_name'))
  return { ...(title === '' ? {} : { title }), metadata: toMetadata(found) }
}

function headingOf(heading: HtmlElement, isDropped: (element: HtmlElement) => boolean): string {
  return wordsOf(heading, isDropped)
    .slice(0, maxTitleChars)
    .replace(/ ?[#¶§🔗]$/u, '')
    .trim()
}

function findHead(page: HtmlNode, isDropped: (element: HtmlElement) => boolean): Found {
  const found: Found = { meta: new Map() }
  walk(page, {
    enter(element) {
      const { tagName } = element
      if (tagName === 'html') noteLanguage(element, found)
      else if (tagName === 'meta') noteMeta(element, found.meta)
      else if (tagName === 'title') found.title ??= element
      else if (tagName === 'h1' && !isDropped(element) && wordsOf(element, isDropped) !== '')
        found.heading ??= element
      return tagName === 'head' || !isDropped(element)
    },
    leave() {},
    text() {},
  })
  return found
}

function noteLanguage(html: HtmlElement, found: Found): void {
  const language = (attributeOf(html, 'lang') ?? attributeOf(html, 'xml:lang') ?? '').trim()
  if (/^[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*$/i.test(language)) found.language = language.replaceAll('_', '-')
}

function noteMeta(meta: HtmlElement, found: Map<string, string>): void {
  const name = (attributeOf(meta, 'property') ?? attributeOf(meta, 'name') ?? '').trim().toLowerCase()
  const content = (attributeOf(meta, 'content') ?? '').replace(/\s+/g, ' ').trim()
  if (name !== '' && content !== '' && !found.has(name)) found.set(name, content.slice(0, maxValueChars))
}

function toMetadata({ meta, language }: Found): Metadata {
  const first = (...names: string[]) =>
    names.map((name) => meta.get(name)).find((value) => value !== undefined)
  const keywords = first('keywords')
    ?.split(/[,;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .slice(0, maxKeywords)
  const entries: [string, MetadataValue | undefined][] = [
    ['description', first('description', 'og:description', 'dc.description', 'dcterms.description')],
    ['author', first('author', 'article:author', 'dc.creator', 'dcterms.creator')],
    ['keywords', keywords?.length === 0 ? undefined : keywords],
    ['language', language ?? first('content-language', 'dc.language')],
    [
      'published',
      first('article:published_time', 'date', 'dc.date', 'dcterms.date', 'dcterms.created', 'pubdate'),
    ],
  ]
  return Object.fromEntries(
    entries.filter((entry): entry is [string, MetadataValue] => entry[1] !== undefined),
  )
}

/** "Duck - Wikipedia" is "Duck" when the page's heading or the site's own name says so; a guess would cut real titles. */
function withoutSite(title: string, heading: string, site: string | undefined): string {
  for (const match of title.matchAll(/\s+[-–—|·•»:]+\s+/g)) {
    const before = title.slice(0, match.index).trim()
    const after = title.slice(match.index + match[0].length).trim()
    const isSite = isSame(before, after) || (site !== undefined && isSame(after, site))
    if (before !== '' && (isSame(before, heading) || isSite)) return before
  }
  return title
}

function isSame(a: string, b: string): boolean {
  const fold = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '')
  return fold(a) !== '' && fold(a) === fold(b)
}
