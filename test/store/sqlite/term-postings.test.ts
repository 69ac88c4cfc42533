import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeywordTables } from '../../../src/store/sqlite/keyword-tables.js'
import { createTermPostings, TERM_COST, type TermPostings } from '../../../src/store/sqlite/term-postings.js'
import { openMemory, passagesOf } from './keyword-index.js'

function emptyIndex() {
  const database = openMemory()
  const tables = createKeywordTables(database)
  return { database, add: (texts: readonly string[]) => tables.add(passagesOf(database, texts)) }
}

/** Passage by passage: its id, and the words of its text at which the term stands. */
function inTexts({ chunkIds, places, starts }: TermPostings) {
  return Array.from(chunkIds, (id, i) => [id, Array.from(places.subarray(starts[i], starts[i + 1]))] as const)
}

function expected(texts: readonly string[], term: string) {
  return texts.flatMap((text, i) => {
    const at = text.split(' ').flatMap((word, place) => (word === term ? [place] : []))
    return at.length === 0 ? [] : [[i + 1, at] as const]
  })
}

describe('postings of terms', () => {
  test.each([1_000_000, TERM_COST + 3])(
    'are the places of the words, whether %i occurrences are kept',
    (most) => {
      const word = fc.constantFrom('the', 'of', 'tide', 'rare')
      const passage = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '))
      fc.assert(
        fc.property(fc.array(passage, { maxLength: 8 }), fc.array(word, { maxLength: 6 }), (texts, asked) => {
          const { database, add } = emptyIndex()
          add(texts)
          const postings = createTermPostings(database, () => '', most)
          for (const term of asked) {
            const read = postings.of(term)
            expect(inTexts(read)).toEqual(expected(texts, term))
            expect(Array.from(read.texts)).toEqual(expected(texts, term).map(([, at]) => at.length))
          }
        }),
        { numRuns: 30 },
      )
    },
  )

  test('are kept while the index stays as it is, and read anew when it has changed', () => {
    const { database, add } = emptyIndex()
    add(['tide'])
    let state = 'first'
    const postings = createTermPostings(database, () => state)
    postings.refresh()
    const first = postings.of('tide')
    postings.refresh()
    expect(postings.of('tide')).toBe(first)
    add(['the tide'])
    state = 'second'
    postings.refresh()
    expect(inTexts(postings.of('tide'))).toEqual([
      [1, [0]],
      [2, [1]],
    ])
  })

  test('of rare terms, and of those that are nowhere, take their share of the room', () => {
    const { database, add } = emptyIndex()
    add(['a b'])
    const postings = createTermPostings(database, () => '', 2 * TERM_COST + 1)
    const a = postings.of('a')
    postings.of('nowhere')
    expect(postings.of('a')).toBe(a)
    postings.of('b')
    postings.of('missing')
    expect(postings.of('a')).not.toBe(a)
  })

  test('of the terms asked for longest ago go first', () => {
    const { database, add } = emptyIndex()
    add(['a b c', 'a b', 'a b'])
    const postings = createTermPostings(database, () => '', 2 * TERM_COST + 6)
    const [a, b] = [postings.of('a'), postings.of('b')]
    expect(postings.of('a')).toBe(a)
    postings.of('c')
    expect(postings.of('a')).toBe(a)
    expect(postings.of('b')).not.toBe(b)
  })
})
