import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkVectors } from '../../src/embed/check-vectors.js'

const badResponse = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_RESPONSE', retryable: true, message: expect.stringMatching(message) })

describe('checkVectors', () => {
  it('gives unit-length 32-bit vectors in order', () => {
    const [first, second] = checkVectors([[3, 4], new Float32Array([0, -0.5])], 2, 2)
    expect(first).toEqual(new Float32Array([0.6, 0.8]))
    expect(second).toEqual(new Float32Array([0, -1]))
  })

  it.each<[string, unknown[], RegExp]>([
    ['too few', [[1, 0]], /1 vectors came for 2 texts/],
    [
      'too many',
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      /3 vectors came for 2 texts/,
    ],
    ['none', [], /0 vectors came for 2 texts/],
    ['missing', [[1, 0], undefined], /vector 1 of the answer is missing/],
    ['null', [null, [1, 0]], /vector 0 of the answer is missing/],
    ['text', ['[1,0]', [1, 0]], /vector 0 of the answer is missing/],
    ['short', [[1, 0], [1]], /vector 1 .* 1 dimensions instead of 2/],
    [
      'long',
      [
        [1, 0, 0],
        [1, 0],
      ],
      /vector 0 .* 3 dimensions instead of 2/,
    ],
    [
      'null value',
      [
        [1, null],
        [1, 0],
      ],
      /vector 0 .* null at position 1/,
    ],
    [
      'NaN in words',
      [
        [1, 0],
        ['NaN', 0],
      ],
      /vector 1 .* "NaN" at position 0/,
    ],
    [
      'a number in words',
      [
        [1, 0],
        ['1', 0],
      ],
      /vector 1 .* "1" at position 0/,
    ],
    ['a hole', [[1, 0], new Array(2)], /vector 1 .* nothing at position 0/],
    [
      'infinite',
      [
        [1, Number.POSITIVE_INFINITY],
        [1, 0],
      ],
      /vector 0 .* at position 1/,
    ],
    [
      'infinite as 32 bits',
      [
        [1, 1e39],
        [1, 0],
      ],
      /vector 0 .* 1e\+39 at position 1/,
    ],
    [
      'zero',
      [
        [1, 0],
        [0, 0],
      ],
      /vector 1 .* no direction \(length 0\)/,
    ],
    [
      'as good as zero',
      [
        [1, 0],
        [1e-7, 0],
      ],
      /vector 1 .* no direction/,
    ],
  ])('refuses %s', (_, raw, message) => {
    expect(() => checkVectors(raw, 2, 2)).toThrow(badResponse(message))
  })

  it('lets nothing through that is not finite and of unit length', () => {
    const number = fc.oneof(
      fc.double(),
      fc.float(),
      fc.constantFrom<unknown>(null, 'NaN', '1', 1e39, 1e-30, 0, 3e38),
    )
    const vector = fc.oneof(
      fc.array(number, { minLength: 4, maxLength: 4 }),
      fc.array(fc.double({ min: -1, max: 1 })),
      fc.anything(),
    )
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 3 }), (raw) => {
        let vectors: Float32Array[]
        try {
          vectors = checkVectors(raw, 2, 4)
        } catch (error) {
          expect(error).toEqual(badResponse(/vector/))
          return
        }
        expect(vectors).toHaveLength(2)
        for (const each of vectors) {
          expect(each).toHaveLength(4)
          expect(Math.abs(Math.hypot(...each) - 1)).toBeLessThan(1e-3)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
