import { describe, expect, test } from 'vitest'
import type { Generator } from '../../src/answer/generator.js'
import { evaluateSearch, parseSetting } from '../../src/evaluate/evaluate-search.js'
import { makeQuestions } from '../../src/evaluate/make-questions.js'
import { createEvaluation } from '../../src/evaluate/runner.js'
import { conceptEmbedder, emptyStore, searcherOf, storeOf } from '../search/small-index.js'
import { beirFolder } from './beir-folder.js'

const passage = (word: string) => `${word} ${'and some filler around it '.repeat(10)}`
const documents = ['walrus', 'gate', 'key'].map((id) => ({
  id,
  passages: [passage(id), passage(`other ${id}`)],
}))

/** Writes one question for each passage it is shown: its first words. */
function questioner(extractive = false): Generator {
  return {
    modelId: 'questioner',
    maxInputTokens: 1_000_000,
    maxOutputTokens: 65_536,
    seesImages: false,
    extractive,
    async *generate({ messages }) {
      const shown = [...(messages[0]?.text ?? '').matchAll(/<<passage \d+ mark>>\n(.*)\n(\S+ \S+)/g)]
      const questions = shown.map((match) => `Where is ${match[2]}?`)
      yield { type: 'text', text: JSON.stringify({ questions }), candidate: 0 }
      yield { type: 'finish', kind: 'stop', reason: 'STOP' }
    },
  }
}

async function dependencies(extractive = false) {
  const store = await storeOf(documents, conceptEmbedder())
  const searcher = searcherOf(store, conceptEmbedder())
  const fresh = async () => {
    const empty = emptyStore()
    const embedder = conceptEmbedder()
    return createEvaluation({ store: empty, embedder, searcher: searcherOf(empty, embedder), concurrency: 1 })
  }
  return {
    openFresh: fresh,
    searcher,
    searcherOf: async () => searcher,
    makeQuestions: (count: number) =>
      makeQuestions(
        { store, generator: () => questioner(extractive), safety: [], randomMark: () => 'mark' },
        count,
      ),
  }
}

describe('evaluateSearch', () => {
  test('measures a folder in each setting and compares them with the first', async () => {
    const report = await evaluateSearch(await dependencies(), {
      folder: await beirFolder(),
      settings: ['keyword', 'hybrid'],
    })
    expect(report).toMatchObject({ queries: 3, documents: 4 })
    expect(report.settings.map(({ setting }) => setting)).toEqual(['keyword', 'hybrid'])
    expect(report.settings[0]?.measures.ndcg10).toEqual({ mean: 1, low: 1, high: 1 })
    expect(report.comparisons[0]).toMatchObject({
      first: 'keyword',
      second: 'hybrid',
      measures: { map: { difference: 0, p: 1 } },
    })
    expect([...(report.settings[1]?.runs.keys() ?? [])]).toEqual(['q1', 'q2', 'q4'])
  })

  test('makes questions of passages of the index and looks for their documents', async () => {
    const report = await evaluateSearch(await dependencies(), { fromIndex: 5, settings: ['keyword'] })
    expect(report.queries).toBe(5)
    expect(report.settings[0]?.measures.recall10.mean).toBe(1)
    expect(report).not.toHaveProperty('documents')
  })

  test('asks about each passage once and stops when there are no more', async () => {
    const report = await evaluateSearch(await dependencies(), { fromIndex: 50, settings: ['keyword'] })
    expect(report.queries).toBe(6)
  })

  test('asks another searcher the same questions, and compares the two', async () => {
    const report = await evaluateSearch(await dependencies(), {
      fromIndex: 5,
      settings: ['keyword'],
      compare: 'former-model',
    })
    expect(report.settings.map(({ setting }) => setting)).toEqual(['keyword', 'keyword@former-model'])
    expect(report.comparisons).toMatchObject([{ measures: { map: { difference: 0 } } }])
  })

  test.each([
    [{}, 'either a folder or'],
    [{ folder: 'a', compare: 'former-model' }, 'compared on questions of the index'],
    [{ folder: 'a', fromIndex: 3 }, 'either a folder or'],
    [{ fromIndex: 0 }, 'fromIndex'],
    [{ fromIndex: 3, settings: ['best'] }, '"best" is no setting'],
    [{ folder: '/nonexistent' }, 'cannot be read'],
  ])('refuses %j', async (request, message) => {
    await expect(evaluateSearch(await dependencies(), request)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(message),
    })
  })

  test('questions need a model that writes', async () => {
    await expect(evaluateSearch(await dependencies(true), { fromIndex: 2 })).rejects.toMatchObject({
      code: 'KEY_MISSING',
    })
  })
})

describe('parseSetting', () => {
  test('reads a mode and what is done beside', () => {
    expect(parseSetting('hybrid')).toEqual({ mode: 'hybrid' })
    expect(parseSetting('hybrid+rerank+hyde')).toEqual({ mode: 'hybrid', rerank: true, hyde: true })
    expect(() => parseSetting('hybrid+magic')).toThrow('is no setting')
  })
})
