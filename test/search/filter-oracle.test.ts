import { beforeAll, describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { createRandom } from '../../src/evaluate/significance.js'
import { indexTerms } from '../../src/ingest/prepare-document.js'
import { fuseRankings } from '../../src/search/fuse-rankings.js'
import { interpretQuery } from '../../src/search/interpret-query.js'
import { parseFilter } from '../../src/search/parse-filter.js'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import type { Store } from '../../src/store/store.js'
import type { Metadata } from '../../src/types.js'
import { keyOf, makeDocument, unitVector } from '../store/samples.js'
import { searcherOf } from './small-index.js'

type Doc = {
  readonly uri: string
  readonly type: string
  readonly metadata: Metadata
  readonly dateMs: number
  readonly text: string
  readonly crowd: boolean
}

const DOCUMENTS = 400
const CROWD = 5_200
const DIMENSIONS = 8
const DAY_MS = 86_400_000
const WORDS = ['walrus', 'key', 'gate', 'ice', 'tusk', 'harbour', 'winter', 'map']
const AUTHORS = ['Ada', 'Grace', 'Lin', 'Émile']
const EMBEDDER: Embedder = {
  identity: { provider: 'local', modelId: 'fixed', dimensions: DIMENSIONS, roles: 'test/1' },
  maxBatch: 100,
  maxInputTokens: 1_000,
  semantic: true,
  relevanceRange: { unrelated: 0, related: 1 },
  // The crowd lies right where every query does.
  embed: async (inputs) =>
    inputs.map(() => unitVector(1, ...Array.from({ length: DIMENSIONS - 1 }, () => 0))),
}

function makeDocs(random: () => number): Doc[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const docs = Array.from({ length: DOCUMENTS }, (_, i): Doc => {
    const metadata: Record<string, Metadata[string]> = { n: Math.floor(random() * 20) }
    if (random() < 0.7) metadata.author = pick(AUTHORS)
    if (random() < 0.5) metadata.tags = [pick(['a', 'b']), pick(['c', 'd', 1])]
    if (random() < 0.3) metadata.draft = random() < 0.5
    if (random() < 0.2) metadata.owner = { name: pick(AUTHORS), level: Math.floor(random() * 3) }
    if (random() < 0.1) metadata.author = null
    return {
      uri: `${pick(['docs', 'docs/deep', 'notes', 'Über'])}/${pick(['a', 'b', 'c'])}${i}.${pick(['md', 'txt', 'pdf'])}`,
      type: pick(['text/markdown', 'text/plain', 'application/pdf']),
      metadata,
      dateMs: Date.UTC(2024, 0, 1) + Math.floor(random() * 730) * DAY_MS,
      text: Array.from({ length: 4 + Math.floor(random() * 12) }, () => pick(WORDS)).join(' '),
      crowd: false,
    }
  })
  const crowd = Array.from(
    { length: 4 },
    (_, i): Doc => ({
      uri: `crowd/${i}.md`,
      type: 'text/crowd',
      metadata: { crowd: true },
      dateMs: Date.UTC(1990, 0, 1),
      text: 'walrus key',
      crowd: true,
    }),
  )
  return [...docs, ...crowd]
}

async function fillStore(docs: readonly Doc[], random: () => number): Promise<Store> {
  const store = openSqliteStore(':memory:', { create: true })
  await store.adopt({ embedder: EMBEDDER.identity, chunker: 'test/1' })
  await store.openCollection('notes', '/notes')
  await store.openCollection('crowd', '/crowd')
  for (const { uri, type, metadata, dateMs, text, crowd } of docs) {
    const passages = crowd ? CROWD / 4 : 1 + Math.floor(random() * 2)
    const chunks = Array.from({ length: passages }, (_, ordinal) => ({
      ordinal,
      text,
      start: 0,
      end: text.length,
      headings: [],
      location: { kind: 'lines', start: 1, end: 1 } as const,
      tokens: 10,
      ...indexTerms('', text, 'en'),
      embeddingKey: keyOf(crowd ? 'crowd' : `${uri}#${ordinal}`),
    }))
    const vectors = chunks.map(({ embeddingKey }) => ({
      key: embeddingKey,
      vector: crowd
        ? unitVector(1, ...Array.from({ length: DIMENSIONS - 1 }, () => 0))
        : unitVector(...Array.from({ length: DIMENSIONS }, () => random() - 0.5)),
    }))
    await store.putEmbeddings(crowd ? vectors.slice(0, 1) : vectors)
    await store.replaceDocuments([
      {
        document: makeDocument(uri, { type, metadata, dateMs, collection: crowd ? 'crowd' : 'notes' }),
        chunks,
      },
    ])
  }
  return store
}

type Test = (doc: Doc) => boolean
type RandomFilter = { readonly json: Record<string, unknown>; readonly matches: Test }

/** What a key of the metadata holds, a list as its items; written anew, not taken from the store. */
function valuesAt(metadata: Metadata, key: string): unknown[] {
  let at: unknown = metadata
  for (const part of key.split('.')) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !(part in at)) return []
    at = (at as Record<string, unknown>)[part]
  }
  return Array.isArray(at) ? at : [at]
}

