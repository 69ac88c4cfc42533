import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberList, readNumbers } from '../../../src/store/sqlite/number-list.js'

test('a list of numbers is read as it was selected', () => {
  const list = new Database(':memory:')
    .prepare<[string], Buffer | null>(`SELECT ${numberList('value')} FROM json_each(?)`)
    .pluck()
  const read = (numbers: readonly number[]) => Array.from(readNumbers(list.get(JSON.stringify(numbers))))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })), (numbers) => {
      expect(read(numbers)).toEqual(numbers)
    }),
  )
})

test('what no list of ids can be is refused', () => {
  for (const list of ['1,-2', '4294967296', '1,x', '99999999999999999999'])
    expect(() => readNumbers(Buffer.from(list))).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }))
})
