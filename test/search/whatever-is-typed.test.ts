import { describe, expect, test } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { createRandom } from '../../src/evaluate/significance.js'
import { conceptEmbedder, searcherOf, storeOf } from './small-index.js'

const PIECES = [
  ...[
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    '"',
    '""',
    "'",
    '*',
    '^',
    '-',
    '--',
    '-walrus',
    '-x',
    '(',
    ')',
    '{',
    '}',
    ':',
    '\0',
  ],
  ...[
    'walrus',
    'wallrus',
    'key',
    '🦭',
    '👩‍👩‍👧',
    'e\u0301',
    '\ud83e',
    '\udd2d',
    '\u202e',
    'ﷺ',
    '½',
    'İ',
    '海象',
    'นโยบาย',
  ],
  ...[
    '"walrus key"',
    '“gate”',
    'src/a.ts',
    'v5.1.2',
    'FST_ERR',
    'getUserById',
    '%',
    '\\',
    ';--',
    '$gte',
    '\ue000',
    '\t',
    '\n',
  ],
]

describe('10,000 random queries', () => {
  test('are answered, or refused as BAD_INPUT when empty or over-long', async () => {
    const store = await storeOf(
      [
        { id: 'zoo', passages: ['The walrus has a key.', 'A gate of ice.'] },
        { id: 'code', passages: ['const getUserById = FST_ERR // src/a.ts'] },
      ],
      conceptEmbedder(),
    )
    const searcher = searcherOf(store, conceptEmbedder())
    const random = createRandom(11)
    const codeUnit = () => String.fromCharCode(Math.floor(random() * 0x10000))
    let [answered, refused] = [0, 0]
    for (let i = 0; i < 10_000; i++) {
      const count = i % 500 === 0 ? 12_000 : Math.floor(random() * 8)
      const between = random() < 0.5 ? ' ' : ''
      const query = Array.from({ length: count }, () =>
        random() < 0.7 ? (PIECES[Math.floor(random() * PIECES.length)] ?? '') : codeUnit(),
      ).join(between)
      try {
        const { hits } = await searcher.search({
          query,
          mode: i % 20 === 0 ? 'hybrid' : 'keyword',
          explain: true,
        })
        for (const { relevance } of hits) expect(relevance >= 0 && relevance <= 1).toBe(true)
        answered++
      } catch (error) {
        if (!(error instanceof GemdexError)) throw error
        expect([error.code, error.field]).toEqual(['BAD_INPUT', 'query'])
        expect(query.trim() === '' || query.length > 8_000).toBe(true)
        if (query.length > 8_000) expect(error.message).toContain(String(query.length))
        refused++
      }
    }
    expect(answered).toBeGreaterThan(8_000)
    expect(refused).toBeGreaterThan(100)
  }, 120_000)

  test('a query of 100 KB is refused with its length and the limit', async () => {
    const searcher = searcherOf(await storeOf([], conceptEmbedder()), conceptEmbedder())
    await expect(searcher.search({ query: 'x '.repeat(50_000) })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'query',
      message: 'The query has 100000 characters; at most 8000 are allowed',
    })
  })
})
