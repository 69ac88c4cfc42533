import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idSet } from '../../../src/store/sqlite/id-set.js'
import { createKeywordSearch, type KeywordLimits } from '../../../src/store/sqlite/keyword-search.js'
import { createKeywordTables } from '../../../src/store/sqlite/keyword-tables.js'
import { createTermPostings } from '../../../src/store/sqlite/term-postings.js'
import type { PlannedUnit } from '../../../src/store/store.js'
import { unitsOf } from '../samples.js'
import { openMemory, passagesOf } from './keyword-index.js'

const ALL: KeywordLimits = { ranked: 1000, read: 1000, found: 1000 }

/** An index of passages with the given terms, numbered from 1. */
function indexOf(texts: readonly string[]) {
  const database = openMemory()
  const tables = createKeywordTables(database)
  tables.add(passagesOf(database, texts))
  const postings = createTermPostings(database, () => '')
  return (limits: KeywordLimits) => createKeywordSearch(database, tables, postings, limits)
}

const refine = (term: string): PlannedUnit => ({
  terms: [term],
  passages: 1,
  weight: 1,
  hasPlace: true,
  role: 'refine',
})
const find = (term: string, passages = 1): PlannedUnit => ({
  ...refine(term),
  passages,
  weight: 3,
  role: 'find',
})

test('what is counted in the passages themselves scores as what is counted from postings', async () => {
  const word = fc.constantFrom('rare', 'the', 'of', 'tide')
  const passage = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '))
  await fc.assert(
    fc.property(fc.array(passage, { minLength: 1, maxLength: 12 }), (texts) => {
      const search = indexOf(texts)(ALL).search
      const read = search([find('rare'), refine('the'), find('tide')], 100, undefined)
      const counted = search(
        [find('rare'), { ...refine('the'), role: 'count' }, find('tide')],
        100,
        undefined,
      )
      expect(read).toEqual(counted)
      // By now its postings are kept, and counted in the same passages.
      expect(search([find('rare'), refine('the'), find('tide')], 100, undefined)).toEqual(read)
    }),
    { numRuns: 40 },
  )
})

test('the best passages are chosen before lengths are looked up, and read before the others', () => {
  const texts = [
    ...Array.from({ length: 20 }, (_, i) => `rare filler${i}`),
    'rare rare rare tide',
    'rare rare tide',
    'rare rare the tide',
  ]
  const search = indexOf(texts)({ ranked: 3, read: 2, found: 1000 }).search
  const found = search([find('rare'), refine('the')], 3, undefined).map(({ chunkId }) => chunkId)
  expect(found).toEqual([21, 22, 23])
  const readAll = indexOf(texts)(ALL).search([find('rare'), refine('the')], 3, undefined)
  expect(readAll.map(({ chunkId }) => chunkId)).toEqual([23, 21, 22])
})

test('words that are in too many passages find those that hold all of them, then any', () => {
  const texts = ['the', 'of the', 'the tide', 'the tide of', 'tide', 'of']
  const small: KeywordLimits = { ranked: 10, read: 4, found: 2 }
  const search = indexOf(texts)(small).search
  const units = [find('the', 4), refine('of'), refine('tide')]
  const found = search(units, 10, undefined)
  expect(found[0]?.chunkId).toBe(4)
  expect(found.map(({ chunkId }) => chunkId).sort()).toEqual([1, 2, 3, 4])
  // Beyond the limit of reading, passages with all the words are there still.
  const one = indexOf(texts)({ ...small, read: 1 }).search(units, 10, undefined)
  expect(one.map(({ chunkId }) => chunkId)).toEqual([4])
  expect(
    search(units, 10, idSet([1, 3, 5]))
      .map(({ chunkId }) => chunkId)
      .sort(),
  ).toEqual([1, 3])
})

test('parts of words that are in too many passages find them without a word beside them', () => {
  const search = indexOf(['user of', 'user get', 'get'])({ ranked: 10, read: 4, found: 2 }).search
  const part = (term: string): PlannedUnit => ({ ...find(term, 2), hasPlace: false })
  const found = search([part('user'), part('get')], 10, undefined).map(({ chunkId }) => chunkId)
  expect(found[0]).toBe(2)
  expect(found.toSorted()).toEqual([1, 2, 3])
})

test('a unit that no passage holds finds nothing', () => {
  expect(indexOf(['tide'])(ALL).search(unitsOf('walrus'), 10, undefined)).toEqual([])
  expect(indexOf([])(ALL).search(unitsOf('tide'), 10, undefined)).toEqual([])
})
