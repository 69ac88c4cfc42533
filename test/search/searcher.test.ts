import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { type ErrorCode, GemdexError } from '../../src/errors.js'
import type { QueryEmbedder } from '../../src/search/open-lists.js'
import type { Searcher } from '../../src/search/searcher.js'
import type { Store } from '../../src/store/store.js'
import type { SearchMode, SearchResult } from '../../src/types.js'
import {
  conceptEmbedder,
  emptyStore,
  failingEmbedder,
  numberEmbedder,
  type SmallDocument,
  searcherOf,
  storeOf,
} from './small-index.js'

const documents: readonly SmallDocument[] = [
  { id: 'garage', passages: ['The automobile stands in the garage.', 'Its portal opens at dawn.'] },
  {
    id: 'zoo',
    passages: ['A walrus sleeps.', 'The walrus has a key. The walrus guards it.', 'Nothing else here.'],
  },
  { id: 'sea', passages: ['Far out swims a pinniped with tusks.'], collection: 'travel' },
  { id: 'kitchen', passages: ['Soup is cooked in a pot.'], collection: 'travel' },
]

async function someSearcher(embedder: QueryEmbedder = conceptEmbedder()): Promise<Searcher> {
  return searcherOf(await storeOf(documents, conceptEmbedder()), embedder)
}

const idsOf = ({ hits }: SearchResult) => hits.map(({ documentId }) => documentId)
const modes: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']

describe('modes', () => {
  test('keyword finds words, not synonyms', async () => {
    const searcher = await someSearcher()
    expect(idsOf(await searcher.search({ query: 'walrus', mode: 'keyword' }))).toEqual(['zoo'])
    expect(idsOf(await searcher.search({ query: 'vehicle', mode: 'keyword' }))).toEqual([])
  })

  test('vector ranks every passage by its meaning', async () => {
    const result = await (await someSearcher()).search({ query: 'walrus', mode: 'vector' })
    expect(result.mode).toBe('vector')
    expect(idsOf(result)).toHaveLength(4)
    expect(idsOf(result).slice(0, 2).sort()).toEqual(['sea', 'zoo'])
  })

  test('hybrid is the default and lifts a synonym that keywords miss', async () => {
    const result = await (await someSearcher()).search({ query: 'vehicle' })
    expect(result.mode).toBe('hybrid')
    expect(result).not.toHaveProperty('degraded')
    expect(idsOf(result)[0]).toBe('garage')
    expect(result.hits[0]).toMatchObject({ relevance: 1, snippet: 'The automobile stands in the garage.' })
  })

  test('hybrid puts what both lists hold above the rest', async () => {
    const result = await (await someSearcher()).search({ query: 'tusks of the walrus', explain: true })
    const explained = result.hits.map(({ documentId, explain }) => [
      documentId,
      explain?.keyword !== undefined,
    ])
    expect(explained.slice(0, 2)).toEqual(
      expect.arrayContaining([
        ['sea', true],
        ['zoo', true],
      ]),
    )
    expect(explained.slice(2).map(([, inBoth]) => inBoth)).toEqual([false, false])
  })

  test('keyword never asks for an embedding', async () => {
    const searcher = await someSearcher(failingEmbedder(new Error('must not be asked')))
    const result = await searcher.search({ query: 'walrus', mode: 'keyword' })
    expect(result).not.toHaveProperty('degraded')
    expect(idsOf(result)).toEqual(['zoo'])
  })

  test('the query is embedded once, as a query, as it was typed', async () => {
    const calls: unknown[] = []
    const embedder = conceptEmbedder()
    const listening: Embedder = {
      ...embedder,
      embed: (inputs, { role }) => {
        calls.push({ inputs, role })
        return embedder.embed(inputs, { role })
      },
    }
    await (await someSearcher(listening)).search({ query: 'Which Walrus?' })
    expect(calls).toEqual([{ inputs: [{ text: 'Which Walrus?' }], role: 'query' }])
  })
})

