import { clampedText } from './pdf-characters.js'
import type { PdfDocument } from './pdf-library.js'

/** A bookmark. */
export type OutlineEntry = {
  readonly title: string
  /** From 1. */
  readonly level: number
  /** From 1. */
  readonly page: number
  /** Height in the page's own units, which grow upwards, where it names one. */
  readonly y?: number
}

const maxEntries = 2_000
const maxTitleChars = 300
/** Bookmarks that scanners and slide programs make by themselves name nothing. */
const automatic = /^(?:page|seite|slide|folie|página|pagina|diapositiva|стр\.?|страница)?[\s.]*\d+$/iu

type OutlineNode = { readonly title: string; readonly dest: unknown; readonly items: readonly OutlineNode[] }

/**
 * The document's bookmarks in their order, as far as they lead to a page of `pages`: numbers of pages (from 1) by what
 * `referenceOf` makes of their objects. (pdf.js would search its tree of pages for each, and leaves a rejection unhandled
 * where that is broken.)
 */
export async function readOutline(
  document: PdfDocument,
  pages: ReadonlyMap<string, number>,
): Promise<OutlineEntry[]> {
  const roots: readonly OutlineNode[] = (await document.getOutline().catch(() => undefined)) ?? []
  const entries: OutlineEntry[] = []
  const pending = roots.map((node) => ({ node, level: 1 })).reverse()
  for (let next = pending.pop(); next !== undefined && entries.length < maxEntries; next = pending.pop()) {
    const { node, level } = next
    const title = clampedText(String(node.title ?? ''))
      .replace(/\s+/g, ' ')
      .slice(0, maxTitleChars)
    const target = await targetOf(document, node.dest, pages)
    if (target !== undefined && /[\p{L}\p{N}]/u.test(title) && !automatic.test(title))
      entries.push({ title, level, ...target })
    for (const child of (node.items ?? []).toReversed()) pending.push({ node: child, level: level + 1 })
  }
  return entries
}

/** The object of a page as a key: `12 0`; undefined for what is none. */
export function referenceOf(given: unknown): string | undefined {
  const { num, gen } = (given ?? {}) as { readonly num?: unknown; readonly gen?: unknown }
  return typeof num === 'number' ? `${num} ${gen}` : undefined
}

async function targetOf(
  document: PdfDocument,
  given: unknown,
  pages: ReadonlyMap<string, number>,
): Promise<Pick<OutlineEntry, 'page' | 'y'> | undefined> {
  const destination: unknown =
    typeof given === 'string' ? await document.getDestination(given).catch(() => undefined) : given
  if (!Array.isArray(destination)) return undefined
  const [target, fit] = destination
  const page = typeof target === 'number' ? target + 1 : pages.get(referenceOf(target) ?? '')
  if (page === undefined) return undefined
  const y: unknown = destination[fit?.name === 'XYZ' ? 3 : fit?.name === 'FitR' ? 5 : 2]
  const hasHeight = typeof y === 'number' && /^(?:XYZ|FitR|FitB?H)$/.test(fit?.name)
  return { page, ...(hasHeight ? { y } : {}) }
}
