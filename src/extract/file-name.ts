import { looksLikeHtml, sniffFormat } from './sniff.js'

/**
 * The ending of a file name or URI in small letters without its dot; undefined when it has none. `.profile` has none, nor
 * have `report v1.2` (digits only) and `Dr. Who` (a space).
 */
export function endingOf(name: string): string | undefined {
  const match = /[^.]\.([a-z0-9_+-]{1,16})$/i.exec(baseName(name))
  const ending = match?.[1]?.toLowerCase()
  return ending !== undefined && /[a-z]/.test(ending) ? ending : undefined
}

/** What follows the last slash, or backslash, of a file name or URI. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}

/** `prices` of `2024/prices.csv`. */
export function nameWithoutEnding(name: string): string {
  const ending = endingOf(name)
  const base = baseName(name)
  return ending === undefined ? base : base.slice(0, -ending.length - 1)
}

export function hasEnding(name: string, endings: readonly string[]): boolean {
  const ending = endingOf(name)
  return ending !== undefined && endings.includes(ending)
}

/** Hidden files such as `.bashrc` are settings, not documents. `.hidden.md` has an ending and is no such file. */
export function isDotFile(name: string): boolean {
  return baseName(name).startsWith('.') && endingOf(name) === undefined
}

/** Neither a known binary format nor an HTML page, going by the first bytes. */
export function isText(head: Uint8Array): boolean {
  return sniffFormat(head) === undefined && !looksLikeHtml(head)
}