describe('an embedder that only knows words', () => {
  test('never changes the order of what keywords find, down to the last candidate', async () => {
    // BM25 ranks a passage the lower the longer it is. The embedder likes the last one best, and the others are not even
    // in its list, which is full of passages without the word.
    const passage = (n: number) => `walrus ${'filler '.repeat(n)}number ${n === 200 ? 1000 : n}`
    const many = Array.from({ length: 140 }, (_, i) => passage(i + 1))
    const others = Array.from({ length: 60 }, (_, i) => ({ id: `d${i}`, passages: [passage(i + 141)] }))
    const noise = { id: 'noise', passages: Array.from({ length: 300 }, (_, i) => `number ${i + 400}`) }
    const store = await storeOf([{ id: 'many', passages: many }, ...others, noise], numberEmbedder())
    const searcher = searcherOf(store, numberEmbedder())
    const byKeywords = await searcher.search({ query: 'walrus', mode: 'keyword', limit: 100 })
    expect(idsOf(byKeywords)).toEqual(['many', ...others.map(({ id }) => id)])
    const byVectors = await searcher.search({ query: 'walrus', mode: 'vector', limit: 100 })
    expect(idsOf(byVectors).slice(0, 2)).toEqual(['d59', 'noise'])
    const hybrid = await searcher.search({ query: 'walrus', limit: 100 })
    expect(idsOf(hybrid)).toEqual([...idsOf(byKeywords), 'noise'])
  })

  test('adds what keywords miss behind what they find', async () => {
    const passages = ['number 900 is near', 'number 1 has a walrus', 'number 500 is far']
    const store = await storeOf(
      passages.map((text, i) => ({ id: `d${i}`, passages: [text] })),
      numberEmbedder(),
    )
    expect(idsOf(await searcherOf(store, numberEmbedder()).search({ query: 'walrus' }))).toEqual([
      'd1',
      'd0',
      'd2',
    ])
  })

  test('compares only what keywords find while that is enough', async () => {
    const texts = [
      'number 900 is near',
      'number 1 has a walrus',
      'number 500 has a walrus',
      'number 7 is there',
    ]
    const store = await storeOf(
      texts.map((text, i) => ({ id: `d${i}`, passages: [text] })),
      numberEmbedder(),
    )
    const comparedWithAll: boolean[] = []
    const listening: Store = {
      ...store,
      searchVectors: (query, limit, scope, options) => {
        comparedWithAll.push(options?.among === undefined)
        return store.searchVectors(query, limit, scope, options)
      },
    }
    const searcher = searcherOf(listening, numberEmbedder())
    const { hits } = await searcher.search({ query: 'walrus', limit: 2, explain: true })
    expect(hits.map(({ documentId }) => documentId)).toEqual(['d1', 'd2'])
    expect(hits.map(({ explain }) => explain?.vector?.rank)).toEqual([2, 1])
    expect(comparedWithAll).toEqual([false])
    await searcher.search({ query: 'walrus', limit: 3 })
    expect(comparedWithAll).toEqual([false, false, true])
  })

  test('answers alone when keywords find nothing, as relevant as its own scale says', async () => {
    const store = await storeOf([{ id: 'a', passages: ['number 200'] }], numberEmbedder())
    const { hits } = await searcherOf(store, numberEmbedder()).search({ query: 'wallrus', explain: true })
    // Cosine 0.6967 between unrelated (0.5) and related (0.9); the first rank of one list scores 1 / 61.
    expect(hits).toMatchObject([
      { documentId: 'a', relevance: expect.closeTo(0.4918, 3), score: expect.closeTo(1 / 61, 6) },
    ])
  })

  test('adds nothing below the cosine of unrelated texts, and takes nothing from what keywords find', async () => {
    const texts = ['number 2500 is no walrus', 'number 2500 is noise', 'number 900 is near']
    const store = await storeOf(
      texts.map((text, i) => ({ id: `d${i}`, passages: [text] })),
      numberEmbedder(),
    )
    const { hits } = await searcherOf(store, numberEmbedder()).search({ query: 'walrus', explain: true })
    expect(hits.map(({ documentId }) => documentId)).toEqual(['d0', 'd2'])
    expect(hits[0]?.explain?.vector?.score).toBeLessThan(0.5)
  })
})

