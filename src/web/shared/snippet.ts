import type { Hit } from '../../api/client.js'
import type { Range } from './range.js'

const HEADING_SIGNS = /(?<=^|\s)#{1,6}\s+/g

/** A hit's snippet without the signs of headings, which say nothing here; its marked words move along. */
export function plainSnippet({ snippet, highlights }: Pick<Hit, 'snippet' | 'highlights'>): {
  readonly text: string
  readonly ranges: readonly Range[]
} {
  const cuts = [...snippet.matchAll(HEADING_SIGNS)].map(({ 0: signs, index }) => ({
    end: index + signs.length,
    length: signs.length,
  }))
  const shift = (at: number) =>
    at - cuts.reduce((sum, { end, length }) => (end <= at ? sum + length : sum), 0)
  return {
    text: snippet.replace(HEADING_SIGNS, ''),
    ranges: highlights.map(([start, end]): Range => [shift(start), shift(end)]),
  }
}
