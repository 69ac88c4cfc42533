import { type ExtractLimits, SkipError } from '../extractor.js'

/** A JSON value with the lines (from 1) of its source. Scalars keep their spelling: `1e999` and 30 digits stay as they are. */
export type JsonNode =
  | { readonly kind: 'scalar'; readonly text: string; readonly isString: boolean; readonly line: number }
  | { readonly kind: 'list'; readonly items: JsonNode[]; readonly line: number; last: number }
  | { readonly kind: 'object'; readonly entries: [string, JsonNode][]; readonly line: number; last: number }

type Container = Exclude<JsonNode, { readonly kind: 'scalar' }> & { key?: string }

/** What is not JSON (RFC 8259), with the line (from 1) where that shows. */
export class JsonSyntaxError extends Error {
  readonly line: number

  constructor(line: number) {
    super(`Line ${line} is not valid JSON`)
    this.name = 'JsonSyntaxError'
    this.line = line
  }
}

/** `NaN` and its like are no JSON, but Python writes them. */
const SCALAR = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|true|false|null|NaN/y

/**
 * Reads JSON from the front, value by value, so that a long list need not be in memory as a whole. Without recursion, and no
 * objects are made of it: a key `__proto__` is a key like others. Throws JsonSyntaxError; SkipError TOO_DEEP when values nest
 * deeper than `maxDepth`.
 */
export class JsonReader {
  readonly #source: string
  readonly #maxDepth: number
  #at = 0
  #line: number
  #depth = 0

  constructor(source: string, { maxDepth }: Pick<ExtractLimits, 'maxDepth'>, firstLine = 1) {
    this.#source = source
    this.#maxDepth = maxDepth
    this.#line = firstLine
  }

  /** The line of what is read next. */
  get line(): number {
    this.#peek()
    return this.#line
  }

  isAtEnd(): boolean {
    return this.#peek() === ''
  }

  /** The first character of the next value, and where that opens a list or object, the first one within it. */
  lookAhead(): { readonly first: string; readonly inside: string } {
    const first = this.#peek()
    if (first !== '[' && first !== '{') return { first, inside: '' }
    const at = this.#at
    const line = this.#line
    this.#at++
    const inside = this.#peek()
    this.#at = at
    this.#line = line
    return { first, inside }
  }

  /** Goes through an object; `visit` reads the value and tells whether to go on. Tells whether all was read. */
  forEachEntry(visit: (key: string) => boolean): boolean {
    return this.#forEach('{', '}', () => visit(this.#readKey()))
  }

  /** Goes through a list in the same way. */
  forEachItem(visit: () => boolean): boolean {
    return this.#forEach('[', ']', visit)
  }

  /** The next value, whole. */
  readValue(): JsonNode {
    const open: Container[] = []
    for (;;) {
      let value = this.#readScalarOrOpen(open)
      while (value !== undefined) {
        const parent = open.at(-1)
        if (parent === undefined) return value
        attach(parent, value)
        value = this.#readSeparator(parent, open)
      }
    }
  }

  #forEach(opening: string, closing: string, visit: () => boolean): boolean {
    this.#expect(opening)
    this.#deepen(0)
    this.#depth++
    let goesOn = true
    if (this.#peek() === closing) this.#at++
    else {
      do goesOn = visit()
      while (goesOn && this.#expect(',', closing) === ',')
    }
    this.#depth--
    return goesOn
  }

  /** A scalar, an empty container, or nothing when a container was opened: its first value is next. */
  #readScalarOrOpen(open: Container[]): JsonNode | undefined {
    const char = this.#peek()
    if (char !== '[' && char !== '{') return this.#readScalar(char)
    this.#deepen(open.length)
    this.#at++
    const line = this.#line
    const container: Container =
      char === '['
        ? { kind: 'list', items: [], line, last: line }
        : { kind: 'object', entries: [], line, last: line }
    if (this.#peek() === closingOf(container)) return this.#close(container)
    if (container.kind === 'object') container.key = this.#readKey()
    open.push(container)
    return undefined
  }

  /** After a value: nothing before the next one, the container itself at its end. */
  #readSeparator(parent: Container, open: Container[]): JsonNode | undefined {
    if (this.#expect(',', closingOf(parent)) === ',') {
      if (parent.kind === 'object') parent.key = this.#readKey()
      return undefined
    }
    open.pop()
    this.#at--
    return this.#close(parent)
  }

  #close(container: Container): JsonNode {
    this.#at++
    container.last = this.#line
    delete container.key
    return container
  }

  #readKey(): string {
    if (this.#peek() !== '"') throw new JsonSyntaxError(this.#line)
    const key = this.#readString()
    this.#expect(':')
    return key
  }

  #readScalar(first: string): JsonNode {
    const line = this.#line
    if (first === '"') return { kind: 'scalar', text: this.#readString(), isString: true, line }
    SCALAR.lastIndex = this.#at
    const [text] = SCALAR.exec(this.#source) ?? []
    if (text === undefined) throw new JsonSyntaxError(line)
    this.#at += text.length
    return { kind: 'scalar', text, isString: false, line }
  }

  #readString(): string {
    const start = this.#at
    let end = this.#source.indexOf('"', start + 1)
    while (end > 0 && this.#isEscaped(end)) end = this.#source.indexOf('"', end + 1)
    if (end < 0) throw new JsonSyntaxError(this.#line)
    this.#at = end + 1
    try {
      const text: unknown = JSON.parse(this.#source.slice(start, end + 1))
      return readable(String(text))
    } catch {
      throw new JsonSyntaxError(this.#line)
    }
  }

  /** Whether an odd number of backslashes stands before a quotation mark. */
  #isEscaped(at: number): boolean {
    let before = at
    while (this.#source.charCodeAt(before - 1) === 0x5c) before--
    return (at - before) % 2 === 1
  }

  /** Passes over white space and gives the character behind it, `''` at the end. */
  #peek(): string {
    for (; ; this.#at++) {
      const code = this.#source.charCodeAt(this.#at)
      if (code === 0x0a) this.#line++
      else if (code !== 0x20 && code !== 0x09 && code !== 0x0d) return this.#source.charAt(this.#at)
    }
  }

  #expect(...chars: readonly string[]): string {
    const char = this.#peek()
    if (!chars.includes(char)) throw new JsonSyntaxError(this.#line)
    this.#at++
    return char
  }

  #deepen(open: number): void {
    if (this.#depth + open >= this.#maxDepth)
      throw new SkipError('TOO_DEEP', `Its values nest more than ${this.#maxDepth} deep`)
  }
}

function attach(parent: Container, value: JsonNode): void {
  if (parent.kind === 'list') parent.items.push(value)
  else parent.entries.push([parent.key ?? '', value])
}

function closingOf({ kind }: Container): string {
  return kind === 'list' ? ']' : '}'
}

/** Control characters and halves of surrogate pairs, which escapes can write, are no text. */
function readable(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd').replace(/[\0-\x08\x0b\x0e-\x1f]/g, ' ')
}
