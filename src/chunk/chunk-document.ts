import { estimateTokens } from '../text/estimate-tokens.js'
import type { Block, Chunk, Extracted } from '../types.js'
import { commonPrefix, findNewlines, locateRange } from './locate-range.js'
import { splitBlock, type Unit } from './split-block.js'

export type ChunkOptions = {
  /** Estimated tokens of a passage (the estimate leans high: 512 are about 430 real ones); exceeded only by a stretch that has no place to cut. */
  readonly maxTokens: number
  /** Estimated tokens repeated from the end of a passage at the start of the next one of the same section. */
  readonly overlapTokens: number
  /** Sections smaller than this are joined with the following ones. */
  readonly minTokens: number
}

export const defaultChunkOptions: ChunkOptions = { maxTokens: 512, overlapTokens: 60, minTokens: 100 }

/** Changes whenever the same document would be cut or titled otherwise. */
export const chunkerVersion = 'headings-512-60/1'

type Section = {
  readonly headings: readonly string[]
  readonly blocks: readonly Block[]
  readonly units: readonly Unit[]
  /** Of the units and what lies between them. */
  readonly tokens: number
}

/**
 * Cuts a document into passages along its headings, then blocks, then rows, lines and sentences.
 *
 * Passages are slices of `extracted.text`, in order; every block lies in at least one of them. A code fence or table
 * that fits is not cut; no cut falls inside a code point.
 */
export function chunkDocument(extracted: Extracted, options: ChunkOptions = defaultChunkOptions): Chunk[] {
  const chunks: Chunk[] = []
  const newlines = findNewlines(extracted.text)
  for (const section of joinSmallSections(extracted.text, splitSections(extracted, options), options)) {
    for (const { start, end } of packUnits(extracted.text, section.units, options)) {
      const range = trimRange(extracted.text, start, end)
      if (range === undefined) continue
      const text = extracted.text.slice(range.start, range.end)
      const heading = section.headings.at(-1)
      chunks.push({
        ordinal: chunks.length,
        text,
        ...range,
        headings: section.headings,
        location: locateRange(newlines, section.blocks, range, heading),
        tokens: estimateTokens(text),
      })
    }
  }
  return chunks
}

/** A section is a heading with what follows up to the next heading of any level, or to the next slide, sheet or cell. */
function splitSections(extracted: Extracted, options: ChunkOptions): Section[] {
  const sections: Section[] = []
  let path: { level: number; heading: string }[] = []
  let blocks: Block[] = []
  const close = () => {
    if (blocks.length === 0) return
    const units = unitsOf(extracted.text, blocks, options)
    const tokens = units.reduce(
      (sum, unit, i) => sum + unit.tokens + gapTokens(extracted.text, units[i - 1], unit),
      0,
    )
    sections.push({ headings: path.map((entry) => entry.heading), blocks, units, tokens })
    blocks = []
  }
  for (const block of extracted.blocks) {
    if (isElsewhere(blocks.at(-1), block)) close()
    if (block.kind === 'heading') {
      close()
      const level = block.level ?? 1
      const heading = (block.heading ?? extracted.text.slice(block.start, block.end)).trim()
      path = [...path.filter((entry) => entry.level < level), ...(heading === '' ? [] : [{ level, heading }])]
    }
    blocks.push(block)
  }
  close()
  return sections
}

/**
 * Joins a section below `minTokens` with the following ones while the sum fits; the common headings remain. A heading with
 * nothing below it joins what follows even when that is to be cut: by itself it answers nothing.
 */
function joinSmallSections(text: string, sections: readonly Section[], options: ChunkOptions): Section[] {
  const joined: Section[] = []
  for (const section of sections) {
    const last = joined.at(-1)
    const gap = gapTokens(text, last?.units.at(-1), section.units[0])
    if (isElsewhere(last?.blocks[0], section.blocks[0])) {
      joined.push(section)
      continue
    }
    const fits = last !== undefined && last.tokens + gap + section.tokens <= options.maxTokens
    const small = last !== undefined && last.tokens < options.minTokens
    if (last !== undefined && (isOnlyHeadings(last) ? fits || small : fits && small)) {
      joined[joined.length - 1] = {
        headings: isOnlyHeadings(last) ? section.headings : commonPrefix(last.headings, section.headings),
        blocks: [...last.blocks, ...section.blocks],
        units: [...last.units, ...section.units],
        tokens: last.tokens + gap + section.tokens,
      }
    } else {
      joined.push(section)
    }
  }
  return joined
}

/** Whether no one place can be cited for both blocks: they stand on two slides, on two sheets or in two cells. */
function isElsewhere(before: Block | undefined, after: Block | undefined): boolean {
  const from = before?.location
  const to = after?.location
  if (from === undefined || to === undefined) return false
  if ((from.kind === 'slide' && to.kind === 'slide') || (from.kind === 'cell' && to.kind === 'cell'))
    return from.n !== to.n
  return from.kind === 'sheet' && to.kind === 'sheet' && from.name !== to.name
}

function isOnlyHeadings(section: Section): boolean {
  return section.blocks.every((block) => block.kind === 'heading')
}

/** Blank ones are left out, as the text between blocks is: a passage neither begins nor ends with one. */
function unitsOf(text: string, blocks: readonly Block[], options: ChunkOptions): Unit[] {
  const units = blocks.flatMap((block) => splitBlock(text, block, options.maxTokens))
  return units.filter(({ start, end }) => text.slice(start, end).trim() !== '')
}

/** Estimated tokens between two units: blank lines, and comments and the like that no block holds. */
function gapTokens(text: string, before: Unit | undefined, after: Unit | undefined): number {
  return before === undefined || after === undefined ? 0 : estimateTokens(text.slice(before.end, after.start))
}

/** Fills passages with units in order; the next passage repeats the last small units of the one before. */
function packUnits(
  text: string,
  units: readonly Unit[],
  options: ChunkOptions,
): { start: number; end: number }[] {
  const gaps = units.map((unit, i) => gapTokens(text, units[i - 1], unit))
  const ranges: { start: number; end: number }[] = []
  let first = 0
  while (first < units.length) {
    let next = first
    let tokens = 0
    while (next < units.length) {
      const unit = units[next]
      if (unit === undefined) break
      const added = unit.tokens + (next > first ? (gaps[next] ?? 0) : 0)
      if (next > first && tokens + added > options.maxTokens) break
      tokens += added
      next++
    }
    ranges.push({ start: units[first]?.start ?? 0, end: units[next - 1]?.end ?? 0 })
    if (next >= units.length) break
    first = overlapStart(units, gaps, first, next, options)
  }
  return ranges
}

/** The unit at which the next passage begins: as far back as the overlap and the room for the next unit allow. */
function overlapStart(
  units: readonly Unit[],
  gaps: readonly number[],
  first: number,
  next: number,
  options: ChunkOptions,
): number {
  const room = options.maxTokens - (units[next]?.tokens ?? 0)
  let start = next
  let tokens = 0
  while (start - 1 > first) {
    tokens += (units[start - 1]?.tokens ?? 0) + (gaps[start] ?? 0)
    if (tokens > Math.min(options.overlapTokens, room)) break
    start--
  }
  return start
}

function trimRange(text: string, start: number, end: number): { start: number; end: number } | undefined {
  const slice = text.slice(start, end)
  const left = slice.length - slice.trimStart().length
  const trimmed = slice.trim()
  return trimmed === '' ? undefined : { start: start + left, end: start + left + trimmed.length }
}
