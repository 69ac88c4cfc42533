import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Judgements,
  type Measures,
  meanMeasures,
  measureQuery,
  type Run,
} from '../../src/evaluate/metrics.js'

const grades = (entries: Readonly<Record<string, number>>): Judgements => new Map(Object.entries(entries))
/** A run that ranks these documents in this order. */
const ranking = (...ids: readonly string[]): Run => new Map(ids.map((id, i) => [id, -i]))
const fillers = (count: number, prefix = 'x') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

describe('values worked out by hand', () => {
  test('a perfect ranking has 1 everywhere', () => {
    const measures = { ndcg10: 1, recall10: 1, recall100: 1, mrr10: 1, map: 1 }
    expect(measureQuery(grades({ a: 2, b: 1 }), ranking('a', 'b', 'c'))).toEqual(measures)
  })

  test('two grades in the wrong order', () => {
    const measured = measureQuery(grades({ a: 3, b: 1 }), ranking('b', 'x', 'a'))
    // (1/1 + 3/2) / (3/1 + 1/log2(3)): linear gains.
    expect(measured?.ndcg10).toBeCloseTo(2.5 / (3 + 1 / Math.log2(3)), 12)
    expect(measured).toMatchObject({ recall10: 1, recall100: 1, mrr10: 1 })
  })

  test('one relevant document at rank 3, another not found', () => {
    const measured = measureQuery(grades({ a: 1, b: 1 }), ranking('x', 'y', 'a'))
    expect(measured?.ndcg10).toBeCloseTo(0.5 / (1 + 1 / Math.log2(3)), 12)
    expect(measured?.mrr10).toBeCloseTo(1 / 3, 12)
    expect(measured).toMatchObject({ recall10: 0.5, recall100: 0.5 })
  })

  test.each([
    [10, { recall10: 1, recall100: 1, mrr10: 1 / 10, ndcg10: 1 / Math.log2(11), map: 1 / 10 }],
    [11, { recall10: 0, recall100: 1, mrr10: 0, ndcg10: 0, map: 1 / 11 }],
    [100, { recall10: 0, recall100: 1, mrr10: 0, ndcg10: 0, map: 1 / 100 }],
    [101, { recall10: 0, recall100: 0, mrr10: 0, ndcg10: 0, map: 1 / 101 }],
  ])('the only relevant document at rank %d', (rank, measures) => {
    const run = ranking(...fillers(rank - 1), 'a', ...fillers(5, 'y'))
    expect(measureQuery(grades({ a: 1 }), run)).toEqual(measures)
  })

  test('more relevant documents than ranks: the ideal has ten of them, recall counts all', () => {
    const relevant = fillers(20, 'r')
    const judgements = new Map(relevant.map((id) => [id, 1]))
    expect(measureQuery(judgements, ranking(...relevant))).toMatchObject({
      ndcg10: 1,
      recall10: 0.5,
      recall100: 1,
    })
  })

  test('nothing found', () => {
    const none = { ndcg10: 0, recall10: 0, recall100: 0, mrr10: 0, map: 0 }
    expect(measureQuery(grades({ a: 1 }), new Map())).toEqual(none)
  })
})

describe('the rules of trec_eval', () => {
  test('equal scores are ordered by id, high first', () => {
    const tied = new Map(['a', 'c', 'b'].map((id) => [id, 1]))
    const rankOf = (id: string) => 1 / (measureQuery(grades({ [id]: 1 }), tied)?.mrr10 ?? 0)
    expect(['c', 'b', 'a'].map(rankOf).map(Math.round)).toEqual([1, 2, 3])
  })

  test('ids are compared by their bytes', () => {
    // By UTF-16 units the seal would come before the full-width letter.
    const tied = new Map(['Z', 'a', 'ａ', '🦭'].map((id) => [id, 1]))
    const rankOf = (id: string) => Math.round(1 / (measureQuery(grades({ [id]: 1 }), tied)?.mrr10 ?? 0))
    expect(['🦭', 'ａ', 'a', 'Z'].map(rankOf)).toEqual([1, 2, 3, 4])
  })

  test('grades of 0 and below are not relevant and cost nothing', () => {
    const run = ranking('bad', 'zero', 'a')
    expect(measureQuery(grades({ a: 1, bad: -1, zero: 0 }), run)).toEqual(measureQuery(grades({ a: 1 }), run))
  })

  test('a query without relevant documents has no measures', () => {
    expect(measureQuery(new Map(), ranking('a'))).toBeUndefined()
    expect(measureQuery(grades({ a: 0, b: -1 }), ranking('a'))).toBeUndefined()
  })
})

