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

const maxEntries = 5_000
const maxTitleChars = 300
/** Bookmarks that scanners and slide programs make by themselves name nothing. */
const automatic = /^(?:page|seite|slide|folie|página|pagina|diapositiva|стр\.?|страница)?[\s.]*\d+$/iu

type OutlineNode = { readonly title: string; readonly dest: unknown; readonly items: readonly OutlineNode[] }

/** The document's bookmarks in their order, as far as they lead to a page. */
export async function readOutline(document: PdfDocument): Promise<OutlineEntry[]> {
  const roots: readonly OutlineNode[] = (await document.getOutline().catch(() => undefined)) ?? []
  const entries: OutlineEntry[] = []
  const pending = roots.map((node) => ({ node, level: 1 })).reverse()
  for (let next = pending.pop(); next !== undefined && entries.length < maxEntries; next = pending.pop()) {
    const { node, level } = next
    const title = clampedText(String(node.title ?? ''))
      .replace(/\s+/g, ' ')
      .slice(0, maxTitleChars)
    const target = await targetOf(document, node.dest)
    if (target !== undefined && /[\p{L}\p{N}]/u.test(title) && !automatic.test(title))
      entries.push({ title, level, ...target })
    for (const child of (node.items ?? []).toReversed()) pending.push({ node: child, level: level + 1 })
  }
  return entries
}

async function targetOf(
  document: PdfDocument,
  given: unknown,
): Promise<Pick<OutlineEntry, 'page' | 'y'> | undefined> {
  try {
    const destination: unknown = typeof given === 'string' ? await document.getDestination(given) : given
    if (!Array.isArray(destination)) return undefined
    const [target, fit] = destination
    const index = typeof target === 'number' ? target : await document.getPageIndex(target)
    const y: unknown = destination[fit?.name === 'XYZ' ? 3 : fit?.name === 'FitR' ? 5 : 2]
    const hasHeight = typeof y === 'number' && /^(?:XYZ|FitR|FitB?H)$/.test(fit?.name)
    return { page: index + 1, ...(hasHeight ? { y } : {}) }
  } catch {
    // A bookmark to a page that is not there.
    return undefined
  }
}
