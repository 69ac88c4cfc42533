import { estimateTokens } from '../text/estimate-tokens.js'
import type { Block, Chunk, Extracted } from '../types.js'
import { locateRange } from './locate-range.js'
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
  for (const section of joinSmallSections(splitSections(extracted), options)) {
    for (const { start, end } of packUnits(unitsOf(extracted.text, section, options), options)) {
      const range = trimRange(extracted.text, start, end)
      if (range === undefined) continue
      const text = extracted.text.slice(range.start, range.end)
      const heading = section.headings.at(-1)
      chunks.push({
        ordinal: chunks.length,
        text,
        ...range,
        headings: section.headings,
        location: locateRange(extracted.text, section.blocks, range, heading),
        tokens: estimateTokens(text),
      })
    }
  }
  return chunks
}

/** A section is a heading with what follows up to the next heading of any level. */
function splitSections(extracted: Extracted): Section[] {
  const sections: Section[] = []
  let path: { level: number; heading: string }[] = []
  let blocks: Block[] = []
  const close = () => {
    if (blocks.length === 0) return
    const tokens = blocks.reduce(
      (sum, block) => sum + estimateTokens(extracted.text.slice(block.start, block.end)),
      0,
    )
    sections.push({ headings: path.map((entry) => entry.heading), blocks, tokens })
    blocks = []
  }
  for (const block of extracted.blocks) {
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

/** Joins a section below `minTokens` with the following ones while the sum fits; the common headings remain. */
function joinSmallSections(sections: readonly Section[], options: ChunkOptions): Section[] {
  const joined: Section[] = []
  for (const section of sections) {
    const last = joined.at(-1)
    const fits = last !== undefined && last.tokens + section.tokens <= options.maxTokens
    if (last !== undefined && fits && (last.tokens < options.minTokens || isOnlyHeadings(last))) {
      joined[joined.length - 1] = {
        headings: isOnlyHeadings(last) ? section.headings : commonPrefix(last.headings, section.headings),
        blocks: [...last.blocks, ...section.blocks],
        tokens: last.tokens + section.tokens,
      }
    } else {
      joined.push(section)
    }
  }
  return joined
}

function isOnlyHeadings(section: Section): boolean {
  return section.blocks.every((block) => block.kind === 'heading')
}

function commonPrefix(a: readonly string[], b: readonly string[]): readonly string[] {
  const differing = a.findIndex((heading, i) => heading !== b[i])
  return differing === -1 ? a : a.slice(0, differing)
}

function unitsOf(text: string, section: Section, options: ChunkOptions): Unit[] {
  return section.blocks.flatMap((block) => splitBlock(text, block, options.maxTokens))
}

/** Fills passages with units in order; the next passage repeats the last small units of the one before. */
function packUnits(units: readonly Unit[], options: ChunkOptions): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = []
  let first = 0
  while (first < units.length) {
    let next = first
    let tokens = 0
    while (next < units.length) {
      const unit = units[next]
      if (unit === undefined || (next > first && tokens + unit.tokens > options.maxTokens)) break
      tokens += unit.tokens
      next++
    }
    ranges.push({ start: units[first]?.start ?? 0, end: units[next - 1]?.end ?? 0 })
    if (next >= units.length) break
    first = overlapStart(units, first, next, options)
  }
  return ranges
}

/** The unit at which the next passage begins: as far back as the overlap and the room for the next unit allow. */
function overlapStart(units: readonly Unit[], first: number, next: number, options: ChunkOptions): number {
  const room = options.maxTokens - (units[next]?.tokens ?? 0)
  let start = next
  let tokens = 0
  while (start - 1 > first) {
    tokens += units[start - 1]?.tokens ?? 0
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
