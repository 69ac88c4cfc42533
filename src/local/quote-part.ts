import { withoutListMark } from '../text/list-mark.js'
import { plainText } from '../text/plain-text.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import type { SourceRow } from '../text/read-row.js'
import { asLine } from '../text/split-passage.js'

const MAX_CHARS = 400
/** An entry of a list may be a heading. */
const HEADING_SIGN = /^\s*#{1,6}\s+/

/**
 * A sentence or row as an answer quotes it: without markup, code as it stands; a row's cells under the heads of its table.
 * Empty when nothing is left.
 */
export function quotePart({ text }: SourcePassage, part: SourcePart): string {
  const surface = text.slice(part.start, part.end)
  const quoted = part.row === undefined ? lineOf(surface, part.isCode) : quoteRow(part.row)
  return /[\p{L}\p{N}]/u.test(quoted) ? endSentence(cutTo(quoted)) : ''
}

function lineOf(surface: string, isCode: boolean): string {
  const line = withoutListMark(asLine(surface))
  return isCode ? line.replace(/\s+/g, ' ').trim() : plainText(line.replace(HEADING_SIGN, ''))
}

function cutTo(quoted: string): string {
  if (quoted.length <= MAX_CHARS) return quoted
  const end = quoted.lastIndexOf(' ', MAX_CHARS)
  return `${quoted.slice(0, end === -1 ? MAX_CHARS : end).replace(/[\ud800-\udbff]$/, '')} …`
}

function quoteRow({ cells, heads }: SourceRow): string {
  return cells
    .map((cell, i) => [plainText(heads[i]?.text ?? ''), plainText(cell.text)] as const)
    .filter(([, cell]) => cell !== '')
    .map(([head, cell]) => (head === '' ? cell : `${head}: ${cell}`))
    .join('; ')
}

function endSentence(text: string): string {
  const whole = text.replace(/[,;，、]$/u, '')
  return /[.!?…。！？:：]["'”’)\]]*$/u.test(whole) ? whole : `${whole}.`
}
