import { estimateTokens } from '../text/estimate-tokens.js'
import type { Span } from '../text/split-sentences.js'
import type { Block, Chunk, Extracted } from '../types.js'
import { chooseCuts, type UnitRange } from './choose-cuts.js'
import { commonPrefix, findNewlines, locateRange } from './locate-range.js'
import { splitBlock, type Unit } from './split-block.js'

export type ChunkOptions = {
  /** Estimated tokens that passages of a long section are to have (the estimate leans high: 200 are about 170 real ones). */
  readonly targetTokens: number
  /** Estimated tokens up to which a section stays whole; no passage exceeds it but a stretch that has no place to cut. */
  readonly maxTokens: number
  /** Estimated tokens repeated from the end of a passage at the start of the next one, where a paragraph is cut. */
  readonly overlapTokens: number
  /** Sections smaller than this are joined with the following ones. */
  readonly minTokens: number
}

/**
 * Measured by how much of marked answers the best five passages hold, and how much else: see `npm run evaluate -- --spans`.
 * Short documents answer best whole.
 */
export const defaultChunkOptions: ChunkOptions = {
  targetTokens: 200,
  maxTokens: 400,
  overlapTokens: 24,
  minTokens: 60,
}

/** Changes whenever the same document would be cut or titled otherwise. */
export const chunkerVersion = 'cuts-200-400/2'

type Section = {
  readonly headings: readonly string[]
  readonly blocks: readonly Block[]
  readonly units: readonly Unit[]
  /** Of the units and what lies between them. */
  readonly tokens: number
  /** Whether its heading does not stand in the text, such as the title of a slide: joined with another it would be lost. */
  readonly isNamed: boolean
}

/**
 * Cuts a document into passages along its headings, then where it costs least: between blocks, lines, sentences.
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
    const isNamed = blocks[0]?.kind === 'heading' && blocks[0].start === blocks[0].end
    sections.push({ headings: path.map((entry) => entry.heading), blocks, units, tokens, isNamed })
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
 * Joins a section below `minTokens` with the following ones while the sum is within the target; the common headings
 * remain. A heading with nothing below it joins what follows even when that is to be cut: by itself it answers nothing.
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
    const joinedTokens = (last?.tokens ?? 0) + gap + section.tokens
    const small = last !== undefined && last.tokens < options.minTokens
    const joins =
      last !== undefined && isOnlyHeadings(last)
        ? small || joinedTokens <= options.maxTokens
        : small && !section.isNamed && joinedTokens <= options.targetTokens
    if (last !== undefined && joins) {
      joined[joined.length - 1] = {
        isNamed: last.isNamed,
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

/** Whole when it fits; else cut at the best places, the next passage repeating the end of the one before. */
function packUnits(text: string, units: readonly Unit[], options: ChunkOptions): Span[] {
  const gaps = units.map((unit, i) => gapTokens(text, units[i - 1], unit))
  const total = units.reduce((sum, { tokens }, i) => sum + tokens + (gaps[i] ?? 0), 0)
  const ranges =
    total <= options.maxTokens
      ? [{ first: 0, end: units.length }]
      : chooseCuts(
          units.map(({ tokens, cutCost }, i) => ({ tokens, cutCost, gap: gaps[i] ?? 0 })),
          options,
        )
  return ranges.flatMap(({ first, end }, i) => {
    const previous = ranges[i - 1]
    const start =
      previous === undefined ? first : overlapStart(units, gaps, { first, end }, previous.first, options)
    const [from, to] = [units[start], units[end - 1]]
    return from === undefined || to === undefined ? [] : [{ start: from.start, end: to.end }]
  })
}

/** The unit at which a passage begins: inside a paragraph as far back as overlap and room allow, after `earliest`. */
function overlapStart(
  units: readonly Unit[],
  gaps: readonly number[],
  { first, end }: UnitRange,
  earliest: number,
  options: ChunkOptions,
): number {
  let room = options.maxTokens
  for (let i = first; i < end; i++) room -= (units[i]?.tokens ?? 0) + (i > first ? (gaps[i] ?? 0) : 0)
  let start = first
  let tokens = 0
  // A unit that costs nothing to cut before begins a block of its own, which needs nothing of the one before.
  while (start - 1 > earliest && (units[start]?.cutCost ?? 0) > 0) {
    tokens += (units[start - 1]?.tokens ?? 0) + (gaps[start] ?? 0)
    if (tokens > Math.min(options.overlapTokens, room)) break
    start--
  }
  return start
}

function trimRange(text: string, start: number, end: number): Span | undefined {
  const slice = text.slice(start, end)
  const left = slice.length - slice.trimStart().length
  const trimmed = slice.trim()
  return trimmed === '' ? undefined : { start: start + left, end: start + left + trimmed.length }
}
