import { describe, expect, it } from 'vitest'
import { selectPassages } from '../../src/answer/select-passages.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'
import type { Hit } from '../../src/types.js'
import { makeHit } from './make-hit.js'

const WIDE = { tokens: 10_000, passages: 12 }
const idsOf = (hits: readonly Hit[]) => hits.map(({ id }) => id)
/** Passage `ordinal` of a document, in the lines of its number. */
const part = (ordinal: number, text: string) =>
  makeHit(1, text, {
    id: `doc-${ordinal}`,
    documentId: 'doc',
    location: { kind: 'lines', start: ordinal * 10, end: ordinal * 10 + 9 },
  })
const topics = [
  'heat pumps and how loud they are',
  'bread from the oven',
  'boats in the harbour',
  'bees',
  'skis',
]
const hits = topics.map((topic, i) =>
  makeHit(i + 1, `All that we know of ${topic}. ${'word '.repeat(20)}${i}`),
)

describe('the passages that a question is answered from', () => {
  it('are the best ones, as many and as long as allowed', () => {
    expect(idsOf(selectPassages(hits, WIDE))[0]).toBe('doc1-0')
    expect(selectPassages(hits, WIDE)).toHaveLength(5)
    expect(selectPassages(hits, { tokens: 10_000, passages: 2 })).toHaveLength(2)
    for (const tokens of [40, 80, 100]) {
      const chosen = selectPassages(hits, { tokens, passages: 12 })
      const used = chosen.reduce((sum, { text = '' }) => sum + estimateTokens(text), 0)
      expect(used).toBeLessThanOrEqual(tokens)
      expect(chosen[0]?.id).toBe('doc1-0')
    }
  })

  it('have the first one cut when it alone is too long', () => {
    const long = makeHit(1, 'The pump is quiet. '.repeat(100))
    const [only, ...rest] = selectPassages([long], { tokens: 50, passages: 12 })
    expect(rest).toEqual([])
    expect(estimateTokens(only?.text ?? '')).toBeLessThanOrEqual(50)
    expect(only?.text?.endsWith('quiet.')).toBe(true)
  })

  it('say nothing twice, and rather something else than nearly the same', () => {
    const same = makeHit(2, `${hits[0]?.text} indeed`)
    expect(
      idsOf(
        selectPassages(
          [hits[0], same, hits[2]].flatMap((hit) => hit ?? []),
          WIDE,
        ),
      ),
    ).toEqual(['doc1-0', 'doc3-0'])
    const pump = 'The pump in the cellar is red and very quiet at night.'
    const alike = makeHit(2, 'The pump in the cellar is red and very quiet, say the neighbours.')
    const other = makeHit(3, 'Bread needs forty minutes.')
    const rest = Array.from({ length: 7 }, (_, i) => makeHit(4 + i, `Nothing of that, number ${i}.`))
    const two = selectPassages([makeHit(1, pump), alike, other, ...rest], { tokens: 10_000, passages: 2 })
    expect(idsOf(two)).toEqual(['doc1-0', 'doc3-0'])
  })

  it('are put together where they follow one another, and what overlaps is there once', () => {
    const overlap = 'This sentence stands in both passages.'
    const chosen = selectPassages(
      [
        part(4, `${overlap} Then the roof was made.`),
        hits[1],
        part(3, `First the walls were built. ${overlap}`),
        part(9, 'Bees live there now.'),
      ].flatMap((hit) => hit ?? []),
      WIDE,
    )
    expect(idsOf(chosen)).toEqual(['doc-4', 'doc2-0', 'doc-9'])
    expect(chosen[0]).toMatchObject({
      text: `First the walls were built. ${overlap} Then the roof was made.`,
      location: { kind: 'lines', start: 30, end: 49 },
    })
  })

  it('have no characters that a reader does not see', () => {
    const [only] = selectPassages([makeHit(1, 'qu\u{e0041}i\u200bet')], WIDE)
    expect(only?.text).toBe('quiet')
  })
})
