import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WeightedUnit } from '../../src/search/query-units.js'
import { relevanceOf, weightShare } from '../../src/search/relevance.js'
import { conceptEmbedder } from './small-index.js'

const embedder = { ...conceptEmbedder(), relevanceRange: { unrelated: 0.5, related: 0.9 } }
const unit = (word: string, idf: number, more: Partial<WeightedUnit> = {}): WeightedUnit => ({
  word,
  terms: [word],
  weight: 1,
  kind: 'word',
  idf,
  ...more,
})

describe('weightShare', () => {
  const units = [unit('a', 3), unit('b', 1)]
  const found = (...names: readonly string[]) => new Set(units.filter(({ word }) => names.includes(word)))

  test.each([
    [['a', 'b'], 1],
    [['a'], 0.75],
    [['b'], 0.25],
    [[], 0],
  ])('with %j found is %d', (names, share) => {
    expect(weightShare(units, found(...names))).toBe(share)
  })

  test('of a query without units is 0', () => {
    expect(weightShare([], new Set())).toBe(0)
  })

  test('a word that was corrected counts less than the word itself', () => {
    const corrected = unit('wallrus', 3, { correctedTo: 'walrus' })
    expect(weightShare([corrected], new Set([corrected]))).toBeCloseTo(0.7, 12)
  })

  test('lies between 0 and 1 and never falls with another unit found', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(some, some, fc.integer({ min: 0, max: 5 }), (query, indexes, another) => {
        const all = query.map((n) => unit(`w${n}`, (n * 7) % 5))
        const at = (numbers: readonly number[]) => new Set(all.filter((_, i) => numbers.includes(i)))
        const share = weightShare(all, at(indexes))
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
        expect(weightShare(all, at([...indexes, another]))).toBeGreaterThanOrEqual(share)
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
