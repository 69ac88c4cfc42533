import { describe, expect, test } from 'vitest'
import { bootstrapInterval, comparePaired, createRandom } from '../../src/evaluate/significance.js'
import { measureSpans } from '../../src/evaluate/span-measures.js'

describe('bootstrapInterval', () => {
  test('holds the mean, is as wide as the values are spread, and the same each time', () => {
    const random = createRandom(1)
    const values = Array.from({ length: 400 }, () => random())
    const interval = bootstrapInterval(values)
    expect(interval).toEqual(bootstrapInterval(values))
    // Of the mean of 400 uniform values: 1.96 * 0.2887 / 20 to each side.
    expect(interval.high - interval.low).toBeCloseTo(0.0566, 2)
    expect(interval.low).toBeLessThan(interval.mean)
    expect(interval.high).toBeGreaterThan(interval.mean)
  })

  test('of equal values is a point, of none 0', () => {
    expect(bootstrapInterval([0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 })
    expect(bootstrapInterval([])).toEqual({ mean: 0, low: 0, high: 0 })
  })
})

describe('comparePaired', () => {
  test('finds no difference where there is none, and a sure one where all queries are better', () => {
    const values = Array.from({ length: 20 }, (_, i) => i / 20)
    expect(comparePaired(values, values)).toEqual({ difference: 0, p: 1, better: 0, worse: 0 })
    const better = comparePaired(
      values,
      values.map((value) => value + 0.1),
    )
    expect(better).toMatchObject({ difference: expect.closeTo(0.1, 12), better: 20, worse: 0 })
    expect(better.p).toBeLessThan(0.001)
  })

  test('gives the exact p-value of few queries, as far as sampling tells', () => {
    // Of 2^3 signs the two that are all alike are as large as what was seen.
    expect(comparePaired([0, 0, 0], [1, 1, 1]).p).toBeCloseTo(0.25, 1)
  })
})

describe('measureSpans', () => {
  const span = (start: number, end: number, file = 'a') => ({ file, start, end })

  test.each([
    [[span(0, 10)], [span(0, 10)], 1, 1],
    [[span(0, 10)], [span(5, 25)], 0.5, 0.25],
    [[span(0, 10)], [span(0, 10, 'b')], 0, 0],
    [[span(0, 10), span(20, 30)], [span(0, 5), span(25, 30)], 0.5, 1],
    [[span(0, 10)], [span(0, 10), span(0, 10)], 1, 0.5],
    [[span(0, 10)], [], 0, 0],
  ])('%#', (answer, passages, recall, precision) => {
    expect(measureSpans(answer, passages)).toEqual({ recall, precision })
  })
})
