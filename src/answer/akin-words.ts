import { areAkin } from '../text/are-akin.js'
import type { ContentWord, Statement } from '../text/read-statement.js'

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
    const others = vocabulary.filter((other) => areAkin(word, other)).map(({ folded }) => folded)
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
