import { styleText } from 'node:util'
import type { Io, Output } from './io.js'

type Format = Parameters<typeof styleText>[0]

export type Style = {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly mark: (text: string) => string
  readonly italic: (text: string) => string
  readonly code: (text: string) => string
  /** A text that leads to an address, where terminals know such (OSC 8). */
  readonly link: (text: string, url: string) => string
}

/** Colours on a terminal, unless NO_COLOR is set or the terminal is dumb. */
export function styleFor(output: Output, env: Io['env']): Style {
  const colourful = output.isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
  // Decided here: styleText by itself would look at standard output, also for what goes to standard error.
  const paint = (format: Format) => (text: string) =>
    colourful ? styleText(format, text, { validateStream: false }) : text
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    warn: paint('yellow'),
    mark: paint(['bold', 'cyan']),
    italic: paint('italic'),
    code: paint('cyan'),
    link: (text, url) => (colourful ? `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\` : text),
  }
}

/** Foreign text made safe for a terminal: no control characters but line breaks and tabs, no direction overrides. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t' ? character : '',
  )
}

/** JSON that is safe for a terminal too: what `printable` drops and JSON leaves as it is goes out as an escape. */
export function printableJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Foreign text made safe for a terminal, on one line. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim()
}

/** At most so many UTF-16 units, with an ellipsis at the end of what is longer, after a whole word where one ends near. */
export function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const kept = text.slice(0, maxChars - 2)
  const end = kept.search(/\s+\S{0,30}$/)
  return `${(end > 0 ? kept.slice(0, end) : kept).replace(/[\ud800-\udbff]$/, '')} …`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length)
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** A whole number with commas between its thousands. By hand: the first that `Intl` writes takes a process 25 ms. */
export function formatNumber(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** In the machine's own time zone, to the minute. */
export function formatTime(ms: number): string {
  const date = new Date(ms)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** A word of a command that is shown on one line, as a shell takes it: in quotes where it holds more than plain characters. */
export function shellWord(text: string): string {
  const word = printable(text).replace(/[\n\t]/g, ' ')
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Rows as columns of equal width, two blanks between; nothing behind the last. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}
