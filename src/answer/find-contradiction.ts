import { areOpposed } from '../text/polarity.js'
import { isSameQuantity } from '../text/quantity.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import type { Statement } from '../text/read-statement.js'
import type { AkinWords } from './akin-words.js'
import type { Claim } from './claim.js'
import {
  hasExchangedAmounts,
  hasExchangedNames,
  hasOtherBound,
  hasOtherUnit,
  hasSubstitute,
} from './exchanges.js'
import { statesFormerAmount } from './former-amounts.js'
import { isOtherColumn, isOtherRow } from './table-position.js'

export type Surroundings = {
  /** Headings, the table's head, the document's title. */
  readonly above: readonly Statement[]
  /** What the sentences speak on about. */
  readonly before: readonly Statement[]
  readonly akin: AkinWords
  readonly passage: SourcePassage
}

/**
 * Why sentences or a row say the contrary of a claim although they share its words: a negation on one side only, an
 * opposite or another noun in place of a word, the value of another column or row, numbers exchanged.
 */
export function findContradiction(
  claim: Claim,
  parts: readonly SourcePart[],
  surroundings: Surroundings,
): 'negation' | 'other' | undefined {
  const { akin, passage } = surroundings
  if (isDenied(claim, parts, surroundings)) return 'negation'
  const isOther = parts.some(
    ({ statement, row }) =>
      areOpposed(claim.folded, statement.folded) ||
      hasExchangedAmounts(claim, statement, akin) ||
      (claim.question !== undefined && statesFormerAmount(claim, statement)) ||
      hasExchangedNames(claim, statement, akin) ||
      hasOtherBound(claim, statement) ||
      hasOtherUnit(claim, statement) ||
      hasSubstitute(claim, statement, akin) ||
      (row !== undefined && (isOtherColumn(claim, row, akin) || isOtherRow(claim, row, passage.parts, akin))),
  )
  return isOther ? 'other' : undefined
}

/**
 * Words or numbers of the claim stand under a negation on one side only. A word that both deny makes up for one that only
 * the one does: how far a negation reaches is a guess.
 */
function isDenied(
  claim: Statement,
  parts: readonly SourcePart[],
  { above, before, akin }: Surroundings,
): boolean {
  const own = parts.map(({ statement }) => statement)
  const denied = parts.flatMap((part) => part.denied ?? [])
  const isNegated = claim.words.some(({ negated }) => negated)
  const words = claim.words.map((word) => {
    const negatedIn = (statements: readonly Statement[]) =>
      statements.flatMap((statement) => akin.in(statement, word).map(({ negated }) => negated))
    const places = [
      // A question that is answered with a No is denied as a whole.
      negatedIn(denied).map(() => (isNegated ? word.negated : !word.negated)),
      negatedIn(own),
      negatedIn(before),
      negatedIn(above),
    ]
    return compare(word.negated, places.find((place) => place.length > 0) ?? [])
  })
  const amounts = claim.quantities.map((quantity) =>
    compare(
      quantity.negated,
      own
        .flatMap(({ quantities }) => quantities)
        .filter((other) => isSameQuantity(quantity, other))
        .map(({ negated }) => negated),
    ),
  )
  const all = [...words, ...amounts]
  const count = (outcome: Agreement) => all.filter((each) => each === outcome).length
  const bothDeny = isNegated && own.some((statement) => statement.words.some(({ negated }) => negated))
  return count('contrary') > Math.max(count('both-deny'), bothDeny ? 1 : 0)
}

type Agreement = 'contrary' | 'both-deny' | 'neither'

function compare(negated: boolean, said: readonly boolean[]): Agreement {
  if (said.length === 0) return 'neither'
  if (said.every((other) => other !== negated)) return 'contrary'
  return negated ? 'both-deny' : 'neither'
}
