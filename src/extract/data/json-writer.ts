import { TextBuilder } from '../text-builder.js'
import type { JsonNode, JsonReader } from './json-reader.js'

/** Containers down to this depth have headings; what lies deeper is told by paths: `server.tls.port: 443`. */
const HEADING_LEVELS = 2
const MAX_KEY_CHARS = 100
const MAX_PATH_CHARS = 300
/** A record on one line of source and of text: a row of a table. */
const MAX_ROW_CHARS = 300
/** Longer texts are prose, a block of their own. */
const MAX_FIELD_CHARS = 300
const MAX_NUMBERS = 50
/** Keys whose value names a record, the best first. */
const NAME_KEYS = ['title', 'name', 'label', 'subject', 'heading', 'id', '_id', 'key', 'slug']

/** Of those, what names a whole file. */
const TITLE_KEYS = ['title', 'name']

type Span = { readonly first: number; readonly last: number }

/**
 * Writes JSON as text to read: `key: value` lines with the path of keys, a heading for each record of a list and for each
 * large part, long texts as paragraphs, small records as rows. Locations are the lines of the source.
 */
export class JsonWriter {
  readonly #builder = new TextBuilder()
  readonly #maxChars: number
  #lines: string[] = []
  #openChars = 0
  #span: Span | undefined
  /** Whether the open lines are rows: one for each line of the source. */
  #areRows = false
  #records = 0
  #title: string | undefined

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  /** Writes the next value. Tells whether there is room for more. */
  writeValue(reader: JsonReader): boolean {
    const { first, inside } = reader.lookAhead()
    if (first === '{' && inside !== '}') return this.#writeObject(reader, '', 1)
    if (first === '[' && isContainer(inside)) return this.#writeList(reader, 'item', 1)
    this.#writeTree('', reader.readValue())
    return this.#hasRoom()
  }

  /** Writes a value that is one of many alike. */
  writeRecord(record: JsonNode, listName: string, level = 1): boolean {
    this.#records++
    const row = rowOf(record)
    if (row !== undefined) this.#addRow(row, record.line)
    else {
      this.#flush()
      const name = nameOf(record) ?? `${listName.slice(0, MAX_KEY_CHARS)} ${this.#records}`
      this.#builder.addName(level, name, locationOf({ first: record.line, last: lastOf(record) }))
      this.#writeTree('', record)
      this.#flush()
    }
    return this.#hasRoom()
  }

  /** The text so far; its title is what the outermost object calls itself. */
  finish(): ReturnType<TextBuilder['finish']> & { readonly title?: string } {
    this.#flush()
    return { ...this.#builder.finish(), ...(this.#title === undefined ? {} : { title: this.#title }) }
  }

  #hasRoom(): boolean {
    return this.#builder.length + this.#openChars <= this.#maxChars
  }

  #writeObject(reader: JsonReader, path: string, level: number): boolean {
    // Fields behind a part with a heading of its own are not of that part.
    let isBehindPart = false
    const goesOn = reader.forEachEntry((key) => {
      const here = joinPath(path, key)
      const { first, inside } = reader.lookAhead()
      const isPart = (first === '{' && inside !== '}') || (first === '[' && isContainer(inside))
      if (!isPart || level > HEADING_LEVELS) {
        const value = reader.readValue()
        if (path === '' && TITLE_KEYS.includes(key)) this.#title ??= nameIn(value)
        if (isBehindPart)
          this.#builder.addName(level, key, locationOf({ first: value.line, last: lastOf(value) }))
        isBehindPart = false
        this.#writeTree(here, value)
        return this.#hasRoom()
      }
      this.#flush()
      isBehindPart = true
      this.#builder.addName(
        level,
        key.slice(0, MAX_KEY_CHARS),
        locationOf({ first: reader.line, last: reader.line }),
      )
      return first === '{'
        ? this.#writeObject(reader, here, level + 1)
        : this.#writeList(reader, key, level + 1)
    })
    this.#flush()
    return goesOn
  }

  #writeList(reader: JsonReader, name: string, level: number): boolean {
    this.#records = 0
    const goesOn = reader.forEachItem(() => this.writeRecord(reader.readValue(), name, level))
    this.#flush()
    return goesOn
  }

  /** All of a value, each scalar by its path. The depth is bounded by the reader. */
  #writeTree(path: string, node: JsonNode): void {
    const plain = plainText(node)
    if (plain === undefined) {
      if (node.kind === 'object')
        for (const [key, value] of node.entries) this.#writeTree(joinPath(path, key), value)
      if (node.kind === 'list')
        for (const [i, item] of node.items.entries()) this.#writeTree(`${path}[${i}]`, item)
      return
    }
    const span = { first: node.line, last: lastOf(node) }
    const label = path === '' ? '' : `${path}:`
    if (plain.length <= MAX_FIELD_CHARS && !plain.includes('\n'))
      this.#addField(`${label} ${plain}`.trim(), span)
    else {
      if (label !== '') this.#addField(label, span)
      this.#flush()
      this.#builder.add('text', plain, locationOf(span))
    }
  }

  #addField(line: string, span: Span): void {
    if (this.#areRows) this.#flush()
    this.#append(line, span)
  }

  #addRow(row: string, line: number): void {
    const isNext = this.#areRows && this.#span !== undefined && line === this.#span.last + 1
    const isSameLine = this.#span?.first === line && this.#span.last === line
    if (!isNext && !isSameLine) this.#flush()
    this.#areRows = true
    this.#append(row, { first: line, last: line })
  }

  #append(line: string, { first, last }: Span): void {
    this.#lines.push(line)
    this.#openChars += line.length + 1
    this.#span = {
      first: Math.min(this.#span?.first ?? first, first),
      last: Math.max(this.#span?.last ?? last, last),
    }
  }

  #flush(): void {
    if (this.#span !== undefined) this.#builder.add('table', this.#lines.join('\n'), locationOf(this.#span))
    this.#lines = []
    this.#openChars = 0
    this.#span = undefined
    this.#areRows = false
  }
}

