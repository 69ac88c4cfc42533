import { type Fragment, rowsOf } from './pdf-fragments.js'
import { largest, median, smallest } from './pdf-measures.js'

/** Fewer lines beside one another are no columns. */
const minLines = 3
/** The white between columns is at least this share of the type's height wide: TeX leaves 10 points. */
const minGutter = 0.8
/** Columns begin at few places; and a page of more pieces than this, such as a map, has none. */
const maxEdges = 60
const maxFragments = 5_000
/** Quotation marks and the like hang out of a column by less than this, in points. */
const hang = 3
/** Lines set closer than this, in heights of type, belong to one text. */
const tightPitch = 1.6

/**
 * Fragments from top to bottom with a strip of white between them that none crosses: `from` to before `to` of the list in
 * order of height, parted into what stands left and right of it.
 */
type Gutter = {
  readonly from: number
  readonly to: number
  readonly left: readonly Fragment[]
  readonly right: readonly Fragment[]
}

/**
 * Parts a page into columns and what stands above, between and below them, in reading order: by strips of white, as in
 * T. M. Breuel, "Two Geometric Algorithms for Layout Analysis" (DAS 2002). Whether such a strip parts columns or cells of a
 * table is told by how full the lines on both sides are, and by the order in which they were drawn: programs draw columns one
 * after the other and tables row by row.
 */
export function splitColumns(fragments: readonly Fragment[]): Fragment[][] {
  if (fragments.length === 0) return []
  const sorted = fragments.toSorted((a, b) => a.y - b.y || a.x0 - b.x0)
  const gutter = findGutter(sorted)
  if (gutter === undefined) return [sorted]
  return [sorted.slice(0, gutter.from), gutter.left, gutter.right, sorted.slice(gutter.to)].flatMap(
    splitColumns,
  )
}

/** The gutter between columns with most lines beside it. */
function findGutter(sorted: readonly Fragment[]): Gutter | undefined {
  if (sorted.length < 2 * minLines || sorted.length > maxFragments) return undefined
  const size = median(sorted.map((fragment) => fragment.size))
  let best: Gutter | undefined
  let bestLines = 0
  for (const x of leftEdges(sorted)) {
    for (const gutter of gutterRuns(sorted, x, Math.max(5, minGutter * size))) {
      const lines = Math.min(gutter.left.length, gutter.right.length)
      if (lines > bestLines && areColumns(gutter)) {
        best = gutter
        bestLines = lines
      }
    }
  }
  return best
}

/** Where most fragments begin, two at least, in points; but for the leftmost place. */
function leftEdges(fragments: readonly Fragment[]): number[] {
  const counts = new Map<number, number>()
  for (const { x0 } of fragments) counts.set(Math.floor(x0), (counts.get(Math.floor(x0)) ?? 0) + 1)
  const leftmost = smallest(counts.keys())
  // A column may begin on either side of a full point.
  const edges = [...counts.keys()].map((x) => ({ x, count: (counts.get(x) ?? 0) + (counts.get(x + 1) ?? 0) }))
  return edges
    .filter(({ x, count }) => x > leftmost && count >= 2)
    .sort((a, b) => b.count - a.count || a.x - b.x)
    .slice(0, maxEdges)
    .map(({ x }) => x)
}

/** The longest runs of fragments that leave free a strip of the given width to the left of `x`. */
function gutterRuns(sorted: readonly Fragment[], x: number, width: number): Gutter[] {
  const runs: Gutter[] = []
  let from = 0
  const close = (to: number) => {
    const run = to - from >= 2 * minLines ? trimRun(sorted.slice(from, to), from, x) : undefined
    if (run !== undefined) runs.push(run)
    from = to + 1
  }
  for (const [i, { x0, x1 }] of sorted.entries()) {
    if (x0 < x - hang && x1 > x - width) close(i)
  }
  close(sorted.length)
  return runs
}

/**
 * Leaves out what stands on one side only, above the right column or below the left one, where it is set apart: a date above
 * a letter is read before it and is not the beginning of a column.
 */
