import { expect, test } from 'vitest'
import { collapseAlike } from '../../src/search/collapse-alike.js'
import { editEvery, wordSource } from '../corpus/texts.js'
import { conceptEmbedder, searcherOf, storeOf } from './small-index.js'

const words = wordSource(1)
const [one, other] = [words(60), words(60)]

test('keeps the first of each that say the same', () => {
  const texts = [one, other, editEvery(one, 20), `${words(30)} ${other}`, 'short', 'short', 'short one']
  const collapsed = collapseAlike(texts.map((text, at) => ({ chunk: { text }, at })))
  expect(collapsed.map(({ item, duplicates }) => [item.at, duplicates.map(({ at }) => at)])).toEqual([
    [0, [2]],
    [1, [3]],
    [4, [5]],
    [6, []],
  ])
})

test('a search shows near-duplicates once and goes on to further hits', async () => {
  const copies = Array.from({ length: 12 }, (_, i) => ({ id: `copy ${i}`, passages: [`walrus ${one} ${i}`] }))
  const store = await storeOf(
    [...copies, { id: 'last', passages: [`${words(80)} walrus`] }],
    conceptEmbedder(),
  )
  const searcher = searcherOf(store, conceptEmbedder())
  const plain = await searcher.search({ query: 'walrus', mode: 'keyword', limit: 5 })
  expect(plain.hits.every(({ duplicates }) => duplicates === undefined)).toBe(true)
  expect(plain.hits.map(({ uri }) => uri)).not.toContain('last')
  const { hits } = await searcher.search({ query: 'walrus', mode: 'keyword', limit: 5, collapse: true })
  expect(hits.map(({ uri }) => uri)).toEqual([hits[0]?.uri, 'last'])
  expect(hits[0]?.duplicates).toHaveLength(11)
})
