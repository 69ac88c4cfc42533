import { DEFAULT_LANGUAGE, type Term, termOf } from './analyze.js'
import { visitWords } from './segment-words.js'

/** Finds some terms in texts: in order, as `analyze` would give them. */
export type TermFinder = (text: string, language?: string) => Term[]

const ASCII = 128

/**
 * Makes a finder of these terms. Of English, which is most texts, it analyses the words alone that begin as one of the terms
 * does: some in a hundred. `termIn` is `termOf`, or one that remembers.
 */
export function createTermFinder(
  terms: Iterable<string>,
  termIn: (word: string, language: string) => string = termOf,
): TermFinder {
  const wanted = new Set(terms)
  const beginnings = beginningsOf(wanted)
  return (text, language = DEFAULT_LANGUAGE) => {
    const found: Term[] = []
    const isEnglish = language === DEFAULT_LANGUAGE
    visitWords(text, (start, end) => {
      if (isEnglish && !mayBegin(beginnings, text, start, end)) return true
      const term = termIn(text.slice(start, end), language)
      if (wanted.has(term)) found.push({ term, start, end })
      return true
    })
    return found
  }
}

/** 1 for each two letters, `first * 128 + second`, that an English word of ASCII letters with one of the terms may begin with. */
function beginningsOf(terms: ReadonlySet<string>): Uint8Array {
  const beginnings = new Uint8Array(ASCII * ASCII)
  const allow = (first: string, second: string) => {
    for (const a of [first, first.toUpperCase()])
      for (const b of [second, second.toUpperCase()])
        beginnings[a.charCodeAt(0) * ASCII + b.charCodeAt(0)] = 1
  }
  for (const term of terms) {
    const [first = '', second] = term
    if (first === '' || first.charCodeAt(0) >= ASCII || (second?.charCodeAt(0) ?? 0) >= ASCII) continue
    // Porter's algorithm changes endings. They go up to the second letter in words as short as `ays` (`ai`) and `aed` (`a`).
    if (second === undefined) for (let code = 0; code < ASCII; code++) allow(first, String.fromCharCode(code))
    else allow(first, second)
    if (second === 'i') allow(first, 'y')
  }
  return beginnings
}

function mayBegin(beginnings: Uint8Array, text: string, start: number, end: number): boolean {
  if (end - start < 2) return true
  const [first, second] = [text.charCodeAt(start), text.charCodeAt(start + 1)]
  return first >= ASCII || second >= ASCII || beginnings[first * ASCII + second] === 1
}
