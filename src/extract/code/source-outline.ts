import type { Block } from '../../types.js'
import { endOf, isBlank, type Lines, lineAt, startOf } from '../lines.js'

/** A part of a source text that goes by lines, which count from 0; both ends belong to it. */
export type SourceUnit = {
  readonly first: number
  readonly last: number
  /** None for what has no name of its own, such as a statement. */
  readonly name?: string
  /** A comment, an annotation: part of the named unit right below it. */
  readonly isPrelude?: boolean
  /** What it consists of, looked at when it is too large to stay whole. */
  readonly members?: readonly SourceUnit[]
}

/** About one passage; what is larger is told apart by its members, or by its blank lines. */
const MAX_WHOLE_CHARS = 1600
const MAX_NAME_CHARS = 80

/**
 * The blocks of a text that is kept as it is: its named units, each under its name and whole where that fits a passage, with
 * the comments right above it; and what lies between, parted at blank lines. Units may overlap and come in any order.
 */
export function outlineBlocks(lines: Lines, units: readonly SourceUnit[]): Block[] {
  const blocks: Block[] = []
  writeUnits(lines, units, { first: 0, last: lines.starts.length - 1, level: 1 }, blocks)
  return blocks
}

type Range = { readonly first: number; readonly last: number; readonly level: number }

function writeUnits(lines: Lines, units: readonly SourceUnit[], range: Range, blocks: Block[]): void {
  let next = range.first
  let isNamed = false
  for (const unit of namedWithPreludes(apart(units))) {
    writeLoose(lines, { ...range, first: next, last: unit.first - 1 }, isNamed, blocks)
    writeNamed(lines, unit, range.level, blocks)
    isNamed = true
    next = unit.last + 1
  }
  writeLoose(lines, { ...range, first: next }, isNamed, blocks)
}

function writeNamed(lines: Lines, unit: SourceUnit, level: number, blocks: Block[]): void {
  const { first, last, members = [] } = unit
  addName(lines, unit.name ?? '', { first, last, level }, blocks)
  const isLarge = endOf(lines, last) - startOf(lines, first) > MAX_WHOLE_CHARS
  if (!isLarge) addBlock(lines, first, last, blocks)
  else if (members.length === 0) addParagraphs(lines, first, last, blocks)
  else writeUnits(lines, members, { first, last, level: level + 1 }, blocks)
}

/** Lines without a name. Behind a named unit they are named by their first line, or they would go under its name. */
function writeLoose(lines: Lines, range: Range, isBehindNamed: boolean, blocks: Block[]): void {
  const before = blocks.length
  addParagraphs(lines, range.first, range.last, blocks)
  if (!isBehindNamed || blocks.length === before) return
  const added = blocks.splice(before)
  const firstLine = lineAt(lines, firstLineOf(added[0], range.first)).slice(0, MAX_NAME_CHARS)
  addName(lines, firstLine.replace(/[\s{(:=;,]+$/, ''), range, blocks)
  blocks.push(...added)
}

function firstLineOf(block: Block | undefined, otherwise: number): number {
  return block?.location.kind === 'lines' ? block.location.start - 1 : otherwise
}

/** The stretches between blank lines; those without any letter or digit, such as a closing brace, say nothing. */
function addParagraphs(lines: Lines, first: number, last: number, blocks: Block[]): void {
  let start = first
  for (let at = first; at <= last + 1; at++) {
    if (at <= last && !isBlank(lineAt(lines, at))) continue
    if (at > start) addBlock(lines, start, at - 1, blocks)
    start = at + 1
  }
}

function addBlock(lines: Lines, first: number, last: number, blocks: Block[]): void {
  const start = startOf(lines, first)
  const end = endOf(lines, last)
  if (!/[\p{L}\p{N}]/u.test(lines.text.slice(start, end))) return
  blocks.push({ kind: 'code', start, end, location: { kind: 'lines', start: first + 1, end: last + 1 } })
}

function addName(lines: Lines, name: string, { first, last, level }: Range, blocks: Block[]): void {
  const heading = name.replace(/\s+/g, ' ').trim().slice(0, MAX_NAME_CHARS).trim()
  if (heading === '') return
  const at = startOf(lines, first)
  const location = { kind: 'lines', start: first + 1, end: last + 1 } as const
  blocks.push({ kind: 'heading', start: at, end: at, location, level: Math.min(6, level), heading })
}

/** In order, without overlaps: what begins on a line of the one before is part of it. */
function apart(units: readonly SourceUnit[]): SourceUnit[] {
  const result: SourceUnit[] = []
  for (const unit of [...units].sort((a, b) => a.first - b.first || b.last - a.last)) {
    const before = result.at(-1)
    if (before === undefined || unit.first > before.last) result.push(unit)
    else result[result.length - 1] = { ...before, last: Math.max(before.last, unit.last) }
  }
  return result
}

/** The named units, each beginning with the preludes that stand right above it. */
function namedWithPreludes(units: readonly SourceUnit[]): SourceUnit[] {
  return units.flatMap((unit, i) => {
    if (unit.name === undefined) return []
    let first = unit.first
    for (let at = i - 1; at >= 0; at--) {
      const above = units[at]
      if (above?.isPrelude !== true || above.last + 1 !== first) break
      first = above.first
    }
    return [{ ...unit, first }]
  })
}