function locationOf({ first, last }: Span) {
  return { kind: 'lines', start: first, end: last } as const
}

function lastOf(node: JsonNode): number {
  return node.kind === 'scalar' ? node.line : node.last
}

function isContainer(first: string): boolean {
  return first === '{' || first === '['
}

function joinPath(path: string, key: string): string {
  const short = key.replace(/\s+/g, ' ').slice(0, MAX_KEY_CHARS)
  const joined = path === '' ? short : `${path}.${short}`
  return joined.length <= MAX_PATH_CHARS ? joined : `…${joined.slice(-MAX_PATH_CHARS)}`
}

/** A record on one line of its source as one line of text, if that is short. */
function rowOf(record: JsonNode): string | undefined {
  if (record.line !== lastOf(record)) return undefined
  if (record.kind !== 'object') return rowText(record)
  const cells: string[] = []
  for (const [key, value] of record.entries) {
    const text = rowText(value)
    if (text === undefined) return undefined
    if (text !== '') cells.push(`${joinPath('', key)}: ${text}`)
  }
  const row = cells.join(' | ')
  return row.length <= MAX_ROW_CHARS ? row : undefined
}

function rowText(node: JsonNode): string | undefined {
  const text = plainText(node)
  return text === undefined || text.length > MAX_ROW_CHARS || text.includes('\n') ? undefined : text
}

/** The text of a scalar, of an empty container, and of a list of scalars; undefined for what has parts. */
function plainText(node: JsonNode): string | undefined {
  if (node.kind === 'scalar') return node.isString ? stringText(node.text) : node.text
  if (node.kind === 'object') return node.entries.length === 0 ? '{}' : undefined
  if (node.items.length === 0) return '[]'
  const texts: string[] = []
  let numbers = 0
  for (const item of node.items) {
    if (item.kind !== 'scalar') return undefined
    const isNumber = !item.isString
    if (!isNumber || ++numbers <= MAX_NUMBERS) texts.push(isNumber ? item.text : stringText(item.text))
  }
  if (numbers > MAX_NUMBERS) texts.push(`… (${(numbers - MAX_NUMBERS).toLocaleString('en')} more)`)
  const separator = texts.some((text) => text.length > MAX_FIELD_CHARS) ? '\n\n' : ', '
  return texts.join(separator)
}

/** Pictures and other bytes in letters say nothing to a reader. */
function stringText(text: string): string {
  const isEncoded =
    text.length > MAX_FIELD_CHARS && (/^data:[\w/.+-]+;base64,/.test(text) || /^[\w+/=-]+$/.test(text))
  if (isEncoded)
    return `${text.slice(0, 30)}… (${text.length.toLocaleString('en')} characters of encoded data)`
  return text === '' ? '""' : text.trim()
}

/** What a record calls itself. */
function nameOf(record: JsonNode): string | undefined {
  if (record.kind !== 'object') return undefined
  for (const key of NAME_KEYS) {
    const name = nameIn(record.entries.find(([name]) => name.toLowerCase() === key)?.[1])
    if (name !== undefined) return name
  }
  return undefined
}

function nameIn(value: JsonNode | undefined): string | undefined {
  if (value?.kind !== 'scalar' || value.text.length > MAX_FIELD_CHARS) return undefined
  const name = value.text.trim().slice(0, MAX_KEY_CHARS)
  return name === '' ? undefined : name
}
