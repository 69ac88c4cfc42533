import type { Term } from '../text/analyze.js'
import { NOT_ASCII } from '../text/segment-words.js'
import { createTermFinder } from '../text/term-finder.js'

const MAX_CHARS = 300
const LEAD_CHARS = 60

export type Snippet = {
  readonly snippet: string
  readonly highlights: readonly (readonly [number, number])[]
}

/** What is taken out of a line altogether, so that the words beside it may become one. None of it is ASCII. */
const HIDDEN = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu
/** Blanks and controls but for a single blank. */
const UNEVEN = /(?: [\s\p{Cc}]|[^\S ]|\p{Cc})[\s\p{Cc}]*/gu

/**
 * The stretch of at most 300 characters whose matched terms weigh most, on one line, with ellipses where it was cut.
 * Highlights are `[start, end]` offsets into the snippet. `language` (ISO 639-1) is the passage's, for its word forms.
 */
export function makeSnippet(text: string, weights: ReadonlyMap<string, number>, language?: string): Snippet {
  const line = toOneLine(text)
  return cutSnippet(line, weights.size === 0 ? [] : createTermFinder(weights.keys())(line, language), weights)
}

/** The same of a line (`toOneLine`) and the terms that were found in it, each with its weight. */
export function cutSnippet(
  line: string,
  matches: readonly Term[],
  weights: ReadonlyMap<string, number>,
): Snippet {
  const start = line.length <= MAX_CHARS ? 0 : windowStart(line, bestWindow(matches, weights))
  const end = line.length - start <= MAX_CHARS ? line.length : wordBoundaryBefore(line, start + MAX_CHARS)
  const prefix = start > 0 ? '… ' : ''
  const snippet = `${prefix}${line.slice(start, end).trimEnd()}${end < line.length ? ' …' : ''}`
  const highlights = matches
    .filter((match) => match.start >= start && match.end <= end)
    .map((match) => [match.start - start + prefix.length, match.end - start + prefix.length] as const)
  return { snippet, highlights }
}

/** Line breaks, runs of blanks, control and invisible format characters become single blanks or nothing. */
export function toOneLine(text: string): string {
  const shown = hidesWords(text) ? text.replace(HIDDEN, '') : text
  return shown.replace(UNEVEN, ' ').trim()
}

/** Whether the words of a text are not those of its line. */
export function hidesWords(text: string): boolean {
  return NOT_ASCII.test(text) && text.search(HIDDEN) !== -1
}

/** Where the window begins whose distinct terms weigh most; the earliest of equals. */
function bestWindow(
  matches: readonly { readonly term: string; readonly start: number; readonly end: number }[],
  weights: ReadonlyMap<string, number>,
): number {
  let best = 0
  let bestWeight = -1
  for (const [i, first] of matches.entries()) {
    const terms = new Set<string>()
    for (let j = i; j < matches.length; j++) {
      const match = matches[j]
      if (match === undefined || match.end > first.start + MAX_CHARS - LEAD_CHARS) break
      terms.add(match.term)
    }
    const weight = [...terms].reduce((sum, term) => sum + (weights.get(term) ?? 0), 0)
    if (weight > bestWeight) {
      best = first.start
      bestWeight = weight
    }
  }
  return best
}

/** A little before the first match, at the start of a sentence if one is near, else of a word. */
function windowStart(line: string, match: number): number {
  const earliest = Math.max(0, match - LEAD_CHARS)
  if (earliest === 0) return 0
  const lead = line.slice(earliest, match)
  const sentence = Math.max(lead.lastIndexOf('. '), lead.lastIndexOf('? '), lead.lastIndexOf('! '))
  if (sentence !== -1) return earliest + sentence + 2
  const blank = lead.indexOf(' ')
  return blank === -1 ? avoidPair(line, earliest) : earliest + blank + 1
}

function wordBoundaryBefore(line: string, end: number): number {
  const blank = line.lastIndexOf(' ', end)
  return blank > end - 40 ? blank : avoidPair(line, end)
}

/** Steps back when the offset lies between the halves of a surrogate pair. */
function avoidPair(line: string, at: number): number {
  const unit = line.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
