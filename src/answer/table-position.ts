import { isSameQuantity, type Quantity } from '../text/quantity.js'
import type { SourcePart } from '../text/read-passage.js'
import type { SourceRow } from '../text/read-row.js'
import type { Statement } from '../text/read-statement.js'
import type { AkinWords } from './akin-words.js'

/** Who names so many heads says the row as a whole. */
const MANY_COLUMNS = 2

/** Whether a claim names the head of another column than the one its value stands in. */
export function isOtherColumn(claim: Statement, { cells, heads }: SourceRow, akin: AkinWords): boolean {
  const columnsOf = (quantity: Quantity) =>
    cells.flatMap((cell, i) =>
      i > 0 && cell.quantities.some((other) => isSameQuantity(quantity, other)) ? [i] : [],
    )
  const claimed = claim.quantities.map(columnsOf)
  const held = new Set(claimed.flat())
  return claimed.some((columns) => {
    const [at] = columns
    if (at === undefined) return false
    const isNamed = (i: number) => namesHead(claim, heads[i], heads[at], akin)
    const others = heads.flatMap((_, i) => (i > 0 && !columns.includes(i) && isNamed(i) ? [i] : []))
    // Of several amounts each may have the column of the other one in view.
    const isForeign = others.some((i) => !held.has(i))
    return isForeign && others.length < MANY_COLUMNS && !columns.some(isNamed)
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

/** Whether a claim names what another row of the table begins with rather than this one. */
export function isOtherRow(
  claim: Statement,
  { cells, table }: SourceRow,
  parts: readonly SourcePart[],
  akin: AkinWords,
): boolean {
  const shareNamed = (label: Statement | undefined, by: Statement['words']) => {
    const words = new Set(label?.words.map(({ folded }) => folded))
    const named = by.flatMap((word) => (label === undefined ? [] : akin.in(label, word)))
    return words.size === 0 ? 0 : new Set(named.map(({ folded }) => folded)).size / words.size
  }
  // What stands in this row too names no other one by itself.
  const distinct = claim.words.filter((word) => !akin.inAny(cells, word))
  const own = shareNamed(cells[0], claim.words)
  return parts.some(
    ({ row }) =>
      row?.table === table &&
      row.cells !== cells &&
      shareNamed(row.cells[0], distinct) > 0 &&
      shareNamed(row.cells[0], claim.words) > own,
  )
}
