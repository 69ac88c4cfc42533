import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpretQuery } from '../../src/search/interpret-query.js'
import { inverseDocumentFrequency, planKeywords } from '../../src/search/plan-keywords.js'
import { queryUnits } from '../../src/search/query-units.js'
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
  const { plan, scope } = await interpretQuery(store, query)
  const found = await store.searchKeywords(plan, 10, scope)
  const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId))
  return chunks.map(({ documentId }) => documentId).sort()
}

/** A plan for an index of 1,000 passages in which each term occurs as often as given. */
function planFor(query: string, frequencies: Readonly<Record<string, number>>, maxPostings?: number) {
  const statistics = { passages: 1_000, frequencies: new Map(Object.entries(frequencies)) }
  return planKeywords(queryUnits(query, []), statistics, maxPostings)
}

const rolesOf = (plan: ReturnType<typeof planFor>) =>
  Object.fromEntries(plan.map(({ terms, role }) => [terms.join('/'), role]))

describe('planKeywords', () => {
  test('finds by words, counts function words, and leaves out what no passage holds', () => {
    const plan = planFor('the walrus of nowhere', { walru: 3, the: 900, of: 700 })
    expect(rolesOf(plan)).toEqual({ the: 'count', walru: 'find', of: 'count' })
  })

  test('a query of function words finds by them', () => {
    const plan = planFor('to be or not to be', { to: 500, be: 400, or: 300, not: 200 })
    expect(new Set(plan.map(({ role }) => role))).toEqual(new Set(['find']))
  })

  test('beyond the budget only the rarest find, and the others refine', () => {
    const frequencies = { walru: 10, kei: 40, gate: 600, the: 900 }
    expect(rolesOf(planFor('the walrus keys gate', frequencies, 100))).toEqual({
      walru: 'find',
      kei: 'find',
      gate: 'refine',
      the: 'refine',
    })
  })

  test('the rarest finds however common it is', () => {
    expect(rolesOf(planFor('gate', { gate: 900 }, 100))).toEqual({ gate: 'find' })
  })

  test('weighs by rarity, by the formula of BM25', () => {
    const [rare, common] = planFor('walrus gate', { walru: 1, gate: 1_000 })
    expect(rare?.weight).toBeCloseTo(Math.log(1 + 999.5 / 1.5), 12)
    expect(common?.weight).toBeCloseTo(Math.log(1 + 0.5 / 1000.5), 12)
  })

  test('a term weighs the more the rarer it is, and all weigh something', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (passages, seed) => {
        const n = 1 + (seed % passages)
        expect(inverseDocumentFrequency(passages, n)).toBeGreaterThan(0)
        expect(inverseDocumentFrequency(passages, n - 1)).toBeGreaterThan(
          inverseDocumentFrequency(passages, n),
        )
      }),
    )
  })

  test('whatever the budget, the passages found by the rarest words keep their first place', async () => {
    const store = await someStore()
    const statistics = await store.termStatistics(['alphabet', 'soup'])
    const units = queryUnits('alphabet soup', [])
    const best = async (budget: number) =>
      (await store.searchKeywords(planKeywords(units, statistics, budget), 10, {}))[0]?.chunkId
    expect(await best(1)).toBe(await best(1_000))
  })
})

describe('what users type is never an operator of the full-text search', () => {
  const alpha = ['alpha only', 'both']
  const either = ['alpha only', 'beta only', 'both']

  test.each([
    ['alphabet AND rye', alpha],
    ['alphabet NOT beta', either],
    ['alphabet -beta', ['alpha only']],
    ['alphabet OR beta', either],
    ['+alphabet +beta', either],
    ['"beta alphabet"', []],
    ['"alphabet beta"', ['both']],
    ['NEAR(alphabet beta, 1)', either],
    ['alphabet*', alpha],
    // Corrected to `alpha`, which stands in a title.
    ['alphab*', ['alpha only']],
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
          await find(store, pieces.join(between))
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
      expect(await find(store, word), word).toEqual(['one'])
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
