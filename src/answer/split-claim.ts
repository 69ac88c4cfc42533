import type { Lexicon } from '../text/lexicon.js'
import { readStatement, type Statement } from '../text/read-statement.js'

/** Commas, semicolons and conjunctions that may part two statements of one sentence. */
const JOINT =
  /[;；]|,(?!\d)|[，、]|\b(?:and|but|so|because|since|while|und|aber|sowie|weil|y|pero|porque|et|mais)\b/giu
/** Shorter pieces belong to their neighbour. */
const MIN_WORDS = 2

/**
 * The clauses of a claim, as far as punctuation and conjunctions tell; one when there are no more. Whom the first clause
 * speaks of, the others that name nobody speak of too. `lexicon` knows the words read before.
 */
export function splitClaim(claim: string, lexicon: Lexicon): Statement[] {
  const clauses: Statement[] = []
  let start = 0
  const cutAt = (end: number, next: number) => {
    const clause = readStatement(claim.slice(start, end), undefined, lexicon)
    if (!saysSomething(clause)) return
    clauses.push(clause)
    start = next
  }
  for (const { index, 0: joint } of claim.matchAll(JOINT)) cutAt(index, index + joint.length)
  const before = clauses.length
  cutAt(claim.length, claim.length)
  // What is left over says nothing by itself: the claim stays whole.
  if (clauses.length === before) return []
  const subject = clauses[0]?.names.slice(0, 1) ?? []
  return clauses.map((clause) => (clause.names.length > 0 ? clause : { ...clause, names: subject }))
}

/** More than a name or a number. */
function saysSomething({ words, quantities, codes, names }: Statement): boolean {
  const named = new Set(names.flatMap((name) => name.words))
  const ordinary = words.filter(({ folded }) => !named.has(folded)).length
  return ordinary > 0 && words.length + quantities.length + codes.length >= MIN_WORDS
}
