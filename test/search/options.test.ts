import { describe, expect, test } from 'vitest'
import type { GenerateRequest, Generator } from '../../src/answer/generator.js'
import { GemdexError } from '../../src/errors.js'
import { createAssistant } from '../../src/search/assistant.js'
import { findSimilar } from '../../src/search/similar.js'
import { suggest } from '../../src/search/suggest.js'
import type { SearchResult } from '../../src/types.js'
import {
  conceptEmbedder,
  emptyStore,
  NOW_MS,
  type SmallDocument,
  searcherOf,
  storeOf,
} from './small-index.js'

const DAY_MS = 86_400_000
const documents: readonly SmallDocument[] = [
  { id: 'old walrus', passages: ['A walrus with tusks sleeps.'], modifiedMs: NOW_MS - 4_000 * DAY_MS },
  {
    id: 'new walrus',
    passages: ['Some other walrus sleeps here in the long summer.'],
    modifiedMs: NOW_MS - DAY_MS,
  },
  { id: 'gate', passages: ['The walrus opens a gate with its key.'], modifiedMs: NOW_MS - 40 * DAY_MS },
  { id: 'copy', passages: ['The walrus opens a gate with its key.'], modifiedMs: NOW_MS - 50 * DAY_MS },
  { id: 'Straße', passages: ['Die Häuser stehen an der Straße.'], language: 'de' },
]

/** A generator that answers with these texts in turn, and remembers what it was asked. */
function writerOf(...answers: readonly (string | Error)[]) {
  const requests: GenerateRequest[] = []
  const generator: Generator = {
    modelId: 'writer',
    maxInputTokens: 1_000_000,
    maxOutputTokens: 65_536,
    seesImages: false,
    extractive: false,
    async *generate(request) {
      requests.push(request)
      const answer = answers[requests.length - 1] ?? ''
      if (answer instanceof Error) throw answer
      yield { type: 'text', text: answer, candidate: 0 }
      yield { type: 'finish', kind: 'stop', reason: 'STOP' }
    },
  }
  const assistant = createAssistant({ generator: () => generator, safety: [], randomMark: () => 'm4rk' })
  return { assistant, requests }
}

const store = () => storeOf(documents, conceptEmbedder())
const idsOf = ({ hits }: SearchResult) => hits.map(({ documentId }) => documentId)
const keyword = { query: 'walrus', mode: 'keyword' } as const

test.each([undefined, false, true])('every vector is compared when exact is %s', async (exact) => {
  const given = await store()
  const compared: (boolean | undefined)[] = []
  const watched = {
    ...given,
    searchVectors: (...args: Parameters<typeof given.searchVectors>) => {
      compared.push(args[3]?.exact)
      return given.searchVectors(...args)
    },
  }
  const request = { query: 'walrus', mode: 'vector', ...(exact === undefined ? {} : { exact }) } as const
  const { hits } = await searcherOf(watched, conceptEmbedder()).search(request)
  expect(hits.length).toBeGreaterThan(0)
  expect(compared).toEqual([exact ?? false])
})

describe('phrases and excluded words', () => {
  test.each(['keyword', 'hybrid', 'vector'] as const)('restrict a search by %s', async (mode) => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    const phrase = await searcher.search({ query: '"walrus opens" gate', mode })
    expect(idsOf(phrase).toSorted()).toEqual(['copy', 'gate'])
    const excluded = await searcher.search({ query: 'walrus -gate', mode })
    expect(idsOf(excluded)).not.toContain('gate')
    expect(idsOf(excluded).length).toBeGreaterThan(1)
  })

  test('are ordinary text where a query is taken literally', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    expect(
      idsOf(await searcher.search({ ...keyword, query: '"walrus nowhere"', literal: true })),
    ).toHaveLength(4)
  })

  test('words of other languages are found by their forms', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    expect(idsOf(await searcher.search({ query: 'Haus', mode: 'keyword' }))).toEqual(['Straße'])
    expect(idsOf(await searcher.search({ query: '"die Häuser stehen"', mode: 'keyword' }))).toEqual([
      'Straße',
    ])
  })
})

