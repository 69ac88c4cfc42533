import { describe, expect, it } from 'vitest'
import { resolveCitations } from '../../src/answer/resolve-citations.js'
import { makeHit } from './make-hit.js'

const hits = [
  makeHit(1, 'The heat pump was installed in 2021 by the firm Keller. It cost 12,500 euros and is quiet.'),
  makeHit(2, 'Bread is baked for forty minutes. The crust has to be brown.'),
  makeHit(3, 'The pressure stays between 1.2 and 1.8 bar.'),
]
const markersOf = (answer: string) => resolveCitations(answer, hits).citations.map(({ marker }) => marker)
const verified = (answer: string) =>
  resolveCitations(answer, hits).citations.map((citation) => citation.verified)

describe('markers', () => {
  it.each([
    ['one', 'The pump is quiet [1].', [1]],
    ['two in a row', 'The pump is quiet [1][2].', [1, 2]],
    ['a list', 'The pump is quiet [1, 2].', [1, 2]],
    ['a list with semicolons', 'The pump is quiet [1;3].', [1, 3]],
    ['behind the full stop', 'The pump is quiet. [1] Bread is baked. [2]', [1, 2]],
    ['on a line of its own', 'The pump is quiet.\n[1]', [1]],
    ['at the start', '[2] Bread is baked.', [2]],
    ['one of each sentence', 'The pump is quiet [1]. The crust is brown [2]. Bread is baked [2].', [1, 2, 2]],
    ['twice in a sentence', 'The pump [1] is quiet [1].', [1]],
    ['none', 'The pump is quiet.', []],
    ['a link', 'See [1](https://example.org) there.', []],
    ['a time', 'It rang [10:30] twice.', []],
    ['a footnote of words', 'It is so [sic].', []],
    ['an index of four digits', 'In the year [2021].', []],
  ])('%s', (_, answer, markers) => {
    expect(markersOf(answer)).toEqual(markers)
  })

  it('of passages that were not given go, with the blank before them', () => {
    expect(resolveCitations('The pump is quiet [9]. Bread is baked [2][4] long [0].', hits)).toMatchObject({
      text: 'The pump is quiet. Bread is baked [2] long.',
      citations: [{ marker: 2 }],
    })
    expect(resolveCitations('Quiet [1, 7].', hits).text).toBe('Quiet [1].')
    expect(resolveCitations('Quiet [1].', []).citations).toEqual([])
  })

  it('leave the rest of the answer as it is', () => {
    const answer = 'First:\n\n- quiet [1]\n- brown  [2]\n\nSee [3](x) and [a].'
    expect(resolveCitations(answer, hits).text).toBe(answer)
  })
})

describe('a citation', () => {
  it('names the passage and its document, and quotes the sentence that bears the claim', () => {
    expect(resolveCitations('The crust must be brown [2].', hits).citations).toEqual([
      {
        marker: 2,
        hitId: 'doc2-0',
        documentId: 'doc2',
        title: 'Title 2',
        uri: 'file-2.md',
        location: { kind: 'lines', start: 2, end: 3 },
        quote: 'The crust has to be brown.',
        verified: true,
      },
    ])
  })

  it.each([
    ['the same words', 'The heat pump was installed in 2021 by Keller [1].', true],
    ['most of them', 'Keller installed the heat pump, a fine machine [1].', true],
    ['inflected ones', 'Installing heat pumps: Keller [1].', true],
    ['another year', 'The heat pump was installed in 2020 by Keller [1].', false],
    ['another amount', 'The heat pump cost 12,600 euros [1].', false],
    ['the right amount', 'The heat pump cost 12,500 euros [1].', true],
    ['a number in other digits', 'The pressure stays between 1.2 and 1.9 bar [3].', false],
    ['a number that is part of one there', 'The pressure stays above 1.2 and 8 bar [3].', false],
    ['half of its words', 'The heat pump, a swimming pool [1].', true],
    ['a third of its words', 'The heat pump, a swimming pool, a greenhouse [1].', false],
    ['words of another passage', 'Bread is baked for forty minutes [1].', false],
    ['nothing but function words', 'It is so [1].', false],
  ])('with %s is verified: %s -> %s', (_, answer, expected) => {
    expect(verified(answer)).toEqual([expected])
  })

  it('judges each sentence by itself', () => {
    expect(verified('Keller installed the heat pump [1]. The moon is made of cheese [1].')).toEqual([
      true,
      false,
    ])
  })

  it('does not take its own number for one of the claim', () => {
    expect(verified('The crust has to be brown. [2]')).toEqual([true])
  })

  it('lets title and heading of the passage bear words, but no numbers', () => {
    const titled = makeHit(1, 'It is 40 days.', {
      title: 'Notice period',
      location: { kind: 'lines', start: 1, end: 1, heading: 'Clause 7' },
    })
    const check = (answer: string) => resolveCitations(answer, [titled]).citations[0]?.verified
    expect(check('The notice period is 40 days [1].')).toBe(true)
    expect(check('The notice period is 7 days [1].')).toBe(false)
  })

  it('is made from the snippet where the passage is not at hand', () => {
    const { text: _, ...bare } = makeHit(1, 'The heat pump is quiet.')
    expect(resolveCitations('The heat pump is quiet [1].', [bare]).citations).toMatchObject([
      { quote: 'The heat pump is quiet.', verified: true },
    ])
  })
})

it('is quick with an endless answer', () => {
  const answer = 'The heat pump is quiet [1]. '.repeat(5_000) + '['.repeat(200_000) + ' '.repeat(200_000)
  expect(resolveCitations(answer, hits).citations).toHaveLength(1)
})
