import { baseOfVerb } from '../text/english-verbs.js'
import type { ContentWord, Statement } from './read-statement.js'

/** Finds the words of a passage that may stand for a word of a claim. */
export type AkinWords = {
  /** The words of the statement that are akin to the claim's word. */
  in(statement: Statement, word: ContentWord): readonly ContentWord[]
  /** Whether any of the statements has one. */
  inAny(statements: readonly Statement[], word: ContentWord): boolean
}

/** Compares every word of a claim with every word of a passage once, so that many stretches can be looked at. */
export function findAkinWords(claim: Statement, vocabulary: readonly ContentWord[]): AkinWords {
  const akin = new Map<string, ReadonlySet<string>>()
  for (const word of claim.words) {
    if (akin.has(word.folded)) continue
    const others = vocabulary.filter((other) => isAkin(word, other)).map(({ folded }) => folded)
    akin.set(word.folded, new Set(others))
  }
  const isOne = (word: ContentWord) => {
    const others = akin.get(word.folded)
    return ({ folded }: ContentWord) => others?.has(folded) ?? false
  }
  return {
    in: ({ words }, word) => words.filter(isOne(word)),
    inAny: (statements, word) => statements.some(({ words }) => words.some(isOne(word))),
  }
}

const MIN_COMPOUND_PART_CHARS = 5
const MIN_STEM_CHARS = 4
const MIN_STEM_SHARE = 0.7

/** The same stem, an inflected form, or one a compound of the other (`Schnee`, `Schneehöhe`). */
export function isAkin(a: ContentWord, b: ContentWord): boolean {
  if (a.term === b.term || baseOfVerb(a.folded) === baseOfVerb(b.folded)) return true
  const [short, long] = a.folded.length <= b.folded.length ? [a.folded, b.folded] : [b.folded, a.folded]
  if (short.length >= MIN_COMPOUND_PART_CHARS) {
    if (long.startsWith(short)) return true
    // Three letters before it make a compound; two, such as `un`, may make the contrary.
    if (long.endsWith(short) && long.length >= short.length + 3) return true
  }
  return short.length >= MIN_STEM_CHARS && commonPrefix(short, long) >= MIN_STEM_SHARE * long.length
}

function commonPrefix(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}
