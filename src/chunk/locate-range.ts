import type { Span } from '../text/split-sentences.js'
import type { Block, Location } from '../types.js'

/**
 * The place of a stretch of text: from where its first block begins to where its last one ends, to the line where the
 * blocks' locations allow it. Kinds that cannot be spanned (slides, cells) give the first block's place.
 */
export function locateRange(text: string, blocks: readonly Block[], range: Span, heading?: string): Location {
  const touched = blocks.filter((block) => block.start < range.end && block.end > range.start)
  const first = touched[0]
  const last = touched.at(-1)
  const named = heading === undefined ? {} : { heading }
  if (first === undefined || last === undefined)
    return { kind: 'section', path: heading === undefined ? [] : [heading] }
  const from = first.location
  const to = last.location
  if (from.kind === 'lines' && to.kind === 'lines') {
    const start =
      range.start <= first.start ? from.start : (lineInside(text, first, range.start) ?? from.start)
    const end = range.end >= last.end ? to.end : (lineInside(text, last, range.end) ?? to.end)
    return { kind: 'lines', start, end, ...named }
  }
  if (from.kind === 'pages' && to.kind === 'pages')
    return { kind: 'pages', start: from.start, end: to.end, ...named }
  if (from.kind === 'sheet' && to.kind === 'sheet' && from.name === to.name) {
    return { kind: 'sheet', name: from.name, rows: [from.rows[0], to.rows[1]], ...named }
  }
  return { ...from, ...named }
}

/** The source line of an offset inside a block; undefined when the block's text is not laid out as its source is. */
function lineInside(text: string, block: Block, offset: number): number | undefined {
  if (block.location.kind !== 'lines') return undefined
  const { start, end } = block.location
  if (countNewlines(text, block.start, block.end) !== end - start) return undefined
  return start + countNewlines(text, block.start, offset)
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
