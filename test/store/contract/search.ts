import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../../src/store/store.js'
import {
  axis,
  COLLECTION,
  DIMENSIONS,
  foundByKeywords,
  type OpenStore,
  openPrepared,
  putDocument,
  putVectors,
  unitsOf,
  unitVector,
} from '../samples.js'

/** Passages about something else, so that terms of the others are rare. */
async function putFiller(store: Store): Promise<void> {
  const passages = Array.from({ length: 10 }, (_, i) => ({ text: `filler stuff ${i}`, titleTerms: 'other' }))
  await putDocument(store, 'filler', { passages })
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

type Sample = {
  readonly vectors: readonly Float32Array[]
  /** Which vector each passage has, modulo their number. */
  readonly picks: readonly number[]
  readonly query: Float32Array
  readonly limit: number
}

/** Both rankings. */
export function describeSearch(openStore: OpenStore): void {
  describe('searching vectors', () => {
    const vector = fc
      .array(fc.integer({ min: -9, max: 9 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
      .filter((values) => values.some((value) => value !== 0))
      .map((values) => unitVector(...values))

    test('gives what comparing with every vector gives, ties by id', async () => {
      const store = await openPrepared(openStore)
      const sample: fc.Arbitrary<Sample> = fc.record({
        vectors: fc.array(vector, { minLength: 1, maxLength: 5 }),
        picks: fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
        query: vector,
        limit: fc.integer({ min: 1, max: 40 }),
      })
      let run = 0
      const check = async ({ vectors, picks, query, limit }: Sample) => {
        const names = vectors.map((_, i) => `${run}:${i}`)
        run++
        await putVectors(store, Object.fromEntries(vectors.map((value, i) => [names[i] ?? '', value])))
        const wanted = picks.map((pick) => pick % vectors.length)
        const passages = wanted.map((at) => ({ text: 'x', embedding: names[at] ?? '' }))
        await putDocument(store, 'a', { passages })

        const found = await store.searchVectors(query, limit, {})
        const cosines = wanted.map((at) => cosine(query, vectors[at] ?? query))
        const best = cosines.toSorted((a, b) => b - a).slice(0, limit)
        expect(found.length).toBe(best.length)
        const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
        for (const [i, { score }] of found.entries()) {
          expect(score).toBeCloseTo(best[i] ?? Number.NaN, 5)
          expect(score).toBeCloseTo(cosines[chunks[i]?.ordinal ?? -1] ?? Number.NaN, 5)
        }
        expect(found).toEqual(found.toSorted((a, b) => b.score - a.score || a.chunkId - b.chunkId))
        const among = found.map(({ chunkId }) => chunkId).filter((_, i) => i % 2 === 1)
        expect(await store.searchVectors(query, limit, {}, { among })).toEqual(
          found.filter(({ chunkId }) => among.includes(chunkId)),
        )
      }
      await fc.assert(fc.asyncProperty(sample, check), { numRuns: 100 })
    })

    test('scores from 1 for the same direction to -1 for the opposite, whatever the length', async () => {
      const store = await openPrepared(openStore)
      const long = axis(0).map((value) => value * 7)
      await putVectors(store, { same: long, across: axis(1), against: axis(0).map((value) => -value) })
      await putDocument(store, 'a', {
        passages: ['against', 'across', 'same'].map((embedding) => ({ text: embedding, embedding })),
      })
      const found = await store.searchVectors(axis(0), 10, {})
      expect(found.map(({ score }) => score)).toEqual([
        expect.closeTo(1, 5),
        expect.closeTo(0, 5),
        expect.closeTo(-1, 5),
      ])
    })

    test('restricts to the collection before it ranks', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('other', null)
      await putVectors(store, { near: axis(0), far: unitVector(1, 2, 0, 0), farther: axis(2) })
      const nearer = Array.from({ length: 20 }, () => ({ text: 'x', embedding: 'near' }))
      await putDocument(store, 'crowd', { collection: 'other', passages: nearer })
      await putDocument(store, 'a', {
        passages: [
          { text: 'x', embedding: 'farther' },
          { text: 'x', embedding: 'far' },
        ],
      })
      const found = await store.searchVectors(axis(0), 2, { collection: COLLECTION })
      const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
      expect(chunks.map(({ uri, ordinal }) => `${uri}#${ordinal}`)).toEqual(['a#1', 'a#0'])
      expect(await store.searchVectors(axis(0), 100, { collection: 'other' })).toHaveLength(20)
      expect(await store.searchVectors(axis(0), 100, { collection: 'nowhere' })).toEqual([])
      const all = await store.searchVectors(axis(0), 100, {})
      const among = all.map(({ chunkId }) => chunkId)
      expect(await store.searchVectors(axis(0), 1, { collection: COLLECTION }, { among })).toEqual(
        found.slice(0, 1),
      )
    })

    test('finds more than 4,096 passages when asked to', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      const passages = Array.from({ length: 4200 }, () => ({ text: 'x', embedding: 'x' }))
      await putDocument(store, 'a', { passages })
      expect(await store.searchVectors(axis(0), 5000, {})).toHaveLength(4200)
    })
  })

  describe('searching keywords', () => {
    test('finds passages with any of the terms, those with more of them first', async () => {
      const store = await openPrepared(openStore)
      await putFiller(store)
      await putDocument(store, 'a', {
        passages: [{ text: 'apple juice' }, { text: 'pear juice' }, { text: 'apple pear' }, { text: 'plum' }],
      })
      const found = await foundByKeywords(store, 'apple', 'pear', 'zebra')
      expect(found[0]).toBe('a#2')
      expect(found.toSorted()).toEqual(['a#0', 'a#1', 'a#2'])
      expect(await foundByKeywords(store, 'zebra')).toEqual([])
      expect(await store.searchKeywords(unitsOf(), 10, {})).toEqual([])
    })

    test('weighs a term in the title more than one in the text', async () => {
      const store = await openPrepared(openStore)
      await putFiller(store)
      await putDocument(store, 'a', {
        passages: [
          { titleTerms: 'pear', text: 'apple fig' },
          { titleTerms: 'apple', text: 'pear fig' },
          { titleTerms: 'pear', text: 'apple apple' },
        ],
      })
      const found = await store.searchKeywords(unitsOf('apple'), 10, {})
      const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
      const scores = new Map(chunks.map(({ ordinal }, i) => [ordinal, found[i]?.score ?? Number.NaN]))
      expect(scores.get(1)).toBeGreaterThan(scores.get(0) ?? Number.NaN)
      expect(scores.get(2)).toBeGreaterThan(scores.get(0) ?? Number.NaN)
      expect(chunks.at(-1)?.ordinal).toBe(0)
    })

    test('gives positive scores, best first, ties by id, and no more than asked', async () => {
      const store = await openPrepared(openStore)
      await putFiller(store)
      const passages = Array.from({ length: 8 }, (_, i) => ({ text: i % 2 ? 'apple' : 'apple juice' }))
      await putDocument(store, 'a', { passages })
      const found = await store.searchKeywords(unitsOf('apple'), 100, {})
      expect(found).toHaveLength(8)
      expect(found.every(({ score }) => score > 0)).toBe(true)
      expect(found).toEqual(found.toSorted((a, b) => b.score - a.score || a.chunkId - b.chunkId))
      expect(await store.searchKeywords(unitsOf('apple'), 3, {})).toEqual(found.slice(0, 3))
    })

    test('restricts to the collection before it ranks', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('other', null)
      await putFiller(store)
      const better = Array.from({ length: 20 }, () => ({ text: 'apple', titleTerms: 'apple' }))
      await putDocument(store, 'crowd', { collection: 'other', passages: better })
      await putDocument(store, 'a', {
        passages: [{ text: 'an apple among many other words' }, { text: 'apple' }],
      })
      const found = await store.searchKeywords(unitsOf('apple'), 2, { collection: COLLECTION })
      const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
      expect(chunks.map(({ uri, ordinal }) => `${uri}#${ordinal}`)).toEqual(['a#1', 'a#0'])
      expect(await store.searchKeywords(unitsOf('apple'), 100, { collection: 'other' })).toHaveLength(20)
      expect(await store.searchKeywords(unitsOf('apple'), 100, { collection: 'nowhere' })).toEqual([])
    })

    test('takes operators for words', async () => {
      const store = await openPrepared(openStore)
      await putDocument(store, 'a', { passages: [{ text: 'apple juice', titleTerms: 'title' }] })
      await putDocument(store, 'b', { passages: [{ text: 'pear' }] })
      const nothing = [
        '"',
        '*',
        'app*',
        '^',
        '(',
        ')',
        '+',
        '',
        ' ',
        '\ud800',
        'AND',
        'NOT',
        'NEAR',
        'text:apple',
      ]
      for (const term of [
        ...nothing,
        'apple AND juice',
        'apple OR pear',
        'juice NOT pear',
        'a"b',
        '"apple" OR "pear"',
      ]) {
        expect(await foundByKeywords(store, term), term).toEqual([])
        expect(await foundByKeywords(store, 'pear', term), term).toEqual(['b#0'])
      }
    })

    test('takes as many terms as a whole page has', async () => {
      const store = await openPrepared(openStore)
      await putDocument(store, 'a', { passages: [{ text: 'apple' }] })
      const terms = Array.from({ length: 3000 }, (_, i) => `word${i}`)
      expect(await foundByKeywords(store, ...terms, 'apple')).toEqual(['a#0'])
    })
  })

  describe('term statistics', () => {
    test('count passages in all and those with each term, in title or text', async () => {
      const store = await openPrepared(openStore)
      expect(await store.termStatistics(['apple'])).toEqual({
        passages: 0,
        frequencies: new Map([['apple', 0]]),
      })
      await putDocument(store, 'a', {
        passages: [{ text: 'apple apple pear', titleTerms: 'apple' }, { text: 'pear' }],
      })
      await putDocument(store, 'b', { passages: [{ text: 'plum', titleTerms: 'apple' }] })
      const terms = ['apple', 'pear', 'zebra']
      expect(await store.termStatistics(terms)).toEqual({
        passages: 3,
        frequencies: new Map([
          ['apple', 2],
          ['pear', 2],
          ['zebra', 0],
        ]),
      })
      await store.removeFiles(COLLECTION, ['b'])
      await putDocument(store, 'a', { passages: [{ text: 'pear' }] })
      expect(await store.termStatistics(terms)).toEqual({
        passages: 1,
        frequencies: new Map([
          ['apple', 0],
          ['pear', 1],
          ['zebra', 0],
        ]),
      })
    })

    test('and scores forget what was removed: the same documents rank the same', async () => {
      const [fresh, worn] = [await openPrepared(openStore), await openPrepared(openStore)]
      const long = Array.from({ length: 10 }, () => ({ text: 'lorem ipsum '.repeat(40) }))
      for (let round = 0; round < 3; round++) await putDocument(worn, 'a', { passages: long })
      await putDocument(worn, 'gone', { passages: long })
      await worn.removeFiles(COLLECTION, ['gone'])
      for (const store of [fresh, worn]) {
        await putFiller(store)
        const passages = [{ text: 'apple' }, { text: 'apple pear' }, { text: 'pear filler stuff' }]
        await putDocument(store, 'a', { passages })
      }
      const scoresOf = async (store: Store) =>
        (await store.searchKeywords(unitsOf('apple', 'pear', 'stuff'), 100, {})).map(({ score }) => score)
      expect(await scoresOf(worn)).toEqual(await scoresOf(fresh))
    })
  })
}
