import { isMostlyRtl, lineText } from './pdf-line-text.js'
import { largest, smallest } from './pdf-measures.js'
import type { Word } from './pdf-words.js'

/** A piece of a line without a wide gap: a line of a column, a cell, a heading. Places are as in Word. */
export type Fragment = {
  readonly text: string
  readonly x0: number
  readonly x1: number
  /** The baseline of most of its letters. */
  readonly y: number
  readonly size: number
  readonly isBold: boolean
  /** Whether the first and the last word are bold. */
  readonly startsBold: boolean
  readonly endsBold: boolean
  readonly isItalic: boolean
  readonly startsItalic: boolean
  readonly endsItalic: boolean
  readonly isMonospaced: boolean
  /** Position of its first word among the words of the page as they are drawn. */
  readonly order: number
  /** Width of its first word: what would have had to fit on the line before. */
  readonly firstWidth: number
}

/** Gaps beyond this share of the type's height part columns and cells; between words of justified lines they are rarer. */
const columnGap = 0.9
/** The same for words that were not drawn one after the other. */
const strangerGap = 0.5
/** Gaps of a line that was stretched to the width of its column differ by less than this share of the type's height. */
const evenGaps = 0.05
/** Cells of one width, such as numbers, have even gaps in a table too: words of a line differ by more than this in width. */
const unevenWidths = 0.5
/** So many gaps in a row are not even by chance. */
const minEvenGaps = 3
/** Words overlap by this share of the type's height at most. */
const overlap = 0.4
type Draft = { words: Word[]; x0: number; x1: number; y: number; size: number; last: Word }

/**
 * Puts the words of one writing direction together to fragments, from top to bottom. Where most letters are of scripts that
 * are written from right to left, x grows to the left, so that what is read first has the smaller x.
 */
export function joinWords(words: readonly Word[]): Fragment[] {
  const isRtl = isMostlyRtl(words.map(({ units }) => units.join('')).join(''))
  const drafts = mergeNeighbours(joinStretched(joinDrawn(words)))
  const fragments = drafts.map((draft) => toFragment(draft, isRtl)).filter(({ text }) => text !== '')
  return isRtl
    ? fragments.map((fragment) => ({ ...fragment, x0: -fragment.x1, x1: -fragment.x0 }))
    : fragments
}

/** Words that were drawn one after the other and stand side by side. */
function joinDrawn(words: readonly Word[]): Draft[] {
  const drafts: Draft[] = []
  let open: Draft | undefined
  for (const word of words) {
    if (open !== undefined && isOnLine(open, word) && isBeside(open, word, columnGap)) add(open, word)
    else {
      open = { words: [word], x0: word.x0, x1: word.x1, y: word.y, size: word.size, last: word }
      drafts.push(open)
    }
  }
  return drafts
}

/** Same baseline, or raised or lowered and smaller, as indices and exponents are, or back from there. */
function isOnLine(draft: Draft, word: Word): boolean {
  const smaller = Math.min(draft.size, word.size)
  if (Math.abs(draft.y - word.y) <= 0.2 * smaller) return true
  const [main, script] = draft.size >= word.size ? [draft, word] : [word, draft]
  if (script.size > 0.85 * main.size || (draft.words.length > 1 && main === word)) return false
  const raised = main.y - script.y
  return raised < 0.65 * main.size && raised > -0.4 * main.size
}

function isBeside(draft: Draft, word: { x0: number; x1: number; size: number }, gap: number): boolean {
  const size = Math.max(draft.size, word.size)
  const right = word.x0 - draft.x1
  if (right > -overlap * size && right < gap * size) return true
  const left = draft.x0 - word.x1
  return left > -overlap * size && left < gap * size
}

function add(draft: Draft, word: Word): void {
  // The line's own type is the larger one: indices hang on it.
  if (word.size > draft.size * 1.05) {
    draft.size = word.size
    draft.y = word.y
  }
  draft.words.push(word)
  draft.x0 = Math.min(draft.x0, word.x0)
  draft.x1 = Math.max(draft.x1, word.x1)
  draft.last = word
}

