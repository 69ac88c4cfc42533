import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CutUnit, chooseCuts } from '../../src/chunk/choose-cuts.js'

const unit = (tokens: number, cutCost = 0): CutUnit => ({ tokens, gap: 0, cutCost })
const options = { targetTokens: 10, maxTokens: 16 }

describe('chooseCuts', () => {
  test('cuts where it costs least, near the target', () => {
    const units = [unit(5), unit(5, 0.3), unit(2, 0.3), unit(9), unit(3, 0.3)]
    expect(chooseCuts(units, options)).toEqual([
      { first: 0, end: 3 },
      { first: 3, end: 5 },
    ])
  })

  test('balances what is left over instead of leaving a scrap', () => {
    const units = Array.from({ length: 13 }, () => unit(1, 0.1))
    expect(
      chooseCuts(units, { targetTokens: 10, maxTokens: 12 }).map(({ first, end }) => end - first),
    ).toEqual([6, 7])
  })

  test('a unit beyond the longest stands alone', () => {
    expect(chooseCuts([unit(3), unit(40), unit(3)], options)).toEqual([
      { first: 0, end: 1 },
      { first: 1, end: 2 },
      { first: 2, end: 3 },
    ])
    expect(chooseCuts([], options)).toEqual([])
  })

  test('costs as little as the best of all ways to cut', () => {
    const costOf = (units: readonly CutUnit[], cuts: readonly number[]): number => {
      const bounds = [0, ...cuts, units.length]
      let cost = 0
      for (let i = 0; i + 1 < bounds.length; i++) {
        const [first = 0, end = 0] = [bounds[i], bounds[i + 1]]
        const tokens = units.slice(first, end).reduce((sum, { tokens }) => sum + tokens, 0)
        if (tokens > options.maxTokens && end - first > 1) return Number.POSITIVE_INFINITY
        const deviation = (tokens - options.targetTokens) / options.targetTokens
        cost += deviation ** 2 * (deviation > 0 ? 2 : 1) + (first === 0 ? 0 : (units[first]?.cutCost ?? 0))
      }
      return cost
    }
    const anyUnit = fc.record({
      tokens: fc.integer({ min: 1, max: 20 }),
      gap: fc.constant(0),
      cutCost: fc.constantFrom(0, 0.1, 0.5),
    })
    fc.assert(
      fc.property(fc.array(anyUnit, { minLength: 1, maxLength: 9 }), (units) => {
        const chosen = chooseCuts(units, options)
        const cuts = chosen.slice(1).map(({ first }) => first)
        let best = Number.POSITIVE_INFINITY
        for (let mask = 0; mask < 2 ** (units.length - 1); mask++) {
          const some = Array.from({ length: units.length - 1 }, (_, i) => i + 1).filter(
            (at) => mask & (1 << (at - 1)),
          )
          best = Math.min(best, costOf(units, some))
        }
        expect(costOf(units, cuts)).toBeCloseTo(best, 9)
      }),
    )
  })
})