describe('a misspelt word', () => {
  test('is corrected from the words of the index, said so, and counts less', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    const result = await searcher.search({ query: 'wallrus', mode: 'keyword' })
    expect(result.corrections).toEqual([{ from: 'wallrus', to: 'walrus' }])
    expect(result.hits[0]?.relevance).toBeCloseTo(0.7, 4)
    expect(await searcher.search(keyword)).not.toHaveProperty('corrections')
  })

  test.each([
    // Porter's stemmer takes the e off `change` and leaves it at `chnage`.
    ['chnage', 'change'],
    // The nearest stem is that of `attention`, the nearest word is not.
    ['autentication', 'authentication'],
    ['recieve', 'receive'],
  ])('%s is taken for %s, though other stems are nearer', async (from, to) => {
    const passages = [
      'The authenticated change. Changes of the authentication are received late.',
      'Pay attention to attentive people, with attention.',
      'Attention, please: receive it.',
    ]
    const index = await storeOf([{ id: 'all', passages }], conceptEmbedder())
    const { corrections } = await searcherOf(index, conceptEmbedder()).search({
      query: from,
      mode: 'keyword',
    })
    expect(corrections).toEqual([{ from, to }])
  })

  test('a word that a passage holds as part of another one counts for relevance', async () => {
    const index = await storeOf(
      [{ id: 'code', passages: ['Call parseWalrus with care.'] }],
      conceptEmbedder(),
    )
    const { hits } = await searcherOf(index, conceptEmbedder()).search({ query: 'walrus', mode: 'keyword' })
    expect(hits[0]?.relevance).toBe(1)
  })

  test.each(['quokkas', 'ice9', '海象'])('%s is left alone', async (query) => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    expect(await searcher.search({ query, mode: 'keyword' })).not.toHaveProperty('corrections')
  })
})

describe('recency', () => {
  test('puts new documents before old ones and explains', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    expect(idsOf(await searcher.search(keyword))[0]).toBe('old walrus')
    const result = await searcher.search({ ...keyword, halfLifeDays: 30, explain: true })
    expect(idsOf(result).indexOf('new walrus')).toBeLessThan(idsOf(result).indexOf('old walrus'))
    expect(result.hits[0]?.explain?.recency).toEqual({ ageDays: 1, factor: expect.closeTo(0.9886, 3) })
    const scores = result.hits.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })
})

describe('diversity', () => {
  test('parts copies of one another', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    const query = 'walrus gate key'
    const plain = idsOf(await searcher.search({ query, mode: 'keyword' }))
    expect(new Set(plain.slice(0, 2))).toEqual(new Set(['gate', 'copy']))
    const diverse = await searcher.search({ query, mode: 'keyword', diversity: 0.7, explain: true })
    expect(new Set(idsOf(diverse).slice(0, 2))).not.toEqual(new Set(['gate', 'copy']))
    expect(diverse.hits.at(-1)?.explain?.similarToAbove).toBeGreaterThan(0.9)
  })
})

describe('dates in the query', () => {
  test('restrict it when asked to', async () => {
    const searcher = searcherOf(await store(), conceptEmbedder())
    const request = { query: 'walrus in the past 60 days', mode: 'keyword' } as const
    const result = await searcher.search({ ...request, dates: true, explain: true })
    expect(idsOf(result).toSorted()).toEqual(['copy', 'gate', 'new walrus'])
    expect(result.explain).toMatchObject({ text: 'walrus', dates: { words: 'in the past 60 days' } })
    expect(idsOf(await searcher.search(request))).toContain('old walrus')
  })
})

