import { foldWord } from './fold-word.js'
import { isCalendarWord } from './read-dates.js'

const MARK = /^\s*(?:[-*+•>]|\d{1,3}[.)])\s+/
const FIRST_WORD = /^\p{L}+/u

/** Whether a line is an entry of a list. */
export function hasListMark(line: string): boolean {
  return withoutListMark(line) !== line
}

/** A line without the mark of a list at its start: `- `, `2. `. The day of `28. Juni` is none. */
export function withoutListMark(line: string): string {
  const mark = MARK.exec(line)?.[0] ?? ''
  const rest = line.slice(mark.length)
  const next = /\d/.test(mark) ? FIRST_WORD.exec(rest)?.[0] : undefined
  return next !== undefined && isCalendarWord(foldWord(next)) ? line : rest
}
