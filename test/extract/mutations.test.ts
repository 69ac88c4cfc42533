import { expect, test } from 'vitest'
import { describeMutations } from './describe-mutations.js'
import { goodFiles } from './good-files.js'
import { mutate } from './mutate.js'

describeMutations(goodFiles, new Set(['xls', 'pdf']))

test('mutants are the same for the same seed, and differ between seeds', () => {
  const bytes = goodFiles[0]?.build() ?? new Uint8Array()
  expect(mutate(bytes, 7)).toEqual(mutate(bytes, 7))
  expect(
    new Set(Array.from({ length: 50 }, (_, seed) => Buffer.from(mutate(bytes, seed)).toString('hex'))).size,
  ).toBeGreaterThan(45)
})
