import { throwIfAborted } from '../../errors.js'
import type { Notice } from '../../types.js'
import { outlineBlocks } from '../code/source-outline.js'
import type { Extraction, ExtractLimits, ExtractOptions, Skipped } from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { isBlank, type Lines, lineAt, splitLines } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'
import { type JsonNode, JsonReader, JsonSyntaxError } from './json-reader.js'
import { JsonWriter } from './json-writer.js'
import { skipLockFile } from './lock-file.js'

const LINES_ENDINGS = ['jsonl', 'ndjson'] as const
const ENDINGS = ['json', 'geojson', 'jsonld', 'webmanifest', 'har', ...LINES_ENDINGS] as const
/** Bad lines that are named one by one. */
const MAX_NAMED_LINES = 20

/**
 * JSON, and JSON Lines: one value on each line. What is not JSON to the letter (comments in settings, a file that was cut
 * off) is read as the text that it is; of JSON Lines, bad lines are left out and named.
 */
export const jsonExtractor = createTextExtractor({
  format: 'JSON',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, ENDINGS),
  noText: 'The file holds no text',
  read(text, options) {
    const lines = splitLines(text)
    const isLines = hasEnding(options.name, LINES_ENDINGS) || hasValueOnEachLine(lines)
    return (
      skipLockFile(options.name) ?? (isLines ? readJsonLines(lines, options) : readJson(text, lines, options))
    )
  },
})

/** Many programs write JSON Lines under the name `.json`: each of the first two lines is a value of its own. */
function hasValueOnEachLine(lines: Lines): boolean {
  const first = [0, 1, 2].map((i) => lineAt(lines, i)).filter((line) => !isBlank(line))
  return first.length >= 2 && first.slice(0, 2).every((line) => /^\s*\{.*\}\s*$/.test(line) && isJson(line))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readJson(text: string, lines: Lines, { limits, signal }: ExtractOptions): Extraction {
  const reader = new JsonReader(text, limits)
  const writer = new JsonWriter(limits.maxChars)
  try {
    while (!reader.isAtEnd() && writer.writeValue(reader)) throwIfAborted(signal)
    return { ...writer.finish(), metadata: {}, type: 'application/json' }
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown
    const broken: Notice = { code: 'PARSE_ERROR', message: `${thrown.message}; it was read as plain text` }
    return {
      text,
      blocks: outlineBlocks(lines, []),
      metadata: {},
      type: 'application/json',
      notices: hasComments(text) ? [] : [broken],
    }
  }
}

/** Settings of programs have comments, which people want to find. */
function hasComments(text: string): boolean {
  return /(?:^|[\s,{[])\/[/*]/.test(text)
}

function readJsonLines(lines: Lines, { limits, signal }: ExtractOptions): Extraction | Skipped {
  const writer = new JsonWriter(limits.maxChars)
  const bad: number[] = []
  let good = 0
  for (let at = 0; at < lines.starts.length; at++) {
    throwIfAborted(signal)
    const line = lineAt(lines, at)
    if (isBlank(line)) continue
    const record = readLine(line, at + 1, limits)
    if (record === undefined) bad.push(at + 1)
    else {
      good++
      if (!writer.writeRecord(record, 'record')) break
    }
  }
  if (good === 0) return { skipped: 'PARSE_ERROR', message: 'None of its lines is valid JSON' }
  return { ...writer.finish(), metadata: {}, type: 'application/x-ndjson', notices: badLines(bad) }
}

function readLine(line: string, number: number, limits: ExtractLimits): JsonNode | undefined {
  try {
    const reader = new JsonReader(line, limits, number)
    const record = reader.readValue()
    return reader.isAtEnd() ? record : undefined
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined
    throw thrown
  }
}

function badLines(numbers: readonly number[]): Notice[] {
  const notices: Notice[] = numbers
    .slice(0, MAX_NAMED_LINES)
    .map((line) => ({ code: 'PARSE_ERROR', message: `Line ${line} is not valid JSON and was left out` }))
  const more = numbers.length - MAX_NAMED_LINES
  if (more > 0) notices.push({ code: 'PARSE_ERROR', message: `${more} more lines are not valid JSON` })
  return notices
}
