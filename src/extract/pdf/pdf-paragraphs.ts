import { splitColumns } from './pdf-columns.js'
import { type Line, toLines } from './pdf-lines.js'
import { markerKind, startsBullet, startsItem } from './pdf-lists.js'
import { largest, median, smallest } from './pdf-measures.js'
import { findTables } from './pdf-tables.js'

/** Lines that belong together. */
export type Paragraph = {
  readonly kind: 'text' | 'item' | 'table' | 'code'
  readonly lines: readonly Line[]
  /** Indices of the lines that begin anew because the writer wanted it so, and not because the line above was full. */
  readonly forced: ReadonlySet<number>
}

/** Lines this much further apart than usual (as a factor) begin a new paragraph. */
const paragraphGap = 1.25
/** Indentation from this share of the type's height on means something. */
const indent = 0.8
/** Room for a word needs a space as well, in heights of type. */
const spaceWidth = 0.35
/** Lines of a part that is narrower than this share of its column end where the writer wanted it. */
const narrowShare = 0.6
/** And they do not fill it, but for this share of it at most. */
const filledShare = 0.75
/** Sizes of type that differ by less, as a share, are the same. */
const sizeTolerance = 0.06

/** Groups the lines of a column to paragraphs, items of lists, tables and code, from top to bottom. */
export function groupLines(lines: readonly Line[]): Paragraph[] {
  let from = 0
  const parts = findTables(lines).map((table) => {
    const text = groupText(lines.slice(from, table.from))
    from = table.to
    return [...text, ...readTable(lines.slice(table.from, table.to))]
  })
  return [...parts.flat(), ...groupText(lines.slice(from))]
}

/** What looks like a table may be short columns side by side. */
function readTable(lines: readonly Line[]): Paragraph[] {
  const columns = splitColumns(lines.flatMap(({ cells }) => cells))
  if (columns.length < 2) return [wholeParagraph('table', lines)]
  return columns.flatMap((column) => groupText(toLines(column)))
}

function groupText(lines: readonly Line[]): Paragraph[] {
  const column = extentOf(lines)
  return splitAtGaps(lines).flatMap((group) =>
    isCode(group) ? [wholeParagraph('code', group)] : splitAtIndents(group, column),
  )
}

function wholeParagraph(kind: 'table' | 'code' | 'text', lines: readonly Line[]): Paragraph {
  return { kind, lines, forced: new Set() }
}

/** Type of one width is used for programs; addresses of the web are set in it too. */
function isCode(lines: readonly Line[]): boolean {
  return (
    lines.length > 1 &&
    lines.every(({ isMonospaced, text }) => isMonospaced && !startsItem(text)) &&
    !lines.every(({ text }) => /[:/]\/|^www\./.test(text) || !/\s/.test(text))
  )
}

/** Parts where the distance between two lines, or the type, changes. */
function splitAtGaps(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = []
  const usual = usualPitch(lines)
  for (const [i, line] of lines.entries()) {
    const above = lines[i - 1]
    const group = groups.at(-1)
    const isNew =
      above === undefined ||
      isGap(above, line, usual) ||
      isOtherType(above, line) ||
      // A single line of another kind of type is part of the text around it.
      (above.isMonospaced !== line.isMonospaced && beginsRun(lines, i) && endsRun(lines, i - 1))
    if (group === undefined || isNew) groups.push([line])
    else group.push(line)
  }
  return groups
}

/** The usual distance of lines, in heights of type. */
function usualPitch(lines: readonly Line[]): number {
  const pitches: number[] = []
  for (let i = 1; i < lines.length; i++) {
    const [above, line] = [lines[i - 1], lines[i]]
    if (above === undefined || line === undefined || isOtherType(above, line)) continue
    const pitch = (line.y - above.y) / line.size
    if (pitch > 0.8 && pitch < 2.2) pitches.push(pitch)
  }
  return pitches.length === 0 ? 1.2 : median(pitches)
}

function isGap(above: Line, line: Line, usual: number): boolean {
  const pitch = (line.y - above.y) / Math.max(above.size, line.size)
  return pitch > paragraphGap * usual || pitch < 0
}

