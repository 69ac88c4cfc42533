import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimateTokens } from '../../src/text/estimate-tokens.js'

const anyText = fc.string({ unit: 'binary', maxLength: 100 })

describe('estimateTokens', () => {
  test('is 0 for the empty text alone', () => {
    expect(estimateTokens('')).toBe(0)
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => estimateTokens(text) >= 1))
  })

  test('gives whole numbers', () => {
    fc.assert(fc.property(anyText, (text) => Number.isInteger(estimateTokens(text))))
  })

  test('never falls when a text grows at either end', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(Math.max(estimateTokens(a), estimateTokens(b)))
      }),
    )
  })

  test('of a whole is at most that of its parts, so that parts that fit together fit', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(estimateTokens(a + b)).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b))
      }),
    )
  })

  test.each([
    ['Latin', 'a', 3.8],
    ['accented Latin', 'é', 3.8],
    ['Cyrillic', 'я', 2.2],
    ['Greek', 'λ', 2.2],
    ['Arabic', 'م', 2.2],
    ['Devanagari', 'ह', 2.2],
    ['Thai', 'ก', 1.1],
    ['Chinese', '海', 1.1],
    ['kana', 'の', 1.1],
    ['Korean', '한', 1.1],
    ['emoji, by UTF-16 unit', '🦭', 1.1],
  ])('counts %s at its characters a token', (_, letter, charsPerToken) => {
    expect(estimateTokens(letter.repeat(1100))).toBe(Math.ceil(1100 / charsPerToken))
  })
})