function makeFilter(random: () => number, depth = 0): RandomFilter {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  if (depth < 3 && random() < 0.35) {
    const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => makeFilter(random, depth + 1))
    const json = parts.map((part) => part.json)
    const how = pick(['$and', '$or', '$not'] as const)
    if (how === '$and') return { json: { $and: json }, matches: (doc) => parts.every((p) => p.matches(doc)) }
    if (how === '$or') return { json: { $or: json }, matches: (doc) => parts.some((p) => p.matches(doc)) }
    const [one] = parts
    return { json: { $not: one?.json }, matches: (doc) => !one?.matches(doc) }
  }
  const author = pick(AUTHORS)
  const n = Math.floor(random() * 20)
  const month = `2024-${String(1 + Math.floor(random() * 12)).padStart(2, '0')}`
  const start = Date.parse(`${month}-01T00:00:00Z`)
  const end = Date.UTC(2024, new Date(start).getUTCMonth() + 1, 1)
  const numbers = (doc: Doc) => valuesAt(doc.metadata, 'n').filter((v) => typeof v === 'number') as number[]
  const holds =
    (key: string, value: unknown): Test =>
    (doc) =>
      valuesAt(doc.metadata, key).includes(value)
  return pick<() => RandomFilter>([
    () => ({ json: { author }, matches: holds('author', author) }),
    () => ({ json: { author: { $ne: author } }, matches: (doc) => !holds('author', author)(doc) }),
    () => ({
      json: { author: null },
      matches: (doc) => valuesAt(doc.metadata, 'author').every((v) => v === null),
    }),
    () => ({ json: { tags: 'a' }, matches: holds('tags', 'a') }),
    () => ({
      json: { tags: { $in: ['b', 1, null] } },
      matches: (doc) =>
        holds('tags', 'b')(doc) || holds('tags', 1)(doc) || valuesAt(doc.metadata, 'tags').length === 0,
    }),
    () => ({ json: { draft: true }, matches: holds('draft', true) }),
    () => ({ json: { draft: { $exists: true } }, matches: (doc) => 'draft' in doc.metadata }),
    () => ({ json: { draft: { $nin: [false] } }, matches: (doc) => !holds('draft', false)(doc) }),
    () => ({ json: { 'owner.name': author }, matches: holds('owner.name', author) }),
    () => ({ json: { n: { $gt: n } }, matches: (doc) => numbers(doc).some((v) => v > n) }),
    () => ({ json: { n: { $lte: n } }, matches: (doc) => numbers(doc).some((v) => v <= n) }),
    () => ({
      json: { n: { $gte: n, $lt: n + 5 } },
      matches: (doc) => numbers(doc).some((v) => v >= n) && numbers(doc).some((v) => v < n + 5),
    }),
    () => ({ json: { n: String(n) }, matches: () => false }),
    () => ({
      json: { author: { $gt: 'F' } },
      matches: (doc) => valuesAt(doc.metadata, 'author').some((v) => typeof v === 'string' && v > 'F'),
    }),
    () => ({ json: { path: { $glob: 'docs/*.md' } }, matches: (doc) => /^docs\/[^/]*\.md$/.test(doc.uri) }),
    () => ({ json: { path: { $glob: 'docs/**' } }, matches: (doc) => doc.uri.startsWith('docs/') }),
    () => ({
      json: { path: { $glob: '**/[ab]*.{md,pdf}' } },
      matches: (doc) => /(?:^|\/)[ab][^/]*\.(?:md|pdf)$/.test(doc.uri),
    }),
    () => ({ json: { path: { $glob: '**/*.md' } }, matches: (doc) => doc.uri.endsWith('.md') }),
    () => ({
      json: { path: { $glob: 'docs/**/*.pdf' } },
      matches: (doc) => doc.uri.startsWith('docs/') && doc.uri.endsWith('.pdf'),
    }),
    () => ({
      json: { author: { $glob: '**/*É?i*e' } },
      matches: (doc) => valuesAt(doc.metadata, 'author').includes('Émile'),
    }),
    () => ({
      json: { author: { $glob: '**/*ile' } },
      matches: (doc) => valuesAt(doc.metadata, 'author').includes('Émile'),
    }),
    () => ({
      json: { author: { $glob: '**/*Émile' } },
      matches: (doc) => valuesAt(doc.metadata, 'author').includes('Émile'),
    }),
    () => ({ json: { type: 'text/plain' }, matches: (doc) => doc.type === 'text/plain' }),
    () => ({ json: { time: { $gte: month } }, matches: (doc) => doc.dateMs >= start }),
    () => ({ json: { time: { $gt: month } }, matches: (doc) => doc.dateMs >= end }),
    () => ({ json: { size: { $gte: 10 } }, matches: () => true }),
    () => ({ json: { size: { $lt: 10 } }, matches: () => false }),
    () => ({ json: { time: month }, matches: (doc) => doc.dateMs >= start && doc.dateMs < end }),
    () => ({ json: { time: { $not: { $lt: start } } }, matches: (doc) => !(doc.dateMs < start) }),
  ])()
}