/**
 * Joins the words of justified lines whose gaps are as wide as those between cells: all of them are equally wide, which those of
 * cells that begin below one another are not.
 */
function joinStretched(drafts: readonly Draft[]): Draft[] {
  const joined: Draft[] = []
  for (let from = 0; from < drafts.length; ) {
    const to = stretchedEnd(drafts, from)
    const run = drafts.slice(from, to)
    const [first] = run
    if (first !== undefined && run.length > minEvenGaps && haveUnevenWidths(run)) {
      for (const { words } of run.slice(1)) for (const word of words) add(first, word)
      joined.push(first)
    } else joined.push(...run)
    from = to
  }
  return joined
}

/** Behind the last of the single words that were drawn from `from` on, on one line, with even gaps. */
function stretchedEnd(drafts: readonly Draft[], from: number): number {
  let gap: number | undefined
  let to = from + 1
  for (let last = drafts[from]; last !== undefined; to++) {
    const next = drafts[to]
    if (next === undefined || last.words.length > 1 || next.words.length > 1 || !isOnLine(last, next.last))
      return to
    // Lines that are written from right to left may be drawn so.
    const width = next.x0 > last.x0 ? next.x0 - last.x1 : last.x0 - next.x1
    if (width < 0 || (gap !== undefined && Math.abs(width - gap) > evenGaps * last.size)) return to
    gap ??= width
    last = next
  }
  return to
}

/** But for the first and last, which have a gap on one side only. */
function haveUnevenWidths(drafts: readonly Draft[]): boolean {
  const widths = drafts.slice(1, -1).map(({ x0, x1 }) => x1 - x0)
  return largest(widths) - smallest(widths) > unevenWidths * (drafts[0]?.size ?? 0)
}

/** Joins what stands side by side on a line though something else was drawn between: sorted from top to bottom. */
function mergeNeighbours(drafts: readonly Draft[]): Draft[] {
  const merged: Draft[] = []
  for (const row of rowsOf(drafts)) {
    let open: Draft | undefined
    for (const draft of row.sort((a, b) => a.x0 - b.x0)) {
      const isNext = open !== undefined && (draft.words[0]?.order ?? 0) === open.last.order + 1
      if (open !== undefined && isBeside(open, draft, isNext ? columnGap : strangerGap)) {
        for (const word of draft.words) add(open, word)
      } else {
        open = draft
        merged.push(draft)
      }
    }
  }
  return merged
}

/** Groups by baseline, from top to bottom. Items of a group differ by less than a fifth of the type's height. */
export function rowsOf<T extends { readonly y: number; readonly size: number }>(items: readonly T[]): T[][] {
  const rows: T[][] = []
  let row: T[] = []
  let y = Number.NEGATIVE_INFINITY
  for (const item of items.toSorted((a, b) => a.y - b.y)) {
    if (item.y - y > 0.2 * item.size || row.length === 0) {
      row = []
      rows.push(row)
      y = item.y
    }
    row.push(item)
  }
  return rows
}

function toFragment({ words, x0, x1, y, size }: Draft, isRtlPage: boolean): Fragment {
  const sorted = words.toSorted((a, b) => a.x0 - b.x0 || a.order - b.order)
  const letters = (kept: readonly Word[]) => kept.reduce((sum, { units }) => sum + units.length, 0)
  const most = 0.9 * letters(words)
  const [first, last] = isRtlPage ? [sorted.at(-1), sorted[0]] : [sorted[0], sorted.at(-1)]
  return {
    text: lineText(sorted, isRtlPage),
    x0,
    x1,
    y,
    size,
    isBold: letters(words.filter(({ font }) => font.isBold)) >= most,
    startsBold: first?.font.isBold ?? false,
    endsBold: last?.font.isBold ?? false,
    isItalic: letters(words.filter(({ font }) => font.isItalic)) >= most,
    startsItalic: first?.font.isItalic ?? false,
    endsItalic: last?.font.isItalic ?? false,
    isMonospaced: letters(words.filter(({ font }) => font.isMonospaced)) >= most,
    order: smallest(words.map(({ order }) => order)),
    firstWidth: first === undefined ? 0 : first.x1 - first.x0,
  }
}
