import { groupBy } from './group-by.js'
import { type Fragment, rowsOf } from './pdf-fragments.js'

/** The fragments of a page's main writing direction, and how high the page is in it. */
export type PageFragments = {
  readonly fragments: readonly Fragment[]
  readonly top: number
  readonly bottom: number
}

/** Running heads stand within this share of the page's height from its edges, in the outermost rows. */
const marginShare = 0.18
const marginRows = 3
/** Points by which the place of a running head differs from page to page. */
const shift = 3
const minPages = 3
const maxPageStep = 3
const maxNumbers = 4
const maxNumberingChars = 30

type Candidate = { readonly page: number; readonly fragment: Fragment }

/**
 * The headers, footers and page numbers that repeat over the pages, and are to be left out. A text that stands nowhere else
 * is kept where it comes first.
 */
export function findRunningText(pages: readonly PageFragments[]): ReadonlySet<Fragment> {
  const rows = pages.map(marginRowsOf)
  const candidates = rows.flatMap((row, page) => row.flat().map((fragment) => ({ page, fragment })))
  const running = new Set<Fragment>()
  const firsts: Fragment[] = []
  for (const [key, alike] of groupBy(candidates, ({ fragment }) => keyOf(fragment.text))) {
    for (const group of groupByPlace(alike)) {
      const repeated = isNumbering(key) ? pageNumbers(group) : repeatedText(group)
      for (const { fragment } of repeated) running.add(fragment)
      if (!isNumbering(key) && repeated[0] !== undefined) firsts.push(repeated[0].fragment)
    }
  }
  const rest = addRest(rows.flat(), running)
  keepWhatIsNowhereElse(pages, [...firsts, ...rest], running)
  return running
}

/** Words beside a running head or page number are one too, though they may change: a section's name. */
function addRest(rows: readonly (readonly Fragment[])[], running: Set<Fragment>): Fragment[] {
  const added = rows
    .filter((row) => row.some((fragment) => running.has(fragment)))
    .flatMap((row) => row.filter((fragment) => !running.has(fragment) && lettersOf(fragment.text) !== ''))
  for (const fragment of added) running.add(fragment)
  return added
}

/** The outermost rows at the head and foot of a page. */
function marginRowsOf({ fragments, top, bottom }: PageFragments): Fragment[][] {
  const margin = marginShare * (bottom - top)
  const rows = rowsOf(fragments)
  const heads = rows.slice(0, marginRows).filter(([first]) => first !== undefined && first.y < top + margin)
  const feet = rows.slice(-marginRows).filter(([first]) => first !== undefined && first.y > bottom - margin)
  return [...new Set([...heads, ...feet])]
}

function pageNumbers(group: readonly Candidate[]): Candidate[] {
  // On two pages these must be their own numbers; more of them count up from any.
  return countingUp(group, (same, offset) => same >= minPages || (same === minPages - 1 && offset === 1))
}

/** The same text, or one with the number of the page. "Definition 2" and "Definition 3" are neither. */
function repeatedText(group: readonly Candidate[]): Candidate[] {
  const numbered = countingUp(group, (same) => same >= minPages)
  const same = [...groupBy(group, ({ fragment }) => fragment.text).values()]
  return [...new Set([...numbered, ...same.flatMap(closeTogether)])]
}

/** Those of at least so many pages that follow one another, or every other or third page. */
function closeTogether(group: readonly Candidate[]): Candidate[] {
  const runs: Candidate[][] = []
  for (const candidate of group) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run === undefined || last === undefined || candidate.page - last.page > maxPageStep)
      runs.push([candidate])
    else run.push(candidate)
  }
  return runs.filter((run) => new Set(run.map(({ page }) => page)).size >= minPages).flat()
}

/** The text without what differs from page to page. */
function keyOf(text: string): string {
  const letters = text.toLowerCase().replace(/\s+/g, '')
  return /^[ivxlc]+$/.test(letters) ? '#' : letters.replace(/\d+/g, '#')
}

/** Parts the candidates with the same text by their height on the page. */
function groupByPlace(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = []
  for (const candidate of candidates) {
    const group = groups.find(
      ([first]) => first !== undefined && Math.abs(first.fragment.y - candidate.fragment.y) <= shift,
    )
    if (group === undefined) groups.push([candidate])
    else group.push(candidate)
  }
  return groups
}

/** `12`, `- 12 -`, `Page 3 of 12`, `iv`. */
function isNumbering(key: string): boolean {
  if (key.length > maxNumberingChars) return false
  return /^[^\p{L}\p{N}#]*(?:page|seite|página|pagina|pag\.?|p\.|s\.|стр\.?|страница|第)?#(?:[^\p{L}#]*(?:of|von|de|di|sur|van|из)?[^\p{L}#]*#)?(?:ページ|页|頁)?[^\p{L}\p{N}#]*$/u.test(
    key,
  )
}

/** Those with a number that differs from the page's position by the same amount (`offset`) as on enough other pages. */
function countingUp(
  group: readonly Candidate[],
  areEnough: (pages: number, offset: number) => boolean,
): Candidate[] {
  const offsets = group.flatMap((candidate) =>
    numbersOf(candidate.fragment.text).map((number) => ({ candidate, offset: number - candidate.page })),
  )
  const counted = [...groupBy(offsets, ({ offset }) => offset)]
    .map(([offset, same]) => ({ offset, same: same.map(({ candidate }) => candidate) }))
    .filter(({ offset, same }) => areEnough(new Set(same.map(({ page }) => page)).size, offset))
  return [...new Set(counted.flatMap(({ same }) => same))]
}

function numbersOf(text: string): number[] {
  const digits = text.match(/\d+/g)?.map(Number) ?? [romanNumber(text.trim().toLowerCase())]
  return digits.filter((number) => !Number.isNaN(number)).slice(0, maxNumbers)
}

function romanNumber(text: string): number {
  const values: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 }
  let sum = 0
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charAt(i)] ?? Number.NaN
    sum += value < (values[text.charAt(i + 1)] ?? 0) ? -value : value
  }
  return sum
}

/** Takes the first of each running text back where its words stand nowhere else, and all of a page that has nothing else. */
function keepWhatIsNowhereElse(
  pages: readonly PageFragments[],
  firsts: readonly Fragment[],
  running: Set<Fragment>,
): void {
  const elsewhere = new Set<string>()
  for (const { fragments } of pages) {
    const rest = fragments.filter((fragment) => !running.has(fragment))
    for (const { text } of rest) elsewhere.add(lettersOf(text))
    if (rest.length === 0)
      for (const fragment of fragments) if (!isNumbering(keyOf(fragment.text))) running.delete(fragment)
  }
  for (const first of firsts) {
    if (!elsewhere.has(lettersOf(first.text))) running.delete(first)
  }
}

function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}]+/gu, '')
}
