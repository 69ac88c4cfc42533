import type { Notice } from '../../types.js'
import type { PageContent } from './pdf-page.js'

/** A page with a larger share of glyphs that stand for no known character is not readable. */
const maxUnknownShare = 0.3

/** What of the pages is left out, for people. */
export function pageNotices(pages: readonly PageContent[], broken: readonly number[], all: number): Notice[] {
  const notices: Notice[] = []
  const add = (code: Notice['code'], numbers: readonly number[], say: (pages: string) => string) => {
    const pages = `${numbers.length === 1 ? 'page' : 'pages'} ${pageList(numbers)}`
    if (numbers.length > 0) notices.push({ code, message: say(pages) })
  }
  const numbersOf = (isSo: (page: PageContent) => boolean) => pages.filter(isSo).map(({ number }) => number)
  const pictures = numbersOf(
    (page) => page.frames.length === 0 && page.notes.length === 0 && page.hasPictures,
  )
  add('NO_TEXT', pictures, (these) => `Nothing but pictures on ${these} of ${all}`)
  add('PARSE_ERROR', broken, (these) => `Broken: ${these} of ${all}`)
  const unreadable = numbersOf((page) => page.unknownGlyphs > maxUnknownShare * page.glyphs)
  add('ENCODING', unreadable, (these) => `The fonts do not tell the characters of most text on ${these}`)
  const hidden = numbersOf(({ hasHiddenText }) => hasHiddenText)
  add('HIDDEN', hidden, (these) => `Text that is not shown was left out on ${these}`)
  const cut = numbersOf(({ isCut }) => isCut)
  add('TRUNCATED', cut, (these) => `Only the first part of the text was read on ${these}`)
  return notices
}

/** `1, 3–5, 9`; ends in `…` when there are many. */
function pageList(numbers: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  const shown = ranges.slice(0, 10).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`))
  return shown.join(', ') + (ranges.length > shown.length ? ' …' : '')
}
