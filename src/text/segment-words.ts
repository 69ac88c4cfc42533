/** A word as it stands in a text. `start` and `end` are UTF-16 offsets. */
export type Word = { readonly word: string; readonly start: number; readonly end: number }

/** Letters, digits and combining marks in a row. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu
export const NOT_ASCII = /[^\0-\x7f]/
/** The same among the characters of ASCII: 1 for each of a word. */
const IN_ASCII_RUN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0,
)
/** Scripts written without spaces between words. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const wordSegmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** Takes the offsets of a word, and says whether to go on. */
export type VisitWord = (start: number, end: number) => boolean

/** The words of a text in order; scripts without spaces are cut by ICU's dictionaries. */
export function segmentWords(text: string): Word[] {
  const words: Word[] = []
  visitWords(text, (start, end) => {
    words.push({ word: text.slice(start, end), start, end })
    return true
  })
  return words
}

/** The same, word by word. */
export function visitWords(text: string, visit: VisitWord): void {
  if (NOT_ASCII.test(text)) visitRuns(text, visit)
  else visitAsciiRuns(text, visit)
}

/** A fifth of the time that an expression takes. */
function visitAsciiRuns(text: string, visit: VisitWord): void {
  let start = -1
  for (let at = 0; at < text.length; at++) {
    if (IN_ASCII_RUN[text.charCodeAt(at)] === 1) {
      if (start < 0) start = at
    } else if (start >= 0) {
      if (!visit(start, at)) return
      start = -1
    }
  }
  if (start >= 0) visit(start, text.length)
}

function visitRuns(text: string, visit: VisitWord): void {
  const mayBeSpaceless = SPACELESS.test(text)
  for (const match of text.matchAll(RUN)) {
    const run = match[0]
    if (!mayBeSpaceless || !SPACELESS.test(run)) {
      if (!visit(match.index, match.index + run.length)) return
      continue
    }
    for (const part of wordSegmenter.segment(run)) {
      const start = match.index + part.index
      if (!visit(start, start + part.segment.length)) return
    }
  }
}
