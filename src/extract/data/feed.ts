import type { Extracted, Metadata, MetadataValue } from '../../types.js'
import { boundedList, boundedText, present } from '../bounded-metadata.js'
import type { ExtractLimits } from '../extractor.js'
import { readHtml } from '../html/html.js'
import { LineCounter } from '../line-counter.js'
import { TextBuilder } from '../text-builder.js'
import { readXml, type XmlElement, type XmlPlace } from '../xml.js'

/** The fields of the feed itself, or of one of its items, each with its texts in order. */
type Fields = Map<string, string[]>

type Item = { readonly fields: Fields; readonly first: number; readonly last: number }

type OpenElement = {
  readonly name: string
  readonly element: XmlElement
  readonly contentStart: number
  text: string
}

const ITEMS = new Set(['item', 'entry'])
const FEEDS = new Set(['channel', 'feed'])
const PROBE_CHARS = 4096

/**
 * A feed: RSS 0.9 to 2.0, RSS 1.0 (RDF) or Atom (RFC 4287). Each item is a section under its title, with its date, authors,
 * tags and address on top, and its description read as HTML; its location is the lines of the item.
 */
export function readFeed(
  source: string,
  limits: Pick<ExtractLimits, 'maxDepth' | 'maxChars'>,
): Omit<Extracted, 'type'> {
  const builder = new TextBuilder()
  const reader = new FeedReader(source, (item) => {
    if (builder.length <= limits.maxChars) writeItem(builder, item)
  })
  readXml(source, reader, limits)
  const { feed } = reader
  const title = boundedText(first(feed, 'title'))
  return { ...builder.finish(), ...(title === undefined ? {} : { title }), metadata: feedMetadata(feed) }
}

/** Whether a document is a feed, going by its outermost element. */
export function isFeed(source: string): boolean {
  const [root = ''] = /<[A-Za-z][^>]*>/.exec(source.slice(0, PROBE_CHARS)) ?? []
  return (
    /^<rss[\s>]/i.test(root) ||
    /^<(?:\w+:)?feed\s[^>]*www\.w3\.org\/2005\/Atom/.test(root) ||
    /^<rdf:RDF\s[^>]*purl\.org\/rss\/1\.0/.test(root)
  )
}

class FeedReader {
  /** What the feed says of itself. */
  readonly feed: Fields = new Map()
  readonly #source: string
  readonly #counter: LineCounter
  readonly #onItem: (item: Item) => void
  readonly #open: OpenElement[] = []
  #item: { readonly fields: Fields; readonly first: number } | undefined

  constructor(source: string, onItem: (item: Item) => void) {
    this.#source = source
    this.#counter = new LineCounter(source)
    this.#onItem = onItem
  }

  open = (element: XmlElement, { start, end }: XmlPlace): void => {
    const name = localName(element.name)
    if (ITEMS.has(name) && this.#item === undefined)
      this.#item = { fields: new Map(), first: this.#counter.lineOf(start) }
    this.#open.push({ name, element, contentStart: end, text: '' })
  }

  text = (text: string): void => {
    const top = this.#open.at(-1)
    if (top !== undefined) top.text += text
  }

  close = (_name: string, { start, end }: XmlPlace): void => {
    const closed = this.#open.pop()
    if (closed === undefined) return
    const parent = this.#open.at(-1)?.name ?? ''
    if (
      this.#item !== undefined &&
      ITEMS.has(closed.name) &&
      !this.#open.some(({ name }) => ITEMS.has(name))
    ) {
      this.#onItem({ ...this.#item, last: this.#counter.lineOf(end) })
      this.#item = undefined
    } else if (ITEMS.has(parent) || FEEDS.has(parent)) {
      this.#note(closed, this.#source.slice(closed.contentStart, start))
    } else if (closed.name === 'name' && parent === 'author') {
      const author = this.#open.at(-1)
      if (author !== undefined) author.text = closed.text
    }
  }

  #note({ name, element, text }: OpenElement, inner: string): void {
    const { href, rel, term, type } = element.attributes
    if (name === 'link' && rel !== undefined && rel !== 'alternate') return
    // Atom's XHTML stands in the feed as elements, whose source it is to be read from.
    const value = (type === 'xhtml' ? inner : (href ?? term ?? text)).trim()
    if (value === '') return
    const fields = this.#item?.fields ?? this.feed
    fields.set(name, [...(fields.get(name) ?? []), value])
  }
}

function writeItem(builder: TextBuilder, { fields, first: start, last: end }: Item): void {
  const location = { kind: 'lines', start, end } as const
  const title = plainWords(first(fields, 'title') ?? '')
  if (title !== '') builder.addHeading(1, title, location)
  const lines = [
    ['Date', dateOf(fields)],
    ['Author', all(fields, 'author', 'creator')],
    ['Tags', all(fields, 'category', 'subject')],
    ['Link', first(fields, 'link')],
  ].filter((line): line is [string, string] => line[1] !== undefined)
  builder.add('text', lines.map(([name, value]) => `${name}: ${value}`).join('\n'), location)
  const content = first(fields, 'encoded', 'content')
  const summary = first(fields, 'description', 'summary')
  // A summary is most often the beginning of the content.
  for (const html of content === undefined ? [summary] : [content]) {
    if (html === undefined) continue
    if (/[<&]/.test(html)) builder.addBlocks(readHtml(html, { hasLines: false }), () => location, 1)
    else builder.add('text', html, location)
  }
}

function feedMetadata(feed: Fields): Metadata {
  return present<MetadataValue>({
    description: boundedText(plainWords(first(feed, 'description', 'subtitle') ?? '')),
    author: boundedText(first(feed, 'managingEditor', 'author', 'creator')),
    language: boundedText(first(feed, 'language')),
    tags: feed.has('category') ? boundedList(feed.get('category') ?? []) : undefined,
    modified: dateOf(feed),
  })
}

/** ISO 8601 where it can be read as a date; of an item when it was published, of a feed when it was made. */
function dateOf(fields: Fields): string | undefined {
  const date = first(fields, 'pubDate', 'published', 'lastBuildDate', 'updated', 'date')
  if (date === undefined) return undefined
  const ms = Date.parse(date)
  return Number.isNaN(ms) ? boundedText(date) : new Date(ms).toISOString()
}

function first(fields: Fields, ...names: readonly string[]): string | undefined {
  return names.map((name) => fields.get(name)?.[0]).find((value) => value !== undefined)
}

function all(fields: Fields, ...names: readonly string[]): string | undefined {
  const values = names.flatMap((name) => fields.get(name) ?? []).map((value) => value.replace(/\s+/g, ' '))
  return values.length === 0 ? undefined : [...new Set(values)].join(', ')
}

/** Titles may hold HTML as well. */
function plainWords(text: string): string {
  return (/[<&]/.test(text) ? readHtml(text, { hasLines: false }).text : text).replace(/\s+/g, ' ').trim()
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
