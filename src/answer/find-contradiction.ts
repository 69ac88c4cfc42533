import { isSameQuantity } from '../text/quantity.js'
import type { Span } from '../text/split-sentences.js'
import type { AkinWords } from './akin-words.js'
import { areOpposed } from './polarity.js'
import type { SourcePart, SourcePassage, SourceRow } from './read-passage.js'
import type { Statement } from './read-statement.js'

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
      hasExchangedNumbers(claim, statement) ||
      (row !== undefined && (isOtherColumn(claim, row, akin) || isOtherRow(claim, row, passage, akin))),
  )
  return isOther ? 'other' : undefined
}

/** A word or number of the claim stands under a negation on one side only. */
function isDenied(
  claim: Statement,
  parts: readonly SourcePart[],
  above: readonly Statement[],
  akin: AkinWords,
): boolean {
  const own = parts.map(({ statement }) => statement)
  const denied = parts.flatMap((part) => part.denied ?? [])
  const words = claim.words.some((word) => {
    const negatedIn = (statements: readonly Statement[]) =>
      statements.flatMap((statement) => akin.in(statement, word).map(({ negated }) => negated))
    const inOwn = negatedIn(own)
    const inDenied = negatedIn(denied).map((negated) => !negated)
    const said = inOwn.length > 0 ? inOwn : inDenied.length > 0 ? inDenied : negatedIn(above)
    return said.length > 0 && said.every((negated) => negated !== word.negated)
  })
  const amounts = claim.quantities.some((quantity) => {
    const said = own
      .flatMap(({ quantities }) => quantities)
      .filter((other) => isSameQuantity(quantity, other))
    return said.length > 0 && said.every(({ negated }) => negated !== quantity.negated)
  })
  return words || amounts
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
  { cells, heads }: SourceRow,
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
    ({ row }) => row?.heads === heads && row.cells !== cells && shareNamed(row.cells[0], distinct) > own,
  )
}

/**
 * In a list of names with a number each, the claim has a number with another name: `the Griesalm with 24 beds, the Harrow
 * with 16` says nothing of 24 beds in the Harrow.
 */
function hasExchangedNumbers(claim: Statement, source: Statement): boolean {
  if (source.names.length < 2 || source.quantities.length < 2) return false
  return pairsOf(claim).some(({ name, quantity }) => {
    const around = source.segments.filter((segment) =>
      source.quantities.some((other) => isWithin(other, segment) && isSameQuantity(quantity, other)),
    )
    const isNamed = (segment: Span) =>
      source.names.some(
        (other) => isWithin(other, segment) && other.words.some((word) => name.includes(word)),
      )
    const hasRivalName =
      around.length > 0 && around.every((segment) => !isNamed(segment) && hasName(source, segment))
    const ofName = source.segments.filter(isNamed)
    const hasRivalNumber = ofName.some((segment) =>
      source.quantities.some(
        (other) =>
          isWithin(other, segment) &&
          other.dimension === quantity.dimension &&
          !isSameQuantity(quantity, other),
      ),
    )
    return hasRivalName && hasRivalNumber
  })
}

/** A name and a number between the same commas. */
function pairsOf({ segments, names, quantities }: Statement) {
  return segments.flatMap((segment) =>
    names
      .filter((name) => isWithin(name, segment))
      .flatMap(({ words }) =>
        quantities
          .filter((quantity) => isWithin(quantity, segment))
          .map((quantity) => ({ name: words, quantity })),
      ),
  )
}

function hasName({ names }: Statement, segment: Span): boolean {
  return names.some((name) => isWithin(name, segment))
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}