describe('hits', () => {
  test('are the best passage of each document', async () => {
    const { hits } = await (await someSearcher()).search({ query: 'walrus key', mode: 'keyword' })
    expect(hits.map(({ id }) => id)).toEqual(['zoo-1'])
    expect(hits[0]).not.toHaveProperty('text')
  })

  test('are every matching passage with its text when all is wanted', async () => {
    const { hits } = await (await someSearcher()).search({ query: 'walrus key', mode: 'keyword', full: true })
    expect(hits.map(({ id, text }) => [id, text])).toEqual([
      ['zoo-1', 'The walrus has a key. The walrus guards it.'],
      ['zoo-0', 'A walrus sleeps.'],
    ])
  })

  test('tell where they come from and what matched', async () => {
    const { hits } = await (await someSearcher()).search({
      query: 'the tusks',
      mode: 'keyword',
      explain: true,
    })
    expect(hits[0]).toMatchObject({
      id: 'sea-0',
      documentId: 'sea',
      title: 'sea',
      uri: 'sea',
      collection: 'travel',
      location: { kind: 'lines', start: 1, end: 1 },
      metadata: { tag: 'sea' },
      snippet: 'Far out swims a pinniped with tusks.',
      highlights: [[30, 35]],
      explain: { keyword: { rank: 1 }, matchedTerms: ['tusks'] },
    })
    expect(hits[0]?.explain).not.toHaveProperty('vector')
  })

  test('are not explained unless that was asked', async () => {
    const { hits } = await (await someSearcher()).search({ query: 'walrus' })
    expect(hits[0]).not.toHaveProperty('explain')
  })

  test('are ordered by score, and their relevance lies between 0 and 1', async () => {
    const { hits } = await (await someSearcher()).search({ query: 'walrus gate in a pot', full: true })
    const scores = hits.map(({ score }) => score)
    expect(scores.length).toBeGreaterThan(3)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    for (const { relevance } of hits) {
      expect(relevance).toBeGreaterThanOrEqual(0)
      expect(relevance).toBeLessThanOrEqual(1)
    }
  })

  test('a word that no passage holds lowers relevance most', async () => {
    const searcher = await someSearcher()
    const relevance = async (query: string) =>
      (await searcher.search({ query, mode: 'keyword' })).hits[0]?.relevance ?? 0
    expect(await relevance('walrus')).toBe(1)
    expect(await relevance('walrus quokka')).toBeLessThan(0.5)
    expect(await relevance('walrus quokka')).toBeGreaterThan(0)
    expect(await relevance('walrus sleeps')).toBe(1)
  })

  test('the title counts as text of the passage', async () => {
    const { hits } = await (await someSearcher()).search({ query: 'kitchen pot', mode: 'keyword' })
    expect(hits[0]).toMatchObject({ documentId: 'kitchen', relevance: 1 })
  })

  test('the answer repeats the query and tells how long it took by the clock', async () => {
    expect(await (await someSearcher()).search({ query: ' Walrus? ' })).toMatchObject({
      query: ' Walrus? ',
      tookMs: 7,
    })
  })
})

describe('limit and minScore', () => {
  test('limit counts documents, or passages when all are wanted', async () => {
    const searcher = await someSearcher()
    expect((await searcher.search({ query: 'walrus', limit: 2 })).hits).toHaveLength(2)
    const full = await searcher.search({ query: 'walrus', limit: 2, full: true, mode: 'keyword' })
    expect(full.hits.map(({ id }) => id).sort()).toEqual(['zoo-0', 'zoo-1'])
  })

  test('limit is 10 unless given', async () => {
    const many = Array.from({ length: 15 }, (_, i) => ({ id: `d${i}`, passages: ['a walrus'] }))
    const searcher = searcherOf(await storeOf(many, conceptEmbedder()), conceptEmbedder())
    expect((await searcher.search({ query: 'walrus' })).hits).toHaveLength(10)
    expect((await searcher.search({ query: 'walrus', limit: 100 })).hits).toHaveLength(15)
  })

  test('a document is found behind more passages of another one than are read at a time', async () => {
    const big = { id: 'big', passages: Array.from({ length: 100 }, () => 'walrus walrus') }
    const small = { id: 'small', passages: ['one walrus among a good many other words'] }
    const searcher = searcherOf(await storeOf([big, small], conceptEmbedder()), conceptEmbedder())
    expect(idsOf(await searcher.search({ query: 'walrus', mode: 'keyword', limit: 2 }))).toEqual([
      'big',
      'small',
    ])
  })

  test('minScore leaves out what is less relevant', async () => {
    const searcher = await someSearcher()
    const all = await searcher.search({ query: 'walrus' })
    const some = await searcher.search({ query: 'walrus', minScore: 0.5 })
    expect(idsOf(all)).toHaveLength(4)
    expect(idsOf(some)).toEqual(
      all.hits.filter(({ relevance }) => relevance >= 0.5).map((hit) => hit.documentId),
    )
    expect(idsOf(some).sort()).toEqual(['sea', 'zoo'])
  })

  test('minScore keeps a hit of exactly this relevance, and none below', async () => {
    const searcher = await someSearcher()
    const request = { query: 'walrus quokka', mode: 'keyword' } as const
    const relevance = (await searcher.search(request)).hits[0]?.relevance ?? 0
    expect((await searcher.search({ ...request, minScore: relevance })).hits).toHaveLength(1)
    expect((await searcher.search({ ...request, minScore: relevance + 0.0001 })).hits).toEqual([])
  })

  test('what minScore leaves out takes no place from what is relevant enough', async () => {
    // BM25 likes the short passage that repeats one word better than the long one that holds both.
    const short = { id: 'short', passages: ['walrus '.repeat(10)] }
    const long = { id: 'long', passages: [`walrus key ${'filler '.repeat(100)}`, 'key '.repeat(9)] }
    const others = Array.from({ length: 6 }, (_, i) => ({ id: `other ${i}`, passages: ['soup'] }))
    const searcher = searcherOf(await storeOf([short, long, ...others], conceptEmbedder()), conceptEmbedder())
    const request = { query: 'walrus key', mode: 'keyword' } as const
    const all = (await searcher.search({ ...request, full: true })).hits
    expect(all.at(-1)).toMatchObject({ id: 'long-0', relevance: 1 })
    const one = await searcher.search({ ...request, limit: 1, minScore: 0.9 })
    expect(one.hits.map(({ id }) => id)).toEqual(['long-0'])
  })
})