function isOtherType(above: Line, line: Line): boolean {
  return (
    Math.abs(above.size - line.size) > sizeTolerance * Math.max(above.size, line.size) ||
    // Bold or italic type that begins or ends within a line belongs to the sentence.
    (above.isBold !== line.isBold && above.endsBold !== line.startsBold) ||
    (above.isItalic !== line.isItalic && above.endsItalic !== line.startsItalic)
  )
}

function beginsRun(lines: readonly Line[], at: number): boolean {
  return lines[at]?.isMonospaced === lines[at + 1]?.isMonospaced
}

function endsRun(lines: readonly Line[], at: number): boolean {
  return at === 0 || lines[at]?.isMonospaced === lines[at - 1]?.isMonospaced
}

type Extent = { readonly left: number; readonly right: number }

function extentOf(lines: readonly Line[]): Extent {
  return { left: smallest(lines.map(({ x0 }) => x0)), right: largest(lines.map(({ x1 }) => x1)) }
}

/** Parts lines of equal distance and type by their indentation, by marks of lists, and by lines that end early. */
function splitAtIndents(lines: readonly Line[], column: Extent): Paragraph[] {
  if (areCentred(lines)) return [wholeParagraph('text', lines)]
  const own = extentOf(lines)
  const isNarrow = own.right - own.left < narrowShare * (column.right - column.left)
  const { right } = isNarrow && areRagged(lines, own) ? column : own
  const paragraphs: { kind: 'text' | 'item'; lines: Line[]; forced: Set<number> }[] = []
  for (const [i, line] of lines.entries()) {
    const above = lines[i - 1]
    const open = paragraphs.at(-1)
    const isForced = above !== undefined && isForcedBreak(above, line, right)
    const isItem = startsItem(line.text) && opensItem(open?.lines, line, above, isForced)
    if (above === undefined || open === undefined || isItem || beginsParagraph(open.lines, line, isForced)) {
      paragraphs.push({ kind: isItem ? 'item' : 'text', lines: [line], forced: new Set() })
    } else {
      if (isForced) open.forced.add(open.lines.length)
      open.lines.push(line)
    }
  }
  return paragraphs
}

/** The first word would have fitted on the line above, or that is one of a table of contents. */
function isForcedBreak(above: Line, line: Line, right: number): boolean {
  if (/\p{L}[-\u2010\u00ad]$/u.test(above.text)) return false
  return right - above.x1 > line.firstWidth + spaceWidth * line.size || /… [\divxlc]+$/.test(above.text)
}

function areRagged(lines: readonly Line[], { left, right }: Extent): boolean {
  return lines.slice(0, -1).some(({ x1 }) => x1 - left < filledShare * (right - left))
}

function areCentred(lines: readonly Line[]): boolean {
  const [first] = lines
  if (first === undefined || lines.length < 2) return false
  const middle = first.x0 + first.x1
  const lefts = lines.map(({ x0 }) => x0)
  const isRagged = largest(lefts) - smallest(lefts) > indent * first.size
  return isRagged && lines.every(({ x0, x1, size }) => Math.abs(x0 + x1 - middle) < 0.3 * size)
}

/** A mark at the start of a line is one of a list unless the line just goes on with it, as with "see section / 3. Then". */
function opensItem(
  open: readonly Line[] | undefined,
  line: Line,
  above: Line | undefined,
  isForced: boolean,
): boolean {
  if (open === undefined || above === undefined || isForced || startsBullet(line.text)) return true
  const [first] = open
  if (first !== undefined && markerKind(first.text) === markerKind(line.text)) return true
  return Math.abs(line.x0 - above.x0) > 0.3 * line.size
}

function beginsParagraph(open: readonly Line[], line: Line, isForced: boolean): boolean {
  const above = open.at(-1) ?? line
  if (isForced && /[.!?:;。！？：；…]["'”’»)\]]*$/u.test(above.text)) return true
  const step = indent * line.size
  // Behind an indented first line the text goes on; behind indented further lines, or a block, something new begins.
  if (line.x0 < above.x0 - step) return open.length > 1
  // Below one line that is full, indented lines go on with it, as in lists of references.
  return line.x0 > above.x0 + step && (open.length > 1 || isForced)
}
