import type { FileSample } from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { looksLikeHtml, sniffFormat } from '../sniff.js'

/**
 * Whether a file is of a format that lies in an archive: by what the archive's start names, or by its ending where that
 * names nothing. A file of words under such an ending counts as a broken one.
 */
export function isArchiveOf(id: string, endings: readonly string[], { name, head }: FileSample): boolean {
  const sniffed = sniffFormat(head)?.id
  if (sniffed !== undefined && sniffed !== 'zip') return sniffed === id
  return hasEnding(name, endings) && !looksLikeHtml(head)
}
