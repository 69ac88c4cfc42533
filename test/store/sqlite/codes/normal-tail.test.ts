import { expect, test } from 'vitest'
import { fitLine } from '../../../../src/store/sqlite/codes/fit-line.js'
import { normalTail } from '../../../../src/store/sqlite/codes/normal-tail.js'

test.each([
  // From tables of the normal distribution.
  [0, 0.5],
  [1, 0.158_655_253_9],
  [-1, 0.841_344_746_1],
  [1.959_963_985, 0.025],
  [3, 1.349_898_032e-3],
  [6, 9.865_876_45e-10],
  [10, 7.619_853_024e-24],
])('the tail above %d is %d', (z, tail) => {
  expect(normalTail(z) / tail).toBeCloseTo(1, 5)
})

test('the line through points, and how far they lie from it', () => {
  expect(fitLine([1, 2, 3], [1, 3, 5])).toEqual({ intercept: -1, slope: 2, deviation: 0 })
  expect(fitLine([4, 4], [1, 3])).toEqual({ intercept: 2, slope: 0, deviation: 1 })
})
