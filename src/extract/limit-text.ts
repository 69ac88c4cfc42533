import type { Block, Extracted, Location } from '../types.js'
import type { ExtractLimits } from './extractor.js'

/** A block boundary is taken for the cut only when it keeps at least this share of the allowed text. */
const minKeptShare = 0.5

/**
 * Cuts the text to at most `maxChars` characters: after the last whole block when that keeps at least half of what is
 * allowed, else within a block, after a line or a word where there is one. Says so in `truncated` when it cut.
 */
export function limitText(extracted: Extracted, { maxChars }: Pick<ExtractLimits, 'maxChars'>): Extracted {
  if (extracted.text.length <= maxChars) return extracted
  const whole = extracted.blocks.filter((block) => block.end <= maxChars)
  const boundary = whole.at(-1)?.end ?? 0
  const split = extracted.blocks.find((block) => block.start < maxChars && block.end > maxChars)
  const insideCut = split === undefined ? boundary : cutWithin(extracted.text, split.start, maxChars)
  const why = `Only the first ${maxChars.toLocaleString('en')} characters were read`
  const takeBoundary = split === undefined || boundary >= maxChars * minKeptShare || insideCut <= split.start
  const blocks = takeBoundary ? whole : [...whole, shorten(split, insideCut, extracted.text)]
  return {
    ...extracted,
    text: extracted.text.slice(0, takeBoundary ? boundary : insideCut),
    blocks,
    truncated: extracted.truncated === undefined ? why : `${extracted.truncated}; ${why}`,
  }
}

/** The best place to cut in `start..max`: a line end, else a space, in the last tenth; else `max` itself. */
function cutWithin(text: string, start: number, max: number): number {
  const from = Math.max(start, Math.floor(max * 0.9))
  const line = text.lastIndexOf('\n', max)
  if (line > from) return line
  const space = text.lastIndexOf(' ', max)
  if (space > from) return space
  return isHighSurrogate(text.charCodeAt(max - 1)) ? max - 1 : max
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

function shorten(block: Block, end: number, text: string): Block {
  return { ...block, end, location: shortenLocation(block, end, text) }
}

/** A location that follows the text line by line (row by row) loses the lines that were cut off. */
function shortenLocation(block: Block, end: number, text: string): Location {
  const { location } = block
  const inText = countNewlines(text, block.start, block.end)
  const left = countNewlines(text, block.start, end)
  if (location.kind === 'lines' && location.end - location.start === inText)
    return { ...location, end: location.start + left }
  if (location.kind === 'sheet' && location.rows[1] - location.rows[0] === inText)
    return { ...location, rows: [location.rows[0], location.rows[0] + left] }
  return location
}

function countNewlines(text: string, start: number, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