describe('requests that cannot be answered', () => {
  test.each([
    ['query', { query: '' }],
    ['query', { query: ' \n\t' }],
    ['query', { query: 'x'.repeat(8_001) }],
    ['limit', { query: 'x', limit: 0 }],
    ['limit', { query: 'x', limit: 101 }],
    ['limit', { query: 'x', limit: 1.5 }],
    ['limit', { query: 'x', limit: Number.NaN }],
    ['minScore', { query: 'x', minScore: -0.1 }],
    ['minScore', { query: 'x', minScore: 1.1 }],
    ['minScore', { query: 'x', minScore: Number.NaN }],
  ])('are refused, naming %s', async (field, request) => {
    const searcher = await someSearcher()
    await expect(searcher.search(request)).rejects.toMatchObject({ code: 'BAD_INPUT', field })
    await expect(searcher.rankDocuments(request)).rejects.toMatchObject({ code: 'BAD_INPUT', field })
  })

  test('the longest query, the least and the greatest limit are not refused', async () => {
    const searcher = await someSearcher()
    for (const request of [
      { query: 'x'.repeat(8_000) },
      { query: 'x', limit: 1 },
      { query: 'x', limit: 100 },
    ])
      await expect(searcher.search(request)).resolves.toHaveProperty('hits')
  })

  test('an unknown collection is named, with those there are', async () => {
    await expect((await someSearcher()).search({ query: 'x', collection: 'nots' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      field: 'collection',
      message: expect.stringContaining('nots'),
      hint: 'There are: notes, travel.',
    })
  })
})

describe('collections', () => {
  test.each(modes)('restrict a search by %s', async (mode) => {
    const searcher = await someSearcher()
    const { hits } = await searcher.search({ query: 'walrus tusks garage', mode, collection: 'travel' })
    expect(hits.length).toBeGreaterThan(0)
    expect(new Set(hits.map(({ collection }) => collection))).toEqual(new Set(['travel']))
  })
})

describe('an index that nothing was written to', () => {
  test.each(modes)('has no hits by %s', async (mode) => {
    const { hits } = await searcherOf(emptyStore(), conceptEmbedder()).search({ query: 'walrus', mode })
    expect(hits).toEqual([])
  })

  test('has no collections to name', async () => {
    const searcher = searcherOf(emptyStore(), conceptEmbedder())
    await expect(searcher.search({ query: 'x', collection: 'a' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'The index is empty.',
    })
  })
})

describe('when the query cannot be embedded', () => {
  const search = async (embedder: QueryEmbedder, mode: SearchMode = 'hybrid') =>
    (await someSearcher(embedder)).search({ query: 'walrus', mode })

  function expectDegraded(result: SearchResult, reason: string): void {
    expect(result.mode).toBe('keyword')
    expect(result.degraded).toContain(reason)
    expect(idsOf(result)).toEqual(['zoo'])
  }

  test.each(['hybrid', 'vector'] as const)(
    'for want of an embedder, keywords answer for %s',
    async (mode) => {
      expectDegraded(await search({ unavailable: 'There is no key' }, mode), 'There is no key')
    },
  )

  test.each<ErrorCode>([
    'OFFLINE',
    'MODEL_NOT_FOUND',
    'QUOTA_EXHAUSTED',
    'RATE_LIMITED',
    'KEY_REFUSED',
    'TIMEOUT',
    'UNAVAILABLE',
  ])('because of %s, keywords answer and the reason is given', async (code) => {
    expectDegraded(
      await search(failingEmbedder(new GemdexError(code, `Because of ${code}`))),
      `Because of ${code}`,
    )
  })

  test('a wait longer than a search may take is not begun', async () => {
    const error = new GemdexError('RATE_LIMITED', 'Too many', { retryable: true, retryAfterMs: 60_000 })
    expectDegraded(await search(failingEmbedder(error)), 'Too many')
  })

  test('a fault that passes is tried again, once', async () => {
    const embedder = conceptEmbedder()
    let calls = 0
    const failing = (times: number): Embedder => ({
      ...embedder,
      embed: (inputs, options) => {
        calls++
        const error = new GemdexError('UNAVAILABLE', 'Busy', { retryable: true, retryAfterMs: 1 })
        return calls <= times ? Promise.reject(error) : embedder.embed(inputs, options)
      },
    })
    expect(await search(failing(1))).not.toHaveProperty('degraded')
    expect(calls).toBe(2)
    calls = 0
    expectDegraded(await search(failing(5)), 'Busy')
    expect(calls).toBe(2)
  })

  test('an embedder that gives no vector is no reason to fail', async () => {
    const silent: Embedder = { ...conceptEmbedder(), embed: async () => [] }
    expectDegraded(await search(silent), 'gave no vector')
  })

  test('a vector that does not fit the index is no reason to fail', async () => {
    expectDegraded(await search(numberEmbedder()), 'dimensions')
  })

  test.each(['CANCELLED', 'STORE_CORRUPT'] as const)('%s is thrown', async (code) => {
    await expect(search(failingEmbedder(new GemdexError(code, 'Stop')))).rejects.toMatchObject({ code })
  })

  test('a fault of the program is thrown', async () => {
    await expect(search(failingEmbedder(new TypeError('a bug')))).rejects.toThrow('a bug')
  })

  test('a search whose signal is aborted is CANCELLED', async () => {
    const searcher = await someSearcher()
    const signal = AbortSignal.abort()
    for (const mode of modes)
      await expect(searcher.search({ query: 'walrus', mode, signal })).rejects.toMatchObject({
        code: 'CANCELLED',
      })
  })

  test('the signal reaches the embedder', async () => {
    const controller = new AbortController()
    const waiting: Embedder = {
      ...conceptEmbedder(),
      embed: (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new GemdexError('CANCELLED', 'Stopped')))
          controller.abort()
        }),
    }
    const searcher = await someSearcher(waiting)
    const cancelled = searcher.search({ query: 'walrus', signal: controller.signal })
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('rankDocuments', () => {
  test.each(modes)('gives the documents of a search by %s in its order', async (mode) => {
    const searcher = await someSearcher()
    const { hits } = await searcher.search({ query: 'walrus in a pot', mode })
    const ranked = await searcher.rankDocuments({ query: 'walrus in a pot', mode })
    expect(ranked.map(({ documentId }) => documentId)).toEqual(hits.map(({ documentId }) => documentId))
    expect(ranked[0]?.score).toBeCloseTo(hits[0]?.score ?? 0, 5)
  })
})

describe('whatever users type', () => {
  test('is answered, or refused as BAD_INPUT', async () => {
    const searcher = await someSearcher()
    const piece = fc.oneof(
      fc.constantFrom(
        'AND',
        'OR',
        'NOT',
        'NEAR(',
        '"',
        "'",
        '*',
        '^',
        '-',
        '(',
        '%',
        '_',
        '\\',
        '\0',
        ';--',
        '{}',
        ':',
      ),
      fc.constantFrom('walrus', 'key', '🦭', 'e\u0301', '\ud83e', '\udd2d', '\u202e', 'ﷺ', '½', 'İ'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    const query = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(' '))
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom(...modes), fc.boolean(), async (text, mode, full) => {
        try {
          const { hits } = await searcher.search({ query: text, mode, full, explain: true })
          for (const { score, relevance, snippet, highlights } of hits) {
            expect(score).toBeGreaterThan(0)
            expect(relevance).toBeGreaterThanOrEqual(0)
            expect(relevance).toBeLessThanOrEqual(1)
            for (const [start, end] of highlights) expect(snippet.slice(start, end)).not.toBe('')
          }
        } catch (error) {
          if (!(error instanceof GemdexError)) throw error
          expect([error.code, error.field, text.trim()]).toEqual(['BAD_INPUT', 'query', ''])
        }
      }),
      { numRuns: 300 },
    )
  })
})
