import { withoutListMark } from '../text/list-mark.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import type { SourceRow } from '../text/read-row.js'

const MAX_CHARS = 400

/**
 * A sentence or row as an answer quotes it: without the marks of lists, emphasis, links and tags; a row's cells under the
 * heads of its table. Empty when nothing is left.
 */
export function quotePart({ text }: SourcePassage, part: SourcePart): string {
  const surface = text.slice(part.start, part.end)
  const quoted = part.row === undefined ? tidy(withoutListMark(surface)) : quoteRow(part.row)
  if (!/[\p{L}\p{N}]/u.test(quoted)) return ''
  const cut = quoted.length <= MAX_CHARS ? quoted : `${quoted.slice(0, quoted.lastIndexOf(' ', MAX_CHARS))} …`
  return endSentence(cut)
}

function quoteRow({ cells, heads }: SourceRow): string {
  return cells
    .map((cell, i) => [tidy(heads[i]?.text ?? ''), tidy(cell.text)] as const)
    .filter(([, cell]) => cell !== '')
    .map(([head, cell]) => (head === '' ? cell : `${head}: ${cell}`))
    .join('; ')
}

function tidy(text: string): string {
  return text
    .replace(/^\s*\|\s*|\s*\|\s*$/g, '')
    .replace(/\s*\|\s*/g, ' | ')
    .replace(/\*\*|__|`/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function endSentence(text: string): string {
  const whole = text.replace(/[,;，、]$/u, '')
  return /[.!?…。！？:：]["'”’)\]]*$/u.test(whole) ? whole : `${whole}.`
}
