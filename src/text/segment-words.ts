/** A word as it stands in a text. `start` and `end` are UTF-16 offsets. */
export type Word = { readonly word: string; readonly start: number; readonly end: number }

/** Letters, digits and combining marks in a row. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu
/** Scripts written without spaces between words. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const wordSegmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** The words of a text in order; scripts without spaces are cut by ICU's dictionaries. */
export function* segmentWords(text: string): Generator<Word> {
  for (const match of text.matchAll(RUN)) {
    const run = match[0]
    if (!SPACELESS.test(run)) {
      yield { word: run, start: match.index, end: match.index + run.length }
      continue
    }
    for (const part of wordSegmenter.segment(run)) {
      const start = match.index + part.index
      yield { word: part.segment, start, end: start + part.segment.length }
    }
  }
}
