import { describe, expect, test } from 'vitest'
import { parseRequest } from '../../src/api/parse-request.js'
import { askRequest } from '../../src/api/schemas/ask.js'
import { documentPath, listQuery } from '../../src/api/schemas/documents.js'
import { searchQuery, searchRequest } from '../../src/api/schemas/search.js'
import { modelsQuery, noQuery } from '../../src/api/schemas/service.js'
import type { AskOptions, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'

function refusal(schema: Parameters<typeof parseRequest>[0], value: unknown): GemdexError {
  try {
    parseRequest(schema, value, 'body')
  } catch (error) {
    if (error instanceof GemdexError) return error
    throw error
  }
  throw new Error('accepted')
}

test('what the schemas give is what the engine takes', () => {
  const search: Parameters<SearchEngine['search']>[0] = parseRequest(searchRequest, { query: 'x' }, 'body')
  const byText: Parameters<SearchEngine['search']>[0] = parseRequest(searchQuery, { q: 'x' }, 'body')
  const { question, generation, ...rest } = parseRequest(askRequest, { question: 'x' }, 'body')
  const ask: AskOptions = { ...rest, ...(generation === undefined ? {} : { settings: generation }) }
  const list: Parameters<SearchEngine['listDocuments']>[0] = parseRequest(listQuery, {}, 'body')
  expect([search, byText, question, ask, list]).toStrictEqual([
    { query: 'x' },
    { query: 'x' },
    'x',
    {},
    { limit: 50 },
  ])
})

describe('limits are inclusive', () => {
  test.each([
    { limit: 1, minScore: 0 },
    { limit: 100, minScore: 1 },
    { query: 'x'.repeat(8000), collection: 'x'.repeat(255) },
    { query: ' a ' },
    { query: '\0' },
  ])('%o', (fields) => {
    const value = { query: 'x', ...fields }
    expect(parseRequest(searchRequest, value, 'body')).toStrictEqual(value)
  })

  test.each([
    { maxOutputTokens: 1, candidates: 1, temperature: 0, topP: 0, topK: 1, stopSequences: [] },
    { maxOutputTokens: 1_000_000, candidates: 8, temperature: 2, topP: 1, topK: 1000 },
    { stopSequences: ['1', '2', '3', '4', 'x'.repeat(100)] },
    {},
  ])('generation %o', (generation) => {
    const value = { question: 'x', generation }
    expect(parseRequest(askRequest, value, 'body')).toStrictEqual(value)
  })
})

describe('query strings', () => {
  test.each([
    ['1', 1],
    ['100', 100],
    ['007', 7],
    ['5.0', 5],
  ])('limit=%s is %i', (text, limit) => {
    expect(parseRequest(searchQuery, { q: 'x', limit: text }, 'q')).toStrictEqual({ query: 'x', limit })
  })

  test('an object without a prototype is read like any other', () => {
    const query = Object.assign(Object.create(null), { q: 'x', explain: 'false' })
    expect(parseRequest(searchQuery, query, 'q')).toStrictEqual({ query: 'x', explain: false })
    expect(parseRequest(noQuery, Object.create(null), 'q')).toStrictEqual({})
    expect(parseRequest(modelsQuery, { method: 'm' }, 'q')).toStrictEqual({ method: 'm' })
  })
})

describe('safety', () => {
  test('categories get their prefix, once', () => {
    const safety = ['HATE_SPEECH', 'HARM_CATEGORY_HARASSMENT'].map((category) => ({
      category,
      threshold: 'OFF',
    }))
    expect(parseRequest(askRequest, { question: 'x', safety }, 'body').safety).toEqual([
      { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' },
      { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' },
    ])
  })

  test('a category twice is refused, however it is written', () => {
    const safety = ['HARASSMENT', 'HARM_CATEGORY_HARASSMENT'].map((category) => ({
      category,
      threshold: 'OFF',
    }))
    expect(refusal(askRequest, { question: 'x', safety })).toMatchObject({ field: 'safety.1.category' })
  })
})

describe('what is said', () => {
  test.each([
    [{}, 'query is missing: it must be a text of 1 to 8000 characters, not all blank'],
    [[], 'body must be an object, not a list (or given more than once)'],
    [
      { querry: 'x' },
      'querry is not known here: known are query, limit, mode, collection, filter, facets, task, minScore, explain, full, exact, literal, collapse, diversity, halfLifeDays, rerank, expand, hyde, dates',
    ],
    [{ query: 'x', limit: 0 }, 'limit must be a whole number from 1 to 100, not 0'],
    [{ query: 'x', limit: '5' }, 'limit must be a whole number from 1 to 100, not "5"'],
    [{ query: 'x', mode: 'all' }, 'mode must be one of hybrid, vector, keyword, not "all"'],
    [{ query: 'x', minScore: 2 }, 'minScore must be a number from 0 to 1, not 2'],
    [{ query: 'x', full: null }, 'full must be true or false, not null'],
    [{ query: { a: 1 } }, 'query must be a text of 1 to 8000 characters, not all blank, not an object'],
    [
      { query: 'x'.repeat(9000) },
      'query must be a text of 1 to 8000 characters, not all blank, not 9000 characters',
    ],
  ])('of %o', (value, message) => {
    const error = refusal(searchRequest, value)
    expect([error.code, error.message.slice(0, 250)]).toEqual(['BAD_INPUT', message])
  })

  test('where nothing is known', () => {
    expect(refusal(noQuery, { a: '1' }).message).toBe('a is not known here: none is')
  })

  test('a list too long', () => {
    const generation = { stopSequences: ['1', '2', '3', '4', '5', '6'] }
    expect(refusal(askRequest, { question: 'x', generation }).message).toBe(
      'generation.stopSequences must be a list of at most 5',
    )
  })
})

describe('the reference of a document', () => {
  test.each(['0123456789abcdef', 'a/b c.md', 'ü.md', 'https://example.org/a', '../a', '.', 'C:'])(
    '%s may be',
    (id) => {
      expect(parseRequest(documentPath, { id }, 'path')).toStrictEqual({ id })
    },
  )

  test.each(['', ' ', '/etc/passwd', '\\\\server\\share', 'C:\\a', 'c:/a', 'a\0b', 'x'.repeat(4097)])(
    '"%s" may not',
    (id) => {
      expect(refusal(documentPath, { id }).field).toBe('id')
    },
  )
})
