import { nearestRows } from '../features/nearest-rows.js'
import type { Rows } from '../features/reduce-dimensions.js'
import { sampleRows } from './sample-rows.js'
import { groupRows, settle } from './spherical-k-means.js'

/**
 * What a clear division cuts at most, and by how much more that is of few documents, whose neighbours are farther: divided by the root
 * of their number. Of eight collections of texts, nearly all pairs come apart at 0.08 or less with 640 documents and at 0.19 with 80;
 * most collections by themselves come apart at 0.2 or more with either. (Two encyclopaedias come apart at 0.18 to 0.23, so not at all.)
 */
const CLEAR_CUT = 0.09
const CLEAR_CUT_OF_FEW = 0.6
const MIN_DIVIDED = 4
const NEIGHBOURS = 10
/** Documents by which a division is made and looked at; all are divided by it. */
const SAMPLE = 2_000

/** What leads to a number of groups: the normalised cut of the division that makes the last two of them, from 0. */
export type Candidate = { readonly groups: number; readonly cut: number }

export type Division = {
  /** The group of each member, from 0; -1 in one of fewer than `least`. */
  readonly groups: Int32Array
  /** Number of groups: 1 where nothing divides clearly. */
  readonly count: number
  /** The divisions in their order; the last one was not made where it cuts too much. */
  readonly candidates: readonly Candidate[]
}

type Halves = { readonly cut: number; readonly parts: readonly (readonly number[])[] }
type Part = { readonly members: readonly number[]; readonly halves: Halves | undefined }

/**
 * Divides documents in two, and the parts again, the clearest division first, up to `most` groups of at least `least`, as long as few of
 * the documents' nearest neighbours are on the other side (normalised cut: Shi & Malik 2000; bisecting k-means: Steinbach, Karypis &
 * Kumar 2000). Each part is looked at by itself, in the rows that `rowsOf` gives for it: what sets its documents apart is not what sets
 * it apart from the others.
 */
export function divideClearly(
  members: readonly number[],
  rowsOf: (members: readonly number[]) => Rows,
  { most, least, seed }: { readonly most: number; readonly least: number; readonly seed: number },
  onDivided: (groups: number) => void = () => {},
): Division {
  const look = (some: readonly number[]): Part => ({
    members: some,
    halves: some.length < Math.max(MIN_DIVIDED, 2 * least) ? undefined : halve(some, rowsOf, seed),
  })
  const candidates: Candidate[] = []
  let parts = [look(members)]
  while (parts.length < most) {
    const clearest = parts.reduce((best, part) => (clarity(part) < clarity(best) ? part : best))
    if (clearest.halves === undefined) break
    const { cut, parts: halves } = clearest.halves
    candidates.push({ groups: parts.length + 1, cut: Number(cut.toFixed(4)) })
    if (clarity(clearest) > 1) break
    parts = parts.flatMap((part) => (part === clearest ? halves.map(look) : [part]))
    onDivided(parts.length)
  }
  const large = parts.filter((part) => part.members.length >= least)
  const groupOf = new Map(large.flatMap((part, group) => part.members.map((member) => [member, group])))
  return {
    groups: Int32Array.from(members, (member) => groupOf.get(member) ?? -1),
    count: large.length,
    candidates,
  }
}

/** What dividing a part cuts, by the most that a clear division does: of fewer documents neighbours are farther, and it cuts more. */
function clarity({ members, halves }: Part): number {
  const looked = Math.min(members.length, SAMPLE)
  return (halves?.cut ?? Number.POSITIVE_INFINITY) / (CLEAR_CUT + CLEAR_CUT_OF_FEW / Math.sqrt(looked))
}

function halve(
  members: readonly number[],
  rowsOf: (members: readonly number[]) => Rows,
  seed: number,
): Halves | undefined {
  const rows = rowsOf(members)
  const sample = sampleRows(rows, SAMPLE)
  const grouping = groupRows(sample, 2, seed)
  const { groups } = sample === rows ? grouping : settle(rows, grouping.centroids)
  const parts = [0, 1].map((group) => members.filter((_, row) => groups[row] === group))
  if (parts.some((part) => part.length === 0)) return undefined
  return { cut: normalisedCut(sample, grouping.groups), parts }
}

/**
 * Of two groups, the share of neighbours across by what it would be if they were drawn by lot: 0 for groups that are apart, 1 for
 * such as chance makes.
 */
function normalisedCut(rows: Rows, groups: Int32Array): number {
  const all = [...groups.keys()]
  // Of few rows, groups are smaller than ten neighbours.
  const count = Math.min(NEIGHBOURS, Math.floor(Math.sqrt(rows.size)))
  const nearest = nearestRows(rows, all, all, count).rows
  const across = nearest.reduce(
    (sum, other, at) => sum + (groups[other] === groups[Math.floor(at / count)] ? 0 : 1),
    0,
  )
  const first = all.filter((row) => groups[row] === 0).length / rows.size
  return across / nearest.length / Math.max(2 * first * (1 - first), 1 / rows.size)
}
