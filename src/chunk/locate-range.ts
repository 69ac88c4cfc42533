import type { Span } from '../text/split-sentences.js'
import type { Block, Location } from '../types.js'

/**
 * The place of a stretch of text: from where its first block begins to where its last one ends, to the line where the
 * blocks' locations allow it. Sections are spanned by the one that holds them; kinds that cannot be spanned (slides, cells)
 * give the first block's place. `newlines` are
 * the text's, as `findNewlines` gives them; blocks are in order and do not overlap.
 */
export function locateRange(
  newlines: readonly number[],
  blocks: readonly Block[],
  range: Span,
  heading?: string,
): Location {
  const first = blocks[firstIndex(blocks, (block) => block.end > range.start)]
  const last = blocks[firstIndex(blocks, (block) => block.start >= range.end) - 1]
  const named = heading === undefined ? {} : { heading }
  if (first === undefined || last === undefined || first.start > last.start)
    return { kind: 'section', path: heading === undefined ? [] : [heading] }
  const from = first.location
  const to = last.location
  if (from.kind === 'lines' && to.kind === 'lines') {
    const start =
      range.start <= first.start ? from.start : (lineInside(newlines, first, range.start) ?? from.start)
    const end = range.end >= last.end ? to.end : (lineInside(newlines, last, range.end) ?? to.end)
    return { kind: 'lines', start, end, ...named }
  }
  if (from.kind === 'pages' && to.kind === 'pages')
    return { kind: 'pages', start: from.start, end: to.end, ...named }
  if (from.kind === 'sheet' && to.kind === 'sheet' && from.name === to.name) {
    const start = range.start <= first.start ? from.rows[0] : lineInside(newlines, first, range.start)
    const end = range.end >= last.end ? to.rows[1] : lineInside(newlines, last, range.end)
    return { kind: 'sheet', name: from.name, rows: [start ?? from.rows[0], end ?? to.rows[1]], ...named }
  }
  if (from.kind === 'section' && to.kind === 'section') {
    const common = commonPrefix(from.path, to.path)
    return { kind: 'section', path: common.length === 0 ? from.path : common, ...named }
  }
  return { ...from, ...named }
}

/** The headings that two paths have in common, outermost first. */
export function commonPrefix(a: readonly string[], b: readonly string[]): readonly string[] {
  const differing = a.findIndex((heading, i) => heading !== b[i])
  return differing === -1 ? a : a.slice(0, differing)
}

/** The source line (or row) of an offset inside a block; undefined when its text is not laid out as its source is. */
function lineInside(newlines: readonly number[], block: Block, offset: number): number | undefined {
  const { location } = block
  if (location.kind !== 'lines' && location.kind !== 'sheet') return undefined
  const [start, end] = location.kind === 'lines' ? [location.start, location.end] : location.rows
  if (countNewlines(newlines, block.start, block.end) !== end - start) return undefined
  return start + countNewlines(newlines, block.start, offset)
}

/** The offsets of a text's line breaks, ascending: found once, so that a long document is not read for each passage. */
export function findNewlines(text: string): number[] {
  const newlines: number[] = []
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) newlines.push(at)
  return newlines
}

function countNewlines(newlines: readonly number[], from: number, to: number): number {
  return firstIndex(newlines, (at) => at >= to) - firstIndex(newlines, (at) => at >= from)
}

/** Where in a list the items begin that satisfy a condition, which none before and all after do; its length for none. */
function firstIndex<T>(items: readonly T[], isSatisfied: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const item = items[middle]
    if (item === undefined || isSatisfied(item)) high = middle
    else low = middle + 1
  }
  return low
}
