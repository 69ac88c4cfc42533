import { outlineBlocks, type SourceUnit } from '../code/source-outline.js'
import { endingOf } from '../file-name.js'
import { isBlank, type Lines, lineAt, splitLines } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'

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
export const settingsExtractor = createTextExtractor({
  format: 'settings',
  isIsolated: false,
  isNamed: (name) => types.has(endingOf(name) ?? ''),
  noText: 'The file holds no text',
  read(text, { name }) {
    const lines = splitLines(text)
    const type = types.get(endingOf(name) ?? '') ?? 'text/x-ini'
    return { text, blocks: outlineBlocks(lines, findSections(lines)), metadata: {}, type }
  },
})

const SECTION = /^\s*\[{1,2}\s*([^[\]]+?)\s*\]{1,2}\s*(?:[#;].*)?$/
/** No section's line is longer; on runs of spaces the pattern takes the square of their length. */
const MAX_SECTION_CHARS = 200

/** Lines `[name]` or `[[name]]` with what follows up to the next one, and the comments right above. */
function findSections(lines: Lines): SourceUnit[] {
  const units: SourceUnit[] = []
  let open: { readonly first: number; readonly name: string } | undefined
  let lastFilled = 0
  let commentsFrom: number | undefined
  for (let at = 0; at < lines.starts.length; at++) {
    const line = lineAt(lines, at)
    const name = line.length > MAX_SECTION_CHARS ? undefined : SECTION.exec(line)?.[1]
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
