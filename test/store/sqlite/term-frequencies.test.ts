import { expect, test } from 'vitest'
import { createKeywordTables } from '../../../src/store/sqlite/keyword-tables.js'
import { createTermFrequencies } from '../../../src/store/sqlite/term-frequencies.js'
import { openMemory, passagesOf } from './keyword-index.js'

const LEAST_COMMON = 10

test('rare terms are counted exactly, common ones as they were last counted, in proportion', () => {
  const database = openMemory()
  const tables = createKeywordTables(database)
  const frequencies = createTermFrequencies(database, LEAST_COMMON)
  tables.add(
    passagesOf(
      database,
      Array.from({ length: 20 }, (_, i) => (i < 3 ? 'the walrus' : 'the tide')),
    ),
  )
  expect(['the', 'tide', 'walrus', 'none'].map(frequencies.of)).toEqual([20, 17, 3, 0])
  frequencies.refresh()
  expect(['the', 'tide', 'walrus', 'none'].map(frequencies.of)).toEqual([20, 17, 3, 0])

  tables.add(
    passagesOf(
      database,
      Array.from({ length: 8 }, () => 'walrus'),
    ),
  )
  frequencies.refresh()
  expect(['the', 'tide', 'walrus'].map(frequencies.of)).toEqual([28, 24, 11])

  tables.add(
    passagesOf(
      database,
      Array.from({ length: 20 }, () => 'walrus'),
    ),
  )
  frequencies.refresh()
  expect(['the', 'tide', 'walrus'].map(frequencies.of)).toEqual([20, 17, 31])
})

test('a small index is never counted as a whole', () => {
  const database = openMemory()
  const tables = createKeywordTables(database)
  const frequencies = createTermFrequencies(database, LEAST_COMMON)
  tables.add(passagesOf(database, ['the walrus', 'the tide']))
  frequencies.refresh()
  expect(database.prepare('SELECT count(*) FROM common_terms').pluck().get()).toBe(0)
})
