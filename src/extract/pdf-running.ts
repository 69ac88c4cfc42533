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
/** Numbers count up; two pages are enough to see that. */
const minNumberedPages = 2
const maxNumbers = 4

type Candidate = { readonly page: number; readonly fragment: Fragment }

/**
 * The headers, footers and page numbers that repeat over the pages, and are to be left out. A text that stands nowhere else
 * is kept where it comes first.
 */
export function findRunningText(pages: readonly PageFragments[]): ReadonlySet<Fragment> {
  const rows = pages.map(marginRowsOf)
  const groups = new Map<string, Candidate[]>()
  for (const [page, fragments] of rows.map((row) => row.flat()).entries()) {
    for (const fragment of new Set(fragments)) {
      const key = keyOf(fragment.text)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [{ page, fragment }])
      else group.push({ page, fragment })
    }
  }
  const running = new Set<Fragment>()
  const firsts: Fragment[] = []
  for (const [key, candidates] of groups) {
    for (const group of groupByPlace(candidates)) {
      const repeated = isNumbering(key)
        ? countingUp(group, minNumberedPages)
        : [...countingUp(group, minPages), ...sameText(group).flatMap(closeTogether)]
      for (const { fragment } of repeated) running.add(fragment)
      if (!isNumbering(key) && repeated[0] !== undefined) firsts.push(repeated[0].fragment)
    }
  }
  firsts.push(...addRest(rows.flat(), running))
  keepWhatIsNowhereElse(pages, firsts, running)
  return running
}

/** What stands beside a running head or page number is one too, though it may change: a section's name. */
function addRest(rows: readonly (readonly Fragment[])[], running: Set<Fragment>): Fragment[] {
  const added = rows
    .filter((row) => row.some((fragment) => running.has(fragment)))
    .flatMap((row) => row.filter((fragment) => !running.has(fragment)))
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

/** Parts those with the same letters by their numbers: "Definition 2" and "Definition 3" say different things. */
function sameText(group: readonly Candidate[]): Candidate[][] {
  const byText = new Map<string, Candidate[]>()
  for (const candidate of group)
    byText.set(candidate.fragment.text, [...(byText.get(candidate.fragment.text) ?? []), candidate])
  return [...byText.values()]
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
  return /^[^\p{L}\p{N}#]*(?:page|seite|página|pagina|pag\.?|p\.|s\.|стр\.?|страница|第)?#(?:[^\p{L}#]*(?:of|von|de|di|sur|van|из)?[^\p{L}#]*#)?(?:ページ|页|頁)?[^\p{L}\p{N}#]*$/u.test(
    key,
  )
}

/** Those with a number that differs from the page's position by the same amount as on other pages. */
function countingUp(group: readonly Candidate[], minimum: number): Candidate[] {
  const byOffset = new Map<number, Candidate[]>()
  for (const candidate of group) {
    for (const offset of new Set(numbersOf(candidate.fragment.text).map((number) => number - candidate.page)))
      byOffset.set(offset, [...(byOffset.get(offset) ?? []), candidate])
  }
  const counted = [...byOffset.values()].filter(
    (same) => new Set(same.map(({ page }) => page)).size >= minimum,
  )
  return [...new Set(counted.flat())]
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
