import { expect, test } from 'vitest'
import { createKeywordTables } from '../../../src/store/sqlite/keyword-tables.js'
import { createPassageLengths } from '../../../src/store/sqlite/passage-lengths.js'
import { openMemory, passagesOf } from './keyword-index.js'

function indexOf(texts: readonly string[]) {
  const database = openMemory()
  createKeywordTables(database).add(passagesOf(database, texts))
  return database
}

test.each([1_000, 2])('lengths are those of the index, whether %i of them are kept', (most) => {
  const lengths = createPassageLengths(indexOf(['a b c', 'a', 'a b']), most)
  const textsOf = (asked: readonly number[]) => {
    const { ids, texts } = lengths.of(Uint32Array.from(asked))
    return Array.from(ids, (id, i) => [id, texts[i]])
  }
  const expected = [
    [3, 2],
    [1, 3],
  ]
  expect(textsOf([3, 1])).toEqual(expected)
  expect(textsOf([3, 1, 99])).toEqual(expected)
  expect(textsOf([2, 3])).toEqual([
    [2, 1],
    [3, 2],
  ])
})

test('lengths are kept until they are to be forgotten', () => {
  const database = indexOf(['a b c'])
  const lengths = createPassageLengths(database)
  const textOf = () => lengths.of(Uint32Array.of(1)).texts[0]
  expect(textOf()).toBe(3)
  database.exec('UPDATE chunk_lengths SET text_terms = 7')
  expect(textOf()).toBe(3)
  lengths.forget()
  expect(textOf()).toBe(7)
})
