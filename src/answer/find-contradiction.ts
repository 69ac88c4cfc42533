import { isSameQuantity } from '../text/quantity.js'
import type { Span } from '../text/split-sentences.js'
import type { AkinWords } from './akin-words.js'
import { areOpposed } from './polarity.js'
import type { SourcePart, SourcePassage, SourceRow } from './read-passage.js'
import type { Amount, Statement } from './read-statement.js'

/** Words more around another amount than around the one that the claim has. */
const MIN_WORDS_OF_RIVAL = 2

export type Surroundings = {
  /** Headings, the table's head, the document's title. */
  readonly above: readonly Statement[]
  readonly akin: AkinWords
  readonly passage: SourcePassage
}

/**
 * Why sentences or a row say the contrary of a claim although they share its words: a negation on one side only, an
 * opposite in place of a word, the value of another column or row, the numbers of two names exchanged.
 */
export function findContradiction(
  claim: Statement,
  parts: readonly SourcePart[],
  { above, akin, passage }: Surroundings,
): 'negation' | 'other' | undefined {
  if (isDenied(claim, parts, above, akin)) return 'negation'
  const isOther = parts.some(
    ({ statement, row }) =>
      areOpposed(claim.folded, statement.folded) ||
      hasExchangedNumbers(claim, statement, akin) ||
      (row !== undefined && (isOtherColumn(claim, row, akin) || isOtherRow(claim, row, passage, akin))),
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
  above: readonly Statement[],
  akin: AkinWords,
): boolean {
  const own = parts.map(({ statement }) => statement)
  const denied = parts.flatMap((part) => part.denied ?? [])
  const words = claim.words.map((word) => {
    const negatedIn = (statements: readonly Statement[]) =>
      statements.flatMap((statement) => akin.in(statement, word).map(({ negated }) => negated))
    const inOwn = negatedIn(own)
    const inDenied = negatedIn(denied).map((negated) => !negated)
    return compare(word.negated, inOwn.length > 0 ? inOwn : inDenied.length > 0 ? inDenied : negatedIn(above))
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
  return count('contrary') > count('both-deny')
}

type Agreement = 'contrary' | 'both-deny' | 'neither'

function compare(negated: boolean, said: readonly boolean[]): Agreement {
  if (said.length === 0) return 'neither'
  if (said.every((other) => other !== negated)) return 'contrary'
  return negated ? 'both-deny' : 'neither'
}

/** The claim names the head of another column than the one its value stands in. */
function isOtherColumn(claim: Statement, { cells, heads }: SourceRow, akin: AkinWords): boolean {
  return claim.quantities.some((quantity) => {
    const at = cells.findIndex(
      (cell, i) => i > 0 && cell.quantities.some((other) => isSameQuantity(quantity, other)),
    )
    const isNamed = (i: number) => namesHead(claim, heads[i], heads[at], akin)
    return at > 0 && !isNamed(at) && heads.some((_, i) => i > 0 && i !== at && isNamed(i))
  })
}

/** By what tells a head from another one. */
function namesHead(
  claim: Statement,
  head: Statement | undefined,
  other: Statement | undefined,
  akin: AkinWords,
): boolean {
  if (head === undefined) return false
  const distinct = new Set(
    head.words.map(({ folded }) => folded).filter((word) => head === other || !other?.folded.includes(word)),
  )
  const isNamed = claim.words.some((word) => akin.in(head, word).some(({ folded }) => distinct.has(folded)))
  return isNamed || claim.quantities.some((a) => head.quantities.some((b) => isSameQuantity(a, b)))
}

/** The claim names what another row of the table begins with rather than this one. */
function isOtherRow(
  claim: Statement,
  { cells, table }: SourceRow,
  { parts }: SourcePassage,
  akin: AkinWords,
): boolean {
  const shareNamed = (label: Statement | undefined, by: Statement['words']) => {
    const words = new Set(label?.words.map(({ folded }) => folded))
    const named = by.flatMap((word) => (label === undefined ? [] : akin.in(label, word)))
    return words.size === 0 ? 0 : new Set(named.map(({ folded }) => folded)).size / words.size
  }
  // What stands in this row too names no other one.
  const distinct = claim.words.filter((word) => !akin.inAny(cells, word))
  const own = shareNamed(cells[0], claim.words)
  return parts.some(
    ({ row }) => row?.table === table && row.cells !== cells && shareNamed(row.cells[0], distinct) > own,
  )
}

/**
 * Where a sentence gives several amounts of a kind, the claim has one with the words of another: `34 euros per minute of
 * flight, and the approach is a lump sum of 390 euros` says nothing of 390 euros per minute; `the Griesalm with 24 beds,
 * the Harrow with 16` nothing of 24 beds in the Harrow.
 */
function hasExchangedNumbers(claim: Statement, source: Statement, akin: AkinWords): boolean {
  return claim.quantities.some((quantity) => {
    const isRival = (other: Amount) =>
      other.dimension === quantity.dimension && !claim.quantities.some((each) => isSameQuantity(each, other))
    const wordsAround = (isMeant: (amount: Amount) => boolean) => {
      const amounts = source.quantities.filter(isMeant)
      const segments = source.segments.filter((segment) =>
        amounts.some((amount) => isWithin(amount, segment)),
      )
      const counts = segments.map(
        (segment) =>
          claim.words.filter((word) => akin.in(source, word).some((other) => isWithin(other, segment)))
            .length,
      )
      return Math.max(-1, ...counts)
    }
    const own = wordsAround((other) => isSameQuantity(quantity, other))
    return own >= 0 && wordsAround(isRival) >= own + MIN_WORDS_OF_RIVAL
  })
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}
