import { expect, test } from 'vitest'
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
