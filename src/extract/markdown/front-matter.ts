import { parse } from 'yaml'
import type { Metadata, MetadataValue } from '../../types.js'
import { endOf, type Lines, lineAt, startOf } from '../lines.js'

export type FrontMatter = {
  readonly title?: string
  /** The other keys. */
  readonly metadata: Metadata
  /** Index (from 0) of the first line after it. */
  readonly nextLine: number
}

const maxChars = 64 * 1024
const maxDepth = 4
const maxEntries = 100
const maxStringChars = 2000

/**
 * The YAML mapping between a first line `---` and the next line `---` or `...`; undefined when there is none, when it is
 * not valid YAML or not a mapping: then it is text like the rest. Never throws. Values become plain JSON (dates ISO
 * strings) of bounded size: 4 levels, 100 entries each, strings of 2,000 characters.
 */
export function readFrontMatter(lines: Lines): FrontMatter | undefined {
  if (lineAt(lines, 0).trimEnd() !== '---') return undefined
  const close = closingLine(lines)
  if (close === undefined) return undefined
  const parsed = parseMapping(lines.text.slice(startOf(lines, 1), startOf(lines, close)))
  if (parsed === undefined) return undefined
  const { title, ...metadata } = toMetadata(parsed)
  const words = typeof title === 'string' || typeof title === 'number' ? String(title).trim() : ''
  return { ...(words === '' ? {} : { title: words }), metadata, nextLine: close + 1 }
}

function closingLine(lines: Lines): number | undefined {
  for (let i = 1; i < lines.starts.length && endOf(lines, i) <= maxChars; i++) {
    if (/^(?:---|\.\.\.)\s*$/.test(lineAt(lines, i))) return i
  }
  return undefined
}

function parseMapping(source: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(source, { logLevel: 'error' })
    return isMapping(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toMetadata(mapping: Record<string, unknown>, depth = 1): { [key: string]: MetadataValue } {
  const entries: [string, MetadataValue][] = []
  for (const [key, value] of Object.entries(mapping).slice(0, maxEntries)) {
    const plain = key === '__proto__' ? undefined : toPlain(value, depth)
    if (plain !== undefined) entries.push([key.slice(0, maxStringChars), plain])
  }
  return Object.fromEntries(entries)
}

function toPlain(value: unknown, depth: number): MetadataValue | undefined {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.slice(0, maxStringChars)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (depth >= maxDepth) return undefined
  if (Array.isArray(value)) {
    const items = value.slice(0, maxEntries).map((item) => toPlain(item, depth + 1))
    return items.filter((item) => item !== undefined)
  }
  return isMapping(value) ? toMetadata(value, depth + 1) : undefined
}