describe('reranking', () => {
  test('takes the generator’s order, in one call with a schema, and explains', async () => {
    const { assistant, requests } = writerOf('```json\n{"ranking": [3, 99, 1]}\n```')
    const searcher = searcherOf(await store(), conceptEmbedder(), { assistant })
    const before = idsOf(await searcher.search(keyword))
    const result = await searcher.search({ ...keyword, rerank: true, explain: true })
    expect(idsOf(result)).toEqual([before[2], before[0], before[1], before[3]])
    expect(result.hits[0]?.explain?.rankBeforeRerank).toBe(3)
    expect(requests).toHaveLength(1)
    expect(requests[0]?.responseSchema).toMatchObject({ type: 'object' })
    expect(requests[0]?.messages[0]?.text).toContain('<<passage 1 m4rk>>')
    const scores = result.hits.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })

  test.each([
    ['no JSON', 'the best is 3'],
    ['no list', '{"ranking": "3"}'],
    ['no passage', '{"ranking": [0, 99]}'],
    ['a fault', new GemdexError('UNAVAILABLE', 'Busy')],
  ])('%s leaves the order and is noted', async (_, answer) => {
    const { assistant } = writerOf(answer)
    const searcher = searcherOf(await store(), conceptEmbedder(), { assistant })
    const result = await searcher.search({ ...keyword, rerank: true })
    expect(idsOf(result)).toEqual(idsOf(await searcher.search(keyword)))
    expect(result.notes).toEqual([expect.stringMatching(/^The hits were not reranked: /)])
  })

  test('cancelled is CANCELLED', async () => {
    const { assistant } = writerOf(new GemdexError('CANCELLED', 'Stopped'))
    const searcher = searcherOf(await store(), conceptEmbedder(), { assistant })
    await expect(searcher.search({ ...keyword, rerank: true })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('widening a query', () => {
  test('adds words, and an imagined answer’s vector, in one call', async () => {
    const { assistant, requests } = writerOf('{"words": ["tusks", 7], "answer": "A pinniped sleeps."}')
    const searcher = searcherOf(await store(), conceptEmbedder(), { assistant })
    const result = await searcher.search({ query: 'sea animal', expand: true, hyde: true, explain: true })
    expect(result.explain).toMatchObject({ expansion: ['tusks'], hypotheticalAnswer: 'A pinniped sleeps.' })
    expect(idsOf(result)[0]).toBe('old walrus')
    expect(requests).toHaveLength(1)
  })

  test('is left out and noted when the generator fails', async () => {
    const { assistant } = writerOf('nonsense')
    const searcher = searcherOf(await store(), conceptEmbedder(), { assistant })
    const result = await searcher.search({ ...keyword, expand: true })
    expect(result.notes).toEqual([expect.stringMatching(/^The query was not widened: /)])
    expect(idsOf(result)).toHaveLength(4)
  })

  test('asks nothing unless it is wanted', async () => {
    const { assistant, requests } = writerOf()
    await searcherOf(await store(), conceptEmbedder(), { assistant }).search({ query: 'walrus' })
    expect(requests).toEqual([])
  })
})

describe('findSimilar', () => {
  test('gives the nearest documents without the document itself', async () => {
    const hits = await findSimilar(await store(), conceptEmbedder(), { documentId: 'gate' })
    expect(hits.map(({ documentId }) => documentId)).not.toContain('gate')
    expect(hits[0]).toMatchObject({ documentId: 'copy', score: 1, relevance: 1 })
    const scores = hits.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })

  test('collapses near-duplicates and names them', async () => {
    const all = await findSimilar(await store(), conceptEmbedder(), { documentId: 'Straße' })
    expect(all).toHaveLength(4)
    const some = await findSimilar(await store(), conceptEmbedder(), { documentId: 'Straße', collapse: true })
    expect(some.flatMap(({ uri, duplicates = [] }) => [uri, ...duplicates]).toSorted()).toEqual(
      all.map(({ uri }) => uri).toSorted(),
    )
    expect(some.length).toBeLessThan(4)
  })

  test('honours a filter and refuses what is not there', async () => {
    const one = await store()
    const hits = await findSimilar(one, undefined, {
      documentId: 'gate',
      filter: { path: { $glob: '*walrus' } },
    })
    expect(hits.map(({ documentId }) => documentId).toSorted()).toEqual(['new walrus', 'old walrus'])
    await expect(findSimilar(one, undefined, { documentId: 'gate', ordinal: 9 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(findSimilar(one, undefined, { documentId: 'gate', limit: 0 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })
})

describe('suggest', () => {
  test('completes by titles first, then by words of the index', async () => {
    const one = await store()
    expect(await suggest(one, 'wal')).toEqual([
      { text: 'new walrus', kind: 'title' },
      { text: 'old walrus', kind: 'title' },
      { text: 'walrus', kind: 'word' },
    ])
    expect(await suggest(one, 'old wal')).toEqual([{ text: 'old walrus', kind: 'title' }])
    expect(await suggest(one, 'the tus')).toEqual([{ text: 'the tusks', kind: 'word' }])
  })

  test.each(['', ' ', '"', 'w', 'zzzz', '*', 'AND '])('%j completes to nothing', async (typed) => {
    expect(await suggest(await store(), typed)).toEqual([])
  })

  test('refuses over-long texts and limits that do not fit', async () => {
    await expect(suggest(emptyStore(), 'x'.repeat(201))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'q',
    })
    await expect(suggest(emptyStore(), 'x', { limit: 0 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'limit',
    })
  })
})