function trimRun(run: readonly Fragment[], from: number, x: number): Gutter | undefined {
  const isRight = ({ x0 }: Fragment) => x0 >= x - hang
  const isLeft = (fragment: Fragment) => !isRight(fragment)
  const firstLeft = run.findIndex(isLeft)
  const lastRight = run.findLastIndex(isRight)
  if (firstLeft < 0 || lastRight < 0) return undefined
  const nextRight = run.slice(firstLeft).find(isRight)
  const lead = nextRight === undefined ? [] : [...run.slice(0, firstLeft), nextRight]
  const first = continuousCount(lead) === lead.length ? 0 : firstLeft
  const lastLeft = run.slice(0, lastRight).findLast(isLeft)
  const tail = lastLeft === undefined ? [] : [lastLeft, ...run.slice(lastRight + 1)]
  const last = lastRight + Math.max(1, continuousCount(tail))
  const left = run.slice(first, last).filter(isLeft)
  const right = run.slice(first, last).filter(isRight)
  if (left.length < minLines || right.length < minLines) return undefined
  return { from: from + first, to: from + last, left, right }
}

/** How many fragments from the first on follow one another at the distance of lines or paragraphs. */
function continuousCount(fragments: readonly Fragment[]): number {
  for (let i = 1; i < fragments.length; i++) {
    const [above, below] = [fragments[i - 1], fragments[i]]
    if (
      above !== undefined &&
      below !== undefined &&
      below.y - above.y > 2.2 * Math.max(above.size, below.size)
    )
      return i
  }
  return fragments.length
}

type Side = {
  readonly rows: number
  /** Width of the widest. */
  readonly width: number
  /** Median width of a row as a share of the widest. */
  readonly fill: number
  /** Median letters of a row. */
  readonly letters: number
  /** Share of letters among what is not white space. */
  readonly letterShare: number
  /** Share of rows that follow the one above at the distance of lines of a text. */
  readonly tightness: number
}

function areColumns({ left, right }: Gutter): boolean {
  const [a, b] = [describeSide(left), describeSide(right)]
  const rows = Math.min(a.rows, b.rows)
  const changes = countChanges(left, right)
  const isDrawnByColumn = changes <= Math.max(2, 0.1 * rows)
  if (isDrawnByColumn) {
    if (isProse(a) && isProse(b)) return true
    const isEven = Math.abs(a.width - b.width) <= 0.25 * Math.max(a.width, b.width)
    const isList = (side: Side) => side.rows >= 6 && side.tightness >= 0.7 && side.letterShare >= 0.6
    return (isEven && isList(a) && isList(b)) || isSidebar(a, b) || isSidebar(b, a)
  }
  // Drawn line by line across the page: columns only where it could not be anything else.
  const isFull = (side: Side) =>
    isProse(side) && side.letters >= 25 && side.fill >= 0.75 && side.tightness >= 0.8
  return changes >= 1.2 * rows && isFull(a) && isFull(b)
}

function isProse(side: Side): boolean {
  return side.letters >= 15 && side.letterShare >= 0.7 && side.fill >= 0.55 && side.tightness >= 0.5
}

function isSidebar(narrow: Side, wide: Side): boolean {
  return (
    isProse(wide) &&
    narrow.rows >= 4 &&
    narrow.letters >= 8 &&
    narrow.letterShare >= 0.7 &&
    narrow.tightness >= 0.6
  )
}

function describeSide(fragments: readonly Fragment[]): Side {
  const rows = rowsOf(fragments)
  const texts = rows.map((row) => row.map(({ text }) => text).join(''))
  const widths = rows.map((row) => largest(row.map(({ x1 }) => x1)) - smallest(row.map(({ x0 }) => x0)))
  const letters = texts.map((text) => text.match(/\p{L}/gu)?.length ?? 0)
  const characters = texts.reduce((sum, text) => sum + text.replace(/\s/g, '').length, 0)
  let tight = 0
  for (let i = 1; i < rows.length; i++) {
    const [above, below] = [rows[i - 1]?.[0], rows[i]?.[0]]
    if (above !== undefined && below !== undefined && below.y - above.y <= tightPitch * below.size) tight++
  }
  const width = largest(widths)
  return {
    rows: rows.length,
    width,
    fill: width === 0 ? 0 : median(widths) / width,
    letters: median(letters),
    letterShare: characters === 0 ? 0 : letters.reduce((sum, count) => sum + count, 0) / characters,
    tightness: rows.length < 2 ? 0 : tight / (rows.length - 1),
  }
}

/** How often the drawing went from one side to the other. */
function countChanges(left: readonly Fragment[], right: readonly Fragment[]): number {
  const drawn = [
    ...left.map(({ order }) => ({ order, isLeft: true })),
    ...right.map(({ order }) => ({ order, isLeft: false })),
  ].sort((a, b) => a.order - b.order)
  let changes = 0
  for (let i = 1; i < drawn.length; i++) if (drawn[i]?.isLeft !== drawn[i - 1]?.isLeft) changes++
  return changes
}