describe('measureQuery', () => {
  const ids = fillers(30, 'd')
  const judged = fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: -1, max: 3 })).map(grades)
  const run = fc
    .dictionary(fc.constantFrom(...ids), fc.constantFrom(0, 0.25, 0.5, 1, -1))
    .map((scores) => new Map(Object.entries(scores)))

  /** The definitions, written out in loops over ranks. */
  function bruteForce(judgements: Judgements, scores: Run): Measures | undefined {
    const remaining = new Map(scores)
    const ranked: string[] = []
    while (remaining.size > 0) {
      let best: string | undefined
      for (const [id, score] of remaining) {
        const bestScore = best === undefined ? Number.NEGATIVE_INFINITY : (remaining.get(best) ?? 0)
        if (score > bestScore || (score === bestScore && best !== undefined && id > best)) best = id
      }
      if (best === undefined) break
      ranked.push(best)
      remaining.delete(best)
    }
    const relevant = [...judgements].filter(([, grade]) => grade >= 1)
    if (relevant.length === 0) return undefined
    let gain = 0
    let reciprocal = 0
    let found = 0
    let precisions = 0
    let seen = 0
    for (let rank = 1; rank <= ranked.length; rank++) {
      if ((judgements.get(ranked[rank - 1] ?? '') ?? 0) < 1) continue
      seen++
      precisions += seen / rank
    }
    for (let rank = 1; rank <= Math.min(10, ranked.length); rank++) {
      const grade = judgements.get(ranked[rank - 1] ?? '') ?? 0
      if (grade < 1) continue
      gain += (grade * Math.LN2) / Math.log(rank + 1)
      if (found === 0) reciprocal = 1 / rank
      found++
    }
    let ideal = 0
    const best = relevant.map(([, grade]) => grade).sort((a, b) => b - a)
    for (let rank = 1; rank <= Math.min(10, best.length); rank++)
      ideal += ((best[rank - 1] ?? 0) * Math.LN2) / Math.log(rank + 1)
    const foundAtAll = relevant.filter(([id]) => scores.has(id)).length
    return {
      ndcg10: gain / ideal,
      recall10: found / relevant.length,
      recall100: foundAtAll / relevant.length,
      mrr10: reciprocal,
      map: precisions / relevant.length,
    }
  }

  test('agrees with the definitions written out', () => {
    fc.assert(
      fc.property(judged, run, (judgements, scores) => {
        const measured = measureQuery(judgements, scores)
        const expected = bruteForce(judgements, scores)
        expect(measured === undefined).toBe(expected === undefined)
        for (const name of ['ndcg10', 'recall10', 'recall100', 'mrr10', 'map'] as const)
          expect(measured?.[name] ?? -1).toBeCloseTo(expected?.[name] ?? -1, 12)
      }),
      { numRuns: 300 },
    )
  })

  test('lies between 0 and 1 and is 1 for the ideal ranking', () => {
    fc.assert(
      fc.property(judged, run, (judgements, scores) => {
        const measured = measureQuery(judgements, scores)
        for (const value of Object.values(measured ?? {})) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1 + 1e-12)
        }
        const ideal = measureQuery(judgements, new Map([...judgements].filter(([, grade]) => grade > 0)))
        if (ideal !== undefined) expect(ideal).toMatchObject({ recall100: 1, mrr10: 1 })
        if (ideal !== undefined) expect(ideal.ndcg10).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('meanMeasures', () => {
  test('is the mean of each measure', () => {
    const one = { ndcg10: 1, recall10: 0.5, recall100: 1, mrr10: 1, map: 1 }
    const other = { ndcg10: 0.5, recall10: 0, recall100: 0.5, mrr10: 0, map: 0.5 }
    expect(meanMeasures([one, other])).toEqual({
      ndcg10: 0.75,
      recall10: 0.25,
      recall100: 0.75,
      mrr10: 0.5,
      map: 0.75,
    })
  })

  test('of none is 0', () => {
    expect(meanMeasures([])).toEqual({ ndcg10: 0, recall10: 0, recall100: 0, mrr10: 0, map: 0 })
  })
})
