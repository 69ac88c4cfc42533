import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { relevanceOf, termWeights, weightShare } from '../../src/search/relevance.js'
import { conceptEmbedder } from './small-index.js'

const embedder = { ...conceptEmbedder(), relevanceRange: { unrelated: 0.5, related: 0.9 } }
const statistics = (passages: number, frequencies: Readonly<Record<string, number>>) => ({
  passages,
  frequencies: new Map(Object.entries(frequencies)),
})

describe('termWeights', () => {
  test('follows the formula of BM25', () => {
    const weights = termWeights(statistics(10, { rare: 1, common: 10, unknown: 0 }))
    expect(weights.get('rare')).toBeCloseTo(Math.log(1 + 9.5 / 1.5), 12)
    expect(weights.get('common')).toBeCloseTo(Math.log(1 + 0.5 / 10.5), 12)
    expect(weights.get('unknown')).toBeCloseTo(Math.log(1 + 10.5 / 0.5), 12)
  })

  test('a term weighs the more the rarer it is, an unknown one most, and all weigh something', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (passages, seed) => {
        const n = 1 + (seed % passages)
        const weights = termWeights(statistics(passages, { unknown: 0, rarer: n - 1, known: n }))
        const [unknown = 0, rarer = 0, known = 0] = weights.values()
        expect(known).toBeGreaterThan(0)
        expect(rarer).toBeGreaterThan(known)
        expect(unknown).toBeGreaterThanOrEqual(rarer)
      }),
    )
  })
})

describe('weightShare', () => {
  const weights = new Map([
    ['a', 3],
    ['b', 1],
  ])

  test.each([
    [['a', 'b'], 1],
    [['a'], 0.75],
    [['b'], 0.25],
    [['c'], 0],
    [['b', 'c'], 0.25],
  ])('with %j found is %d', (found, share) => {
    expect(weightShare(weights, new Set(found))).toBe(share)
  })

  test('of a query without terms is 0', () => {
    expect(weightShare(new Map(), new Set(['a']))).toBe(0)
  })

  test('lies between 0 and 1 and never falls with another term found', () => {
    const known = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))
    fc.assert(
      fc.property(known, known, fc.integer({ min: 1, max: 9 }), (query, found, n) => {
        const idf = termWeights({
          passages: 9,
          frequencies: new Map(query.map((term, i) => [term, (i * n) % 9])),
        })
        const share = weightShare(idf, new Set(found))
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
        expect(weightShare(idf, new Set([...found, 'a']))).toBeGreaterThanOrEqual(share)
      }),
    )
  })
})

describe('relevanceOf', () => {
  test.each([
    [0.4, 0],
    [0.5, 0],
    [0.7, 0.5],
    [0.9, 1],
    [1, 1],
  ])('puts a cosine of %d on the scale of its embedder', (cosine, relevance) => {
    expect(relevanceOf(0, cosine, embedder)).toBeCloseTo(relevance, 12)
  })

  test('is the greater of words and cosine', () => {
    expect(relevanceOf(0.8, 0.7, embedder)).toBe(0.8)
    expect(relevanceOf(0.2, 0.7, embedder)).toBeCloseTo(0.5, 12)
  })

  test('is the share of words alone without a vector or an embedder', () => {
    expect(relevanceOf(0.2, undefined, embedder)).toBe(0.2)
    expect(relevanceOf(0.2, 0.9, undefined)).toBe(0.2)
  })
})
