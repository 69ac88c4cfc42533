import type { Notice } from '../types.js'
import type { PageContent } from './pdf-page.js'

/** A page with a larger share of glyphs that stand for no known character is not readable. */
const maxUnknownShare = 0.3

/** What of the pages is left out, for people. */
export function pageNotices(pages: readonly PageContent[], broken: readonly number[], all: number): Notice[] {
  const notices: Notice[] = []
  const add = (code: Notice['code'], numbers: readonly number[], say: (pages: string) => string) => {
    if (numbers.length > 0) notices.push({ code, message: say(pageList(numbers)) })
  }
  const numbersOf = (isSo: (page: PageContent) => boolean) => pages.filter(isSo).map(({ number }) => number)
  const pictures = numbersOf(
    (page) => page.frames.length === 0 && page.notes.length === 0 && page.hasPictures,
  )
  add('NO_TEXT', pictures, (list) => `${pictures.length} of ${all} pages hold only pictures: ${list}`)
  add('PARSE_ERROR', broken, (list) => `${broken.length} of ${all} pages are broken: ${list}`)
  const unreadable = numbersOf((page) => page.unknownGlyphs > maxUnknownShare * page.glyphs)
  add('ENCODING', unreadable, (list) => `The fonts do not tell the characters of most text on page ${list}`)
  const hidden = numbersOf(({ hasHiddenText }) => hasHiddenText)
  add('HIDDEN', hidden, (list) => `Text that is not shown was left out on page ${list}`)
  const cut = numbersOf(({ isCut }) => isCut)
  add('TRUNCATED', cut, (list) => `Only the first part of the text was read on page ${list}`)
  return notices
}

/** `1, 3–5, 9`; ends in `…` when there are many. */
export function pageList(numbers: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  const shown = ranges.slice(0, 10).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`))
  return shown.join(', ') + (ranges.length > shown.length ? ' …' : '')
}
