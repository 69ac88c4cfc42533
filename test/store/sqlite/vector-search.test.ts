import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSharedCodes } from '../../../src/store/sqlite/codes/code-space.js'
import type { SqliteStoreOptions } from '../../../src/store/sqlite/store-options.js'
import type { ScoredChunk, Store } from '../../../src/store/store.js'
import {
  COLLECTION,
  IDENTITY,
  keyOf,
  makeChunks,
  makeDocument,
  ROOT,
  unitsOf,
  unitVector,
} from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'
import { openThreads } from './threads/open-threads.js'

const OTHER = 'other'

type Sample = {
  readonly vectors: readonly (readonly number[])[]
  /** Documents with the vectors of their passages, by position modulo their number. */
  readonly documents: readonly { readonly other: boolean; readonly picks: readonly number[] }[]
  readonly removed: readonly number[]
  readonly query: readonly number[]
  readonly limits: readonly number[]
}

const sampleOf = (dimensions: number): fc.Arbitrary<Sample> => {
  const vector = fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: dimensions, maxLength: dimensions })
    .map((values) => (values.some((value) => value !== 0) ? values : [1, ...values.slice(1)]))
  return fc.record({
    vectors: fc.array(vector, { minLength: 1, maxLength: 40 }),
    documents: fc.array(fc.record({ other: fc.boolean(), picks: fc.array(fc.nat(), { maxLength: 12 }) }), {
      maxLength: 12,
    }),
    removed: fc.array(fc.nat(11), { maxLength: 4 }),
    query: vector,
    limits: fc.array(fc.integer({ min: 1, max: 160 }), { minLength: 1, maxLength: 3 }),
  })
}

async function fill(store: Store, { vectors, documents, removed }: Sample): Promise<void> {
  const dimensions = vectors[0]?.length ?? 0
  await store.adopt({ ...IDENTITY, embedder: { ...IDENTITY.embedder, dimensions } })
  await store.openCollection(COLLECTION, ROOT)
  await store.openCollection(OTHER, null)
  const embeddings = vectors.map((values, i) => ({ key: keyOf(`v${i}`), vector: unitVector(...values) }))
  await store.putEmbeddings(embeddings)
  for (const [i, { other, picks }] of documents.entries()) {
    const passages = picks.map((pick) => ({ text: 'x', embedding: `v${pick % vectors.length}` }))
    const document = makeDocument(`d${i}`, { collection: other ? OTHER : COLLECTION })
    await store.replaceDocuments([{ document, chunks: makeChunks(passages) }])
  }
  for (const i of removed) {
    const document = documents[i]
    if (document !== undefined) await store.removeFiles(document.other ? OTHER : COLLECTION, [`d${i}`])
  }
}

/** The cosine of every passage in scope, by id, computed here. */
async function cosines(store: Store, sample: Sample, collection?: string): Promise<Map<number, number>> {
  const query = unitVector(...sample.query)
  const result = new Map<number, number>()
  const all = await store.searchKeywords(unitsOf('x'), 10_000, collection === undefined ? {} : { collection })
  for (const chunk of await store.getChunks(all.map(({ chunkId }) => chunkId))) {
    const picks = sample.documents[Number(chunk.uri.slice(1))]?.picks ?? []
    const vector = unitVector(...(sample.vectors[(picks[chunk.ordinal] ?? 0) % sample.vectors.length] ?? []))
    result.set(
      chunk.chunkId,
      vector.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0),
    )
  }
  return result
}

function expectBest(found: readonly ScoredChunk[], limit: number, all: ReadonlyMap<number, number>): void {
  const best = [...all.values()].sort((a, b) => b - a).slice(0, limit)
  expect(found.map(({ score }) => score)).toEqual(best.map((score) => expect.closeTo(score, 5)))
  for (const { chunkId, score } of found) expect(score).toBeCloseTo(all.get(chunkId) ?? Number.NaN, 5)
  expect(found).toEqual(found.toSorted((a, b) => b.score - a.score || a.chunkId - b.chunkId))
}

async function check(open: () => Store, sample: Sample): Promise<void> {
  const store = open()
  await fill(store, sample)
  const query = unitVector(...sample.query)
  for (const collection of [undefined, COLLECTION, OTHER]) {
    const all = await cosines(store, sample, collection)
    const scope = collection === undefined ? {} : { collection }
    for (const limit of sample.limits) {
      const exact = await store.searchVectors(query, limit, scope, { exact: true })
      expectBest(exact, limit, all)
      expect(await store.searchVectors(query, limit, scope)).toEqual(exact)
    }
  }
  await store.close()
}

