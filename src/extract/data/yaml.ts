import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml'
import { outlineBlocks, type SourceUnit } from '../code/source-outline.js'
import { hasEnding } from '../file-name.js'
import { type Lines, splitLines } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'
import { skipLockFile } from './lock-file.js'

/** Above this size the structure is not looked for: a million characters take the parser 3 s and 170 MB. */
const MAX_PARSED_CHARS = 1_000_000
const MAX_DEPTH = 5
/** Keys whose value names a mapping in a list, the best first. */
const NAME_KEYS = ['name', 'title', 'id', 'key']

/**
 * YAML, one document or several. The text is the source itself, comments and all; parts are named by the path of their keys.
 * Aliases are not followed, so that they multiply nothing. What is no valid YAML (a template of it, say) is parted at blank
 * lines.
 */
export const yamlExtractor = createTextExtractor({
  format: 'YAML',
  isIsolated: true,
  isNamed: (name) => hasEnding(name, ['yaml', 'yml']),
  noText: 'The file holds no text',
  read(text, { name }) {
    const skipped = skipLockFile(name)
    if (skipped !== undefined) return skipped
    const lines = splitLines(text)
    const { units, title } = readUnits(lines)
    return {
      text,
      blocks: outlineBlocks(lines, units),
      ...(title === undefined ? {} : { title }),
      metadata: {},
      type: 'application/yaml',
    }
  },
})

type YamlOutline = { readonly units: readonly SourceUnit[]; readonly title?: string }

function readUnits({ text }: Lines): YamlOutline {
  const counter = new LineCounter()
  const roots = parseRoots(text, counter)
  const [first] = roots
  if (first === undefined) return { units: [] }
  if (roots.length === 1) {
    const title = textOf(first, ['title', 'name'])
    return { units: unitsOf(first, counter, 1), ...(title === undefined ? {} : { title }) }
  }
  const units = roots.map((root, i) => ({
    ...linesOf(root, counter),
    name: documentName(root) ?? `document ${i + 1}`,
    members: unitsOf(root, counter, 2),
  }))
  return { units }
}

/** The content of each document; none where one of them is not valid, or nests too deep for the parser's recursion. */
function parseRoots(text: string, lineCounter: LineCounter): ParsedNode[] {
  if (text.length > MAX_PARSED_CHARS) return []
  try {
    const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' })
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return []
    return documents.flatMap(({ contents }) => (contents === null ? [] : [contents]))
  } catch (thrown) {
    if (thrown instanceof RangeError) return []
    throw thrown
  }
}

function unitsOf(node: ParsedNode, counter: LineCounter, depth: number): SourceUnit[] {
  if (depth > MAX_DEPTH) return []
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      if (!isScalar(key) || value === null) return []
      const { first } = linesOf(key, counter)
      const { last } = linesOf(value, counter)
      // One line says by itself what it is.
      if (last === first) return []
      return [{ first, last, name: String(key.value), members: unitsOf(value, counter, depth + 1) }]
    })
  }
  if (!isSeq(node)) return []
  return node.items.flatMap((item) => {
    const name = textOf(item, NAME_KEYS)
    return name === undefined
      ? []
      : [{ ...linesOf(item, counter), name, members: unitsOf(item, counter, depth + 1) }]
  })
}

/** Kubernetes' `Deployment door-service`, or what the mapping calls itself. */
function documentName(root: ParsedNode): string | undefined {
  const metadata = isMap(root)
    ? root.items.find(({ key }) => isScalar(key) && key.value === 'metadata')?.value
    : null
  const kind = textOf(root, ['kind'])
  const name = metadata === null || metadata === undefined ? undefined : textOf(metadata, ['name'])
  return kind !== undefined && name !== undefined ? `${kind} ${name}` : textOf(root, NAME_KEYS)
}

function textOf(node: ParsedNode, keys: readonly string[]): string | undefined {
  if (!isMap(node)) return undefined
  for (const wanted of keys) {
    const value = node.items.find(({ key }) => isScalar(key) && key.value === wanted)?.value
    if (
      isScalar(value) &&
      typeof value.value === 'string' &&
      value.value.trim() !== '' &&
      value.value.length <= 200
    )
      return value.value.trim()
  }
  return undefined
}

/** Lines from 0; a block's last line break is not part of it. */
function linesOf(
  { range }: ParsedNode,
  counter: LineCounter,
): { readonly first: number; readonly last: number } {
  const [start, end] = range
  const lineOf = (offset: number) => Math.max(0, counter.linePos(offset).line - 1)
  return { first: lineOf(start), last: lineOf(Math.max(start, end - 1)) }
}