describe('a filtered search', () => {
  let docs: Doc[]
  let store: Store
  const random = createRandom(7)
  const query = unitVector(1, ...Array.from({ length: DIMENSIONS - 1 }, () => 0))

  beforeAll(async () => {
    docs = makeDocs(random)
    store = await fillStore(docs, random)
    return () => store.close()
  })

  test('is the unfiltered one restricted to the filter, for 1,000 filters against an oracle', async () => {
    const all = 10_000
    // One query in ten finds the crowd by its words too: reading thousands of passages takes its time.
    const plans = await Promise.all(
      ['walrus key gate', ...Array.from({ length: 9 }, () => 'gate ice map')].map(async (words) => {
        const { plan } = await interpretQuery(store, words)
        return { plan, every: await store.searchKeywords(plan, all, {}) }
      }),
    )
    const everyVector = await store.searchVectors(query, all, {})
    const chunks = await store.getChunks(everyVector.map(({ chunkId }) => chunkId))
    const uriOf = new Map(chunks.map(({ chunkId, uri }) => [chunkId, uri]))
    const docOf = new Map(docs.map((doc) => [doc.uri, doc]))
    // More than 5,000 passages outside most filters lie nearer than any inside.
    expect(everyVector.filter(({ score }) => score > 0.999).length).toBeGreaterThan(5_000)
    let matched = 0
    for (let i = 0; i < 1_000; i++) {
      const { json, matches } = makeFilter(random)
      // Filters that the crowd matches take their time: nine in ten leave it out by its collection.
      const withCrowd = i % 10 === 0
      const scope = { filter: parseFilter(json), ...(withCrowd ? {} : { collection: 'notes' }) }
      const inFilter = ({ chunkId }: { readonly chunkId: number }) => {
        const doc = docOf.get(uriOf.get(chunkId) ?? '')
        return doc !== undefined && (withCrowd || !doc.crowd) && matches(doc)
      }
      const { plan = [], every = [] } = plans[i % 10] ?? {}
      const keyword = await store.searchKeywords(plan, 50, scope)
      const vector = await store.searchVectors(query, 50, scope)
      expect(keyword, JSON.stringify(json)).toEqual(every.filter(inFilter).slice(0, 50))
      expect(vector, JSON.stringify(json)).toEqual(everyVector.filter(inFilter).slice(0, 50))
      if (vector.length > 0) matched++
    }
    expect(matched).toBeGreaterThan(800)
  }, 300_000)

  test('by both is the fusion of the two filtered lists', async () => {
    const searcher = searcherOf(store, EMBEDDER)
    for (let i = 0; i < 30; i++) {
      const { json } = makeFilter(random)
      const { plan } = await interpretQuery(store, 'walrus key gate')
      const scope = { filter: parseFilter(json) }
      const fused = fuseRankings([
        { list: await store.searchKeywords(plan, 200, scope), weight: 1 },
        { list: await store.searchVectors(query, 200, scope), weight: 1 },
      ])
      const chunks = await store.getChunks(fused.slice(0, 20).map(({ chunkId }) => chunkId))
      const { hits } = await searcher.search({
        query: 'walrus key gate',
        filter: json,
        full: true,
        limit: 20,
      })
      expect(hits.map(({ id }) => id)).toEqual(
        chunks.map(({ documentId, ordinal }) => `${documentId}-${ordinal}`),
      )
    }
  }, 120_000)

  test('corrects words before it filters: what the whole index holds is not corrected', async () => {
    const searcher = searcherOf(store, EMBEDDER)
    const request = { query: 'harbor', mode: 'keyword' } as const
    const everywhere = await searcher.search(request)
    expect(everywhere.corrections).toEqual([{ from: 'harbor', to: 'harbour' }])
    const nowhere = await searcher.search({ ...request, filter: { type: 'text/nothing' } })
    expect(nowhere).toMatchObject({ corrections: [{ from: 'harbor', to: 'harbour' }], hits: [] })
    expect(
      await searcher.search({ ...request, query: 'harbour', filter: { crowd: true } }),
    ).not.toHaveProperty('corrections')
  })

  test('counts the values of fields among what was found', async () => {
    const searcher = searcherOf(store, EMBEDDER)
    const { facets } = await searcher.search({
      query: 'tusk',
      mode: 'keyword',
      filter: { path: { $glob: 'docs/**' } },
      facets: ['type', 'author', 'tags', 'draft', 'time'],
    })
    const found = docs.filter((doc) => doc.uri.startsWith('docs/') && doc.text.includes('tusk'))
    const count = (test: Test) => found.filter(test).length
    for (const { value, count: counted } of facets?.type ?? [])
      expect(counted, String(value)).toBe(count((doc) => doc.type === value))
    for (const { value, count: counted } of facets?.tags ?? [])
      expect(counted, String(value)).toBe(count((doc) => valuesAt(doc.metadata, 'tags').includes(value)))
    expect(facets?.draft?.map(({ value }) => value).toSorted()).toEqual([false, true])
    expect(facets?.time?.reduce((sum, { count: counted }) => sum + counted, 0)).toBe(found.length)
    expect(facets?.author?.length).toBe(AUTHORS.length)
  })
})