describe('searching by codes gives what comparing with every vector gives', () => {
  const portable = (): Partial<SqliteStoreOptions> => ({
    codes: { codes: createSharedCodes(1), lane: 0, kernel: 'portable' },
  })
  for (const dimensions of [1, 3, 7, 100, 129, 513]) {
    test(`in ${dimensions} dimensions`, async () => {
      const open = () => openTempStore(':memory:')
      await fc.assert(
        fc.asyncProperty(sampleOf(dimensions), (sample) => check(open, sample)),
        { numRuns: 25, seed: dimensions },
      )
    })
  }

  test('without SIMD', async () => {
    const open = () => openTempStore(':memory:', portable())
    await fc.assert(
      fc.asyncProperty(sampleOf(20), (sample) => check(open, sample)),
      { numRuns: 15, seed: 1 },
    )
  })
})

describe('codes', () => {
  const sample: Sample = {
    vectors: Array.from({ length: 50 }, (_, i) => [Math.sin(i), Math.cos(i * i), i % 3, 1]),
    documents: Array.from({ length: 10 }, (_, i) => ({ other: false, picks: [i, i * 7, i * 13] })),
    removed: [3],
    query: [1, 2, 3, 4],
    limits: [5],
  }
  const search = (store: Store) => store.searchVectors(unitVector(...sample.query), 5, {})

  async function makeIndex() {
    const path = tempPath()
    const store = openTempStore(path)
    await fill(store, sample)
    const found = await search(store)
    await store.close()
    return { path, found }
  }

  test.each([
    ['are missing', 'DELETE FROM codes'],
    ['are missing in part', 'DELETE FROM codes WHERE chunk_id % 3 = 0'],
    ['are of another format', "UPDATE code_sets SET format = 'other'"],
    ['have no mean', 'DELETE FROM code_sets'],
  ])('that %s are made anew when the index is opened, or when they are loaded', async (_, damage) => {
    const { path, found } = await makeIndex()
    inspect(path, (database) => database.exec(damage))
    const store = openTempStore(path, { create: false })
    expect(await search(store)).toEqual(found)
    expect(inspect(path, (database) => database.prepare('SELECT count(*) FROM codes').pluck().get())).toBe(27)
  })

  test('that are missing in part are made anew by the thread that loads them', async () => {
    const { path, found } = await makeIndex()
    inspect(path, (database) => database.exec('DELETE FROM codes WHERE chunk_id % 3 = 0'))
    expect(await search(openThreads(path))).toEqual(found)
  })

  test('that cannot all be made, as of a vector that is gone, are made anew once', async () => {
    const { path } = await makeIndex()
    inspect(path, (database) => {
      database.pragma('foreign_keys = OFF')
      database.exec('DELETE FROM vectors WHERE id = (SELECT min(vector_id) FROM chunk_vectors)')
      database.exec('DELETE FROM codes WHERE chunk_id % 3 = 0')
    })
    const generation = () =>
      inspect(path, (database) => database.prepare('SELECT generation FROM code_sets').pluck().get())
    const store = openTempStore(path, { create: false })
    const exactly = await store.searchVectors(unitVector(...sample.query), 5, {}, { exact: true })
    expect(await search(store)).toEqual(exactly)
    const made = generation()
    expect(await search(store)).toEqual(exactly)
    expect(generation()).toBe(made)
  })

  test('made anew by another process are taken over', async () => {
    const { path, found } = await makeIndex()
    const store = openTempStore(path, { create: false })
    expect(await search(store)).toEqual(found)
    inspect(path, (database) => database.exec('DELETE FROM code_sets'))
    await openTempStore(path, { create: false }).close()
    expect(await search(store)).toEqual(found)
  })

  test('follow an index whose removals are remembered no more', async () => {
    const { path } = await makeIndex()
    const store = openTempStore(path, { create: false })
    await search(store)
    const other = openTempStore(path, { create: false })
    await other.removeFiles(COLLECTION, ['d1', 'd2'])
    await other.removeFiles(COLLECTION, ['d5'])
    inspect(path, (database) => database.exec('DELETE FROM removals'))
    expect(await search(store)).toEqual(
      await store.searchVectors(unitVector(...sample.query), 5, {}, { exact: true }),
    )
  })

  test('follow an index that has gone back in time', async () => {
    const { path, found } = await makeIndex()
    const store = openTempStore(path, { create: false })
    const tables = [
      'vectors',
      'documents',
      'document_texts',
      'chunks',
      'chunk_vectors',
      'codes',
      'removals',
      'sqlite_sequence',
    ]
    inspect(path, (database) => {
      for (const table of tables) database.exec(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
    })
    await store.removeFiles(COLLECTION, ['d1', 'd2', 'd9'])
    expect(await search(store)).not.toEqual(found)
    inspect(path, (database) => {
      database.pragma('foreign_keys = OFF')
      for (const table of tables)
        database.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}`)
    })
    expect(await search(store)).toEqual(found)
  })
})
