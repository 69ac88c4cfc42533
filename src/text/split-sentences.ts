import { lazy } from '../lazy.js'
import { foldWord } from './fold-word.js'
import { isCalendarWord } from './read-dates.js'

/** A stretch of a text; UTF-16 offsets, `start < end`. */
export type Span = { readonly start: number; readonly end: number }

/** The first of a thread takes 25 ms. */
const sentenceSegmenter = lazy(() => new Intl.Segmenter('und', { granularity: 'sentence' }))
/** All that ends a sentence by Unicode annex 29. */
const SENTENCE_END = /[\p{Sentence_Terminal}\u2024\r\n\x85\u2028\u2029]/u
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|e\.g|i\.e|z\.B|d\.h|u\.a|bzw|ca|vgl|Nr|No|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|Sr|Sra|Dra|Ud|pág|approx|Fig|Abs|Art|Inc|Ltd)\.$/u
/** With the dot and the character before. */
const LONGEST_ABBREVIATION_CHARS = 8
const LONGEST_MONTH_CHARS = 12
/** ICU's iterator costs the length of its text at every step: half a megabyte in one piece takes a minute. */
const WINDOW_CHARS = 4096

/**
 * The sentences of a text (Unicode annex 29 through ICU, with common abbreviations kept together). They cover the text
 * without gaps; white space belongs to the sentence before it. A stretch of 4,096 characters without an end of sentence
 * is cut there, never inside a code point.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (const end of sentenceEnds(text)) {
    if (end < text.length && goesOn(text, start, end)) continue
    spans.push({ start, end })
    start = end
  }
  return spans
}

/** The same, but that no sentence ends within one of `wholes`, which are ascending and apart: what is cut there is put together. */
export function splitSentencesAround(text: string, wholes: readonly Span[]): Span[] {
  const sentences: Span[] = []
  let next = 0
  let start = 0
  for (const { end } of splitSentences(text)) {
    while ((wholes[next]?.end ?? end) < end) next++
    if ((wholes[next]?.start ?? end) < end && end < (wholes[next]?.end ?? end)) continue
    sentences.push({ start, end })
    start = end
  }
  return sentences
}

/** Whether there is anything in a text that a sentence may end with. */
export function mayEndSentence(text: string): boolean {
  return SENTENCE_END.test(text)
}

/** Whether a sentence goes on behind a dot that only looks like its end: of an abbreviation or a date. */
function goesOn(text: string, start: number, end: number): boolean {
  return isAbbreviation(text.slice(start, end)) || isDayOfMonth(text, end)
}

/** Whether a stretch ends in an abbreviation; the blanks behind it do not count. */
function isAbbreviation(stretch: string): boolean {
  return ABBREVIATION.test(stretch.trimEnd().slice(-LONGEST_ABBREVIATION_CHARS))
}

/** `am 16. Mai`. */
function isDayOfMonth(text: string, end: number): boolean {
  const day = /(?<!\d)\d{1,2}\.\s*$/.test(text.slice(Math.max(0, end - LONGEST_ABBREVIATION_CHARS), end))
  const next = day ? /^\p{L}+/u.exec(text.slice(end, end + LONGEST_MONTH_CHARS))?.[0] : undefined
  return next !== undefined && isCalendarWord(foldWord(next))
}

/** Ascending offsets, ending with the text's length. A window's last sentence may go on, so the next one begins there. */
function* sentenceEnds(text: string): Generator<number> {
  let from = 0
  while (from < text.length) {
    const to = windowEnd(text, from)
    let last = from
    for (const part of sentenceSegmenter().segment(text.slice(from, to))) {
      if (part.index > 0) yield from + part.index
      last = from + part.index
    }
    if (to === text.length || last === from) yield to
    from = to === text.length || last === from ? to : last
  }
}

function windowEnd(text: string, from: number): number {
  const end = from + WINDOW_CHARS
  if (end >= text.length) return text.length
  const unit = text.charCodeAt(end)
  const insidePair = unit >= 0xdc00 && unit <= 0xdfff
  return insidePair ? end - 1 : end
}
