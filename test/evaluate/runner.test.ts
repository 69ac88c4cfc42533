import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { GemdexError } from '../../src/errors.js'
import { type BeirFolder, readBeirFolder } from '../../src/evaluate/read-beir-folder.js'
import { createEvaluation, type Evaluation } from '../../src/evaluate/runner.js'
import { createSearcher } from '../../src/search/searcher.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import type { Store } from '../../src/store/store.js'
import type { SearchMode } from '../../src/types.js'
import { conceptEmbedder, emptyStore, failingEmbedder } from '../search/small-index.js'
import { beirFolder, jsonLines } from './beir-folder.js'

function evaluationOf(store: Store, embedder: Embedder = conceptEmbedder()): Evaluation {
  const searcher = createSearcher({
    store,
    embedder: async () => embedder,
    clock: () => 0,
    now: () => 0,
  })
  return createEvaluation({ store, embedder, searcher, concurrency: 2 })
}

async function loaded(folder: BeirFolder): Promise<Evaluation> {
  const evaluation = evaluationOf(emptyStore())
  await evaluation.load(folder)
  return evaluation
}

describe('load', () => {
  test('brings every document into the index, with its vectors, and counts the passages', async () => {
    const store = emptyStore()
    const folder = await readBeirFolder(await beirFolder())
    expect(await evaluationOf(store).load(folder)).toBe(4)
    expect(await store.counts()).toMatchObject({ documents: 4, chunks: 4, embedded: 4 })
  })

  test('cuts long documents into passages', async () => {
    const long = { id: 'd1', title: 'Long', text: 'A walrus sleeps on the ice. '.repeat(300) }
    const store = emptyStore()
    const passages = await evaluationOf(store).load({ documents: [long] })
    expect(passages).toBeGreaterThan(3)
    expect(await store.counts()).toMatchObject({ documents: 1, chunks: passages })
  })

  test('takes more documents than one round holds, and documents without a word', async () => {
    const documents = Array.from({ length: 1_001 }, (_, i) => ({
      id: `d${i}`,
      title: '',
      text: i === 7 ? '' : `number ${i}`,
    }))
    const store = emptyStore()
    expect(await evaluationOf(store).load({ documents })).toBe(1_000)
    expect(await store.counts()).toMatchObject({ documents: 1_001, chunks: 1_000 })
  })

  test('throws what the embedder throws', async () => {
    const folder = await readBeirFolder(await beirFolder())
    const evaluation = evaluationOf(
      emptyStore(),
      failingEmbedder(new GemdexError('KEY_REFUSED', 'no vectors today')),
    )
    await expect(evaluation.load(folder)).rejects.toThrow('no vectors today')
  })
})

describe('measure', () => {
  test.each<SearchMode>(['keyword', 'hybrid'])(
    'finds every answer of the small collection by %s',
    async (mode) => {
      const folder = await readBeirFolder(await beirFolder())
      const result = await (await loaded(folder)).measure(folder, { mode })
      expect(result.measures).toEqual({ ndcg10: 1, recall10: 1, recall100: 1, mrr10: 1, map: 1 })
      expect([...result.runs.keys()]).toEqual(['q1', 'q2', 'q4'])
    },
  )

  test('ranks by the collection’s own ids, best first', async () => {
    const folder = await readBeirFolder(await beirFolder())
    const { runs } = await (await loaded(folder)).measure(folder, { mode: 'vector' })
    const run = [...(runs.get('q1') ?? [])]
    expect(run[0]?.[0]).toBe('d1')
    expect(run.map(([id]) => id).sort()).toEqual(['d1', 'd2', 'd3', 'd4'])
    expect(run.map(([, score]) => score)).toEqual(run.map(([, score]) => score).sort((a, b) => b - a))
  })

  test('is the mean over judged queries that have a relevant document', async () => {
    const folder = await readBeirFolder(
      await beirFolder({ 'qrels/test.tsv': 'q1\td1\t1\nq2\td3\t1\nq3\td1\t0\nq4\td4\t1\n' }),
    )
    const { measures } = await (await loaded(folder)).measure(folder, { mode: 'keyword' })
    // q1 and q4 are answered, q2 asks for what its words do not find, q3 has nothing to find.
    expect(measures.mrr10).toBeCloseTo(2 / 3, 12)
    expect(measures.recall100).toBeCloseTo(2 / 3, 12)
  })

  test('counts a judged query that is not among the queries as unanswered', async () => {
    const folder = await readBeirFolder(
      await beirFolder({ 'queries.jsonl': jsonLines({ _id: 'q1', text: 'walrus tusks' }) }),
    )
    const { measures } = await (await loaded(folder)).measure(folder, { mode: 'keyword' })
    expect(measures.mrr10).toBeCloseTo(1 / 3, 12)
  })

  test('without judgements is 0', async () => {
    const { documents } = await readBeirFolder(await beirFolder())
    const folder = { documents, queries: [], judgements: new Map() }
    const { measures, runs } = await (await loaded(folder)).measure(folder, { mode: 'hybrid' })
    expect(measures).toEqual({ ndcg10: 0, recall10: 0, recall100: 0, mrr10: 0, map: 0 })
    expect(runs.size).toBe(0)
  })
})

test('close closes the store', async () => {
  const store = openSqliteStore(':memory:', { create: true })
  await evaluationOf(store).close()
  await expect(store.counts()).rejects.toThrow()
})
