import { throwIfAborted } from '../errors.js'
import { decodeText } from './encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { endingOf, isText } from './file-name.js'
import { isBlank, type Lines, lineAt, splitLines } from './lines.js'
import { outlineBlocks, type SourceUnit } from './source-outline.js'

/** MIME types by the endings of files that consist of `key = value` lines, most of them with `[sections]`. */
const types: ReadonlyMap<string, string> = new Map([
  ['toml', 'application/toml'],
  ['ini', 'text/x-ini'],
  ['cfg', 'text/x-ini'],
  ['conf', 'text/x-ini'],
  ['cnf', 'text/x-ini'],
  ['inf', 'text/x-ini'],
  ['properties', 'text/x-java-properties'],
  ['desktop', 'text/x-ini'],
  ['service', 'text/x-ini'],
  // Written for people or programs to read, never parsed here: comments are what is looked for.
  ['json5', 'application/json5'],
  ['jsonc', 'application/json'],
])

/**
 * Settings. The text is the source itself, comments and all; each section is a unit under its name, and what stands in none is
 * parted at blank lines.
 */
export const settingsExtractor: Extractor = {
  format: 'settings',
  isIsolated: false,
  accepts(file: FileSample): boolean {
    return types.has(endingOf(file.name) ?? '') && isText(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const decoded = decodeText(bytes)
    if ('skipped' in decoded) return decoded
    const { text } = decoded
    const lines = splitLines(text)
    const blocks = outlineBlocks(lines, findSections(lines))
    if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The file holds no text' }
    return { text, blocks, metadata: {}, type: types.get(endingOf(options.name) ?? '') ?? 'text/x-ini' }
  },
}

/** Lines `[name]` or `[[name]]` with what follows up to the next one, and the comments right above. */
function findSections(lines: Lines): SourceUnit[] {
  const units: SourceUnit[] = []
  let open: { readonly first: number; readonly name: string } | undefined
  let lastFilled = 0
  let commentsFrom: number | undefined
  for (let at = 0; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    const name = /^\s*\[{1,2}\s*([^[\]]{1,200}?)\s*\]{1,2}\s*(?:[#;].*)?$/.exec(line)?.[1]
    if (name !== undefined) {
      const first = commentsFrom ?? at
      if (open !== undefined) units.push({ ...open, last: Math.min(lastFilled, first - 1) })
      open = { first, name }
    }
    if (!isBlank(line)) lastFilled = at
    commentsFrom = /^\s*[#;]/.test(line) ? (commentsFrom ?? at) : undefined
  }
  return open === undefined ? units : [...units, { ...open, last: lastFilled }]
}
