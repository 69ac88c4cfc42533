import { estimateTokens } from '../text/estimate-tokens.js'
import { type Span, splitSentences } from '../text/split-sentences.js'
import type { Block } from '../types.js'

/** A stretch that is not cut any further. Units of a block cover it without gaps. */
export type Unit = Span & {
  readonly tokens: number
  /** What it costs to cut before it, see `CUT_COST`. */
  readonly cutCost: number
}

/** What a cut costs against a passage that is as long as it should be (0) or empty (1). */
const CUT_COST = { block: 0, blankLine: 0.02, line: 0.1, sentence: 0.2, inside: 0.5 } as const

/**
 * Cuts a block into units of at most `maxTokens`: code and tables that fit stay whole; else lines (code, tables, lists),
 * sentences, words, and as the last resort code points.
 */
export function splitBlock(text: string, block: Block, maxTokens: number): Unit[] {
  const whole = unit(text, block, CUT_COST.block)
  const keepsWhole = block.kind === 'code' || block.kind === 'table' || block.kind === 'heading'
  if (keepsWhole && whole.tokens <= maxTokens) return [whole]
  const byLine = block.kind === 'code' || block.kind === 'table' || block.kind === 'list'
  const spans = byLine
    ? splitLines(text, block)
    : splitSentences(text.slice(block.start, block.end)).map((span) => shift(span, block.start))
  return spans.flatMap((span, i) =>
    splitLong(text, span, maxTokens, costBefore(text, block, spans[i - 1], byLine)),
  )
}

/** Of a cut before a line or sentence that follows another one. */
function costBefore(text: string, block: Block, previous: Span | undefined, byLine: boolean): number {
  if (previous === undefined) return CUT_COST.block
  const before = text.slice(previous.start, previous.end)
  if (before.trim() === '' || /\n\s*\n\s*$/.test(before)) return CUT_COST.blankLine
  // Lines of code and list items stand by themselves; in text a line may end anywhere.
  if (byLine) return CUT_COST.line
  return block.kind === 'text' && before.endsWith('\n') ? CUT_COST.line : CUT_COST.sentence
}

function splitLong(text: string, span: Span, maxTokens: number, cutCost: number): Unit[] {
  const whole = unit(text, span, cutCost)
  if (whole.tokens <= maxTokens) return [whole]
  const lines = splitLines(text, span)
  if (lines.length > 1)
    return lines.flatMap((line, i) => splitLong(text, line, maxTokens, i === 0 ? cutCost : CUT_COST.line))
  return splitAtBlanks(text, span, maxTokens, cutCost)
}

/** Windows of at most `maxTokens` that end at white space or punctuation where the last third of a window has some. */
function splitAtBlanks(text: string, span: Span, maxTokens: number, cutCost: number): Unit[] {
  const units: Unit[] = []
  let start = span.start
  while (start < span.end) {
    const end = windowEnd(text, start, span.end, maxTokens)
    units.push(unit(text, { start, end }, start === span.start ? cutCost : CUT_COST.inside))
    start = end
  }
  return units
}

function windowEnd(text: string, start: number, limit: number, maxTokens: number): number {
  let end = start
  // Grows by steps of at least one token in the densest script, so the estimate is asked seldom.
  for (let step = Math.max(1, maxTokens); step >= 1; step = Math.floor(step / 2)) {
    while (end < limit && estimateTokens(text.slice(start, Math.min(limit, end + step))) <= maxTokens)
      end += step
  }
  end = Math.min(Math.max(end, start + 1), limit)
  if (end === limit) return limit
  const earliest = start + Math.floor(((end - start) * 2) / 3)
  for (let at = end; at > earliest; at--) {
    if (/[\s,;.!?、。，；|]/u.test(text[at - 1] ?? '')) return at
  }
  return isInsidePair(text, end) ? (end - 1 > start ? end - 1 : end + 1) : end
}

function isInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

function splitLines(text: string, span: Span): Span[] {
  const lines: Span[] = []
  let start = span.start
  while (start < span.end) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 || newline >= span.end ? span.end : newline + 1
    lines.push({ start, end })
    start = end
  }
  return lines
}

function unit(text: string, { start, end }: Span, cutCost: number): Unit {
  return { start, end, tokens: estimateTokens(text.slice(start, end)), cutCost }
}

function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by }
}
