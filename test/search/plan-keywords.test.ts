import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planKeywords } from '../../src/search/plan-keywords.js'
import type { Store } from '../../src/store/store.js'
import { analyze } from '../../src/text/analyze.js'
import { conceptEmbedder, storeOf } from './small-index.js'

const ids = ['both', 'alpha only', 'beta only', 'neither']

function someStore(): Promise<Store> {
  const texts = ['alphabet beta soup', 'alphabet noodles', 'beta noodles', 'plain rice']
  return storeOf(
    texts.map((text, i) => ({ id: ids[i] ?? '', passages: [text] })),
    conceptEmbedder(),
  )
}

/** The documents that a query finds by its keywords, by name. */
async function find(store: Store, query: string): Promise<string[]> {
  const found = await store.searchKeywords(planKeywords(query), 10, {})
  const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
  return chunks.map(({ documentId }) => documentId).sort()
}

describe('planKeywords', () => {
  test('gives each content word once, analysed, in order', () => {
    expect(planKeywords('Which keys open the gate, and which KEY opens it twice?')).toEqual([
      'kei',
      'open',
      'gate',
      'twice',
    ])
  })

  test('keeps function words when there is nothing else', () => {
    expect(planKeywords('to be or not to be')).toEqual(['to', 'be', 'or', 'not'])
  })

  test('takes the first 64 of a pasted page', () => {
    const words = Array.from({ length: 200 }, (_, i) => `w${i}`)
    expect(planKeywords(words.join(' '))).toEqual(words.slice(0, 64))
  })

  test('gives none for a query without words', () => {
    expect(planKeywords('?! "" ()')).toEqual([])
  })
})

describe('what users type is never an operator of the full-text search', () => {
  const alpha = ['alpha only', 'both']
  const either = ['alpha only', 'beta only', 'both']

  test.each([
    ['alphabet AND rye', alpha],
    ['alphabet NOT beta', either],
    ['alphabet -beta', either],
    ['alphabet OR beta', either],
    ['+alphabet +beta', either],
    ['"beta alphabet"', either],
    ['NEAR(alphabet beta, 1)', either],
    ['alphabet*', alpha],
    ['alphab*', []],
    ['^beta', ['beta only', 'both']],
    ['text:alphabet', alpha],
    ['{title text} : alphabet', alpha],
    ["alphabet' OR 1=1; DROP TABLE chunks; --", alpha],
    ['"alphabet', alpha],
    ['alphabet"', alpha],
    ['((alphabet', alpha],
    ['AND OR NOT', []],
    ['NEAR(', []],
    ['"', []],
    ['*', []],
  ])('%s', async (query, documents) => {
    expect(await find(await someStore(), query)).toEqual(documents)
  })

  test('whatever they type, the search goes through', async () => {
    const store = await someStore()
    const piece = fc.oneof(
      fc.constantFrom(
        'AND',
        'OR',
        'NOT',
        'NEAR(',
        '"',
        '""',
        '*',
        '^',
        '-',
        '(',
        ')',
        '{',
        '}',
        ':',
        '\0',
        "'",
        'beta',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom(' ', ''),
        async (pieces, between) => {
          const terms = planKeywords(pieces.join(between))
          await store.searchKeywords(terms, 10, {})
          await store.termStatistics(terms)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('terms and the store', () => {
  test.each([
    'Straße ΟΔΟΣ οδός Łódź İstanbul ﬁle ½ 3½ ⑴ ｗａｌｒｕｓ',
    'договор ёлка مدرسة שלום हिन्दी বাংলা தமிழ்',
    '日本語の文章です นโยบายการเดินทาง 한국어 海象',
    `${'a'.repeat(100)} a${'𐌰'.repeat(60)} 𝐀𝐁 x\u0301\u0323`,
  ])('every word of "%s" is found and counted', async (text) => {
    const store = await storeOf([{ id: 'one', passages: [text] }], conceptEmbedder())
    for (const { term, start, end } of analyze(text)) {
      const word = text.slice(start, end)
      expect((await store.termStatistics([term])).frequencies.get(term), word).toBe(1)
      expect(await store.searchKeywords([term], 10, {}), word).toHaveLength(1)
    }
  })

  test('every letter and digit there is, is found as it is analysed', async () => {
    const letters = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).filter(
      (letter) => /[\p{L}\p{N}]/u.test(letter) && !/[\p{sc=Han}\p{sc=Hangul}]/u.test(letter),
    )
    expect(letters.length).toBeGreaterThan(20_000)
    const store = await storeOf([{ id: 'one', passages: [letters.join(' ')] }], conceptEmbedder())
    const terms = analyze(letters.join(' ')).map(({ term }) => term)
    const { frequencies } = await store.termStatistics(terms)
    expect(terms.filter((term) => frequencies.get(term) !== 1)).toEqual([])
  })
})
