import { describe, expect, test } from 'vitest'
import {
  axis,
  COLLECTION,
  DIMENSIONS,
  foundNear,
  IDENTITY,
  keyOf,
  type OpenStore,
  openPrepared,
  putDocument,
  putVectors,
  unitVector,
} from '../samples.js'

/** Vectors no search could rank: sqlite-vec would store them all, and put some before every good one. */
const BAD_VECTORS = [
  ['NaN', Float32Array.of(0, Number.NaN, 0, 1), 'BAD_RESPONSE'],
  ['an infinity', Float32Array.of(0, Number.POSITIVE_INFINITY, 0, 1), 'BAD_RESPONSE'],
  ['a negative infinity', Float32Array.of(Number.NEGATIVE_INFINITY, 0, 0, 1), 'BAD_RESPONSE'],
  ['a number too large for 32 bits', Float32Array.of(1e39, 0, 0, 1), 'BAD_RESPONSE'],
  ['a number whose square is too large for 32 bits', Float32Array.of(1e25, 0, 0, 1), 'BAD_RESPONSE'],
  ['nothing but zeros', new Float32Array(4), 'BAD_RESPONSE'],
  ['next to nothing', Float32Array.of(1e-7, 0, 0, 0), 'BAD_RESPONSE'],
  ['a dimension too few', axis(0, 3), 'INDEX_MISMATCH'],
  ['a dimension too many', axis(0, 5), 'INDEX_MISMATCH'],
  ['no dimensions', new Float32Array(0), 'INDEX_MISMATCH'],
] as const

/** Vectors by key, before and after documents use them. */
export function describeEmbeddings(openStore: OpenStore): void {
  describe('embeddings', () => {
    test.each(BAD_VECTORS)(
      'a vector with %s is refused, along with its whole batch',
      async (_, vector, code) => {
        const store = await openPrepared(openStore)
        const batch = [
          { key: keyOf('good'), vector: axis(0) },
          { key: keyOf('bad'), vector },
        ]
        await expect(store.putEmbeddings(batch)).rejects.toMatchObject({ name: 'GemdexError', code })
        expect(await store.knownEmbeddings([keyOf('good'), keyOf('bad')])).toEqual(new Set())
      },
    )

    test.each(BAD_VECTORS)('a query with %s is refused', async (_, vector, code) => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      await expect(store.searchVectors(vector, 10, {})).rejects.toMatchObject({ name: 'GemdexError', code })
    })

    test('those known are told apart from the others', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0), y: axis(1) })
      expect(await store.knownEmbeddings([])).toEqual(new Set())
      const asked = ['y', 'z', 'x', 'y'].map(keyOf)
      expect(await store.knownEmbeddings(asked)).toEqual(new Set([keyOf('x'), keyOf('y')]))
    })

    test('thousands of keys can be asked for at once', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      const asked = Array.from({ length: 5000 }, (_, i) => keyOf(String(i)))
      expect(await store.knownEmbeddings([...asked, keyOf('x')])).toEqual(new Set([keyOf('x')]))
    })

    test('none are known to an index that was never written to, and none can be put', async () => {
      const store = await openStore()
      expect(await store.knownEmbeddings([keyOf('x')])).toEqual(new Set())
      await expect(putVectors(store, { x: axis(0) })).rejects.toMatchObject({ code: 'STORE_FAILED' })
      await expect(store.searchVectors(axis(0), 1, {})).rejects.toMatchObject({ code: 'STORE_FAILED' })
    })

    test('the same key may be put again, within a batch too', async () => {
      const store = await openPrepared(openStore)
      const embedding = { key: keyOf('x'), vector: axis(0) }
      await store.putEmbeddings([embedding, embedding])
      await store.putEmbeddings([embedding])
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      expect(await foundNear(store, axis(0))).toEqual(['a#0'])
      expect((await store.counts()).embedded).toBe(1)
    })

    test('a part of a larger buffer is stored as itself', async () => {
      const store = await openPrepared(openStore)
      const buffer = Float32Array.of(9, 9, 0, 1, 0, 0, 9, 9)
      await putVectors(store, { x: buffer.subarray(2, 6) })
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      const [found] = await store.searchVectors(axis(1), 1, {})
      expect(found?.score).toBeCloseTo(1, 6)
    })

    test('of whole documents are kept through pruning until their document changes or goes', async () => {
      const store = await openPrepared(openStore)
      for (const uri of ['a', 'b']) await putDocument(store, uri, { passages: [{ text: uri }] })
      const [a, b] = await Promise.all(
        ['a', 'b'].map(async (uri) => (await store.findDocuments(uri))[0]?.id ?? ''),
      )
      const keys = ['of a', 'of b', 'of nothing'].map(keyOf)
      await store.putDocumentEmbeddings(
        [a, b, 'gone'].map((documentId = '', i) => ({ documentId, key: keys[i] ?? '', vector: axis(i) })),
      )
      await store.markRun(COLLECTION, 'done')
      expect(await store.pruneEmbeddings()).toBe(1)
      expect(await store.embeddings(keys)).toEqual(
        new Map([
          [keys[0], axis(0)],
          [keys[1], axis(1)],
        ]),
      )
      await store.removeFiles(COLLECTION, ['a'])
      expect([...(await store.embeddings(keys)).keys()]).toEqual([keys[1]])
      await putDocument(store, 'b', { passages: [{ text: 'other' }] })
      await store.pruneEmbeddings()
      expect(await store.embeddings(keys)).toEqual(new Map())
    })

    test('those that no passage uses are pruned and counted; the others stay', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { used: axis(0), unused: axis(1), left: unitVector(1, 1, 1, 1) })
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'used' }] })
      expect(await store.pruneEmbeddings()).toBe(2)
      expect(await store.pruneEmbeddings()).toBe(0)
      const all = ['used', 'unused', 'left'].map(keyOf)
      expect(await store.knownEmbeddings(all)).toEqual(new Set([keyOf('used')]))
      expect(await foundNear(store, axis(0))).toEqual(['a#0'])
    })

    test('a replaced document leaves its vectors to the others of the same run', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { moved: axis(0), other: axis(1) })
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'moved' }] })
      // The passage moves from one file to another: its vector counts as known before either is stored.
      await putDocument(store, 'a', { passages: [{ text: 'pear', embedding: 'other' }] })
      await putDocument(store, 'b', { passages: [{ text: 'apple', embedding: 'moved' }] })
      expect(await foundNear(store, axis(0))).toEqual(['b#0'])
    })
  })

  describe('documents as points', () => {
    test('have the direction of the mean of their passages, at unit length; those without vectors have none', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0), y: axis(1) })
      const both = await putDocument(store, 'a', {
        passages: [{ text: 'apple', embedding: 'x' }, { text: 'pear', embedding: 'y' }, { text: 'plum' }],
      })
      const one = await putDocument(store, 'b', { passages: [{ text: 'apple', embedding: 'y' }] })
      const none = await putDocument(store, 'c', { passages: [{ text: 'plum' }] })
      const found = await store.documentVectors([both, one, none, 'unknown'])
      expect([...found.keys()].toSorted()).toEqual([both, one].toSorted())
      for (const [id, wanted] of [
        [both, unitVector(1, 1, 0, 0)],
        [one, axis(1)],
      ] as const)
        for (const [i, value] of wanted.entries()) expect(found.get(id)?.[i]).toBeCloseTo(value, 6)
      expect(await store.documentVectors([])).toEqual(new Map())
    })

    test('are of a revision that changes with every document, with their vectors, and with nothing else', async () => {
      const store = await openPrepared(openStore)
      const seen = new Set([await store.revision()])
      const changed = async () => {
        const revision = await store.revision()
        const isNew = !seen.has(revision)
        seen.add(revision)
        return isNew
      }
      await putVectors(store, { x: axis(0) })
      expect(await changed()).toBe(false)
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      expect(await changed()).toBe(true)
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      expect(await changed()).toBe(true)
      const [summary] = await store.findDocuments('a')
      const other = { ...IDENTITY.embedder, modelId: 'another' }
      await store.beginVectors(other)
      await store.putEmbeddings([{ key: keyOf('y'), vector: axis(1) }], undefined, other)
      const [chunkId = 0] = await store.chunkIdsOf(summary?.id ?? '')
      await store.linkEmbeddings([{ chunkId, key: keyOf('y') }], other)
      expect(await changed()).toBe(false)
      expect(await store.switchVectors(other, [])).toBe(0)
      expect(await changed()).toBe(true)
      await store.removeFiles('notes', ['a'])
      expect(await changed()).toBe(true)
      expect(await changed()).toBe(false)
    })
  })

  describe('counts', () => {
    test('tell what there is, from an empty index on', async () => {
      const store = await openStore()
      const empty = { documents: 0, chunks: 0, embedded: 0, expected: 0, skipped: {} }
      expect(await store.counts()).toMatchObject(empty)
      await store.adopt(IDENTITY)
      await store.openCollection('notes', '/notes')
      await putVectors(store, { x: axis(0) })
      const passages = [
        { text: 'apple', embedding: 'x' },
        { text: 'pear', embedding: 'x' },
      ]
      await putDocument(store, 'a', { passages })
      await putDocument(store, 'b', { passages: [...passages, { text: 'plum', embedding: 'x' }] })
      const counts = await store.counts()
      expect(counts).toMatchObject({ documents: 2, chunks: 5, embedded: 5, expected: 5, skipped: {} })
      expect(counts.sizeBytes).toBeGreaterThan(0)
      const versions = Object.entries(counts.versions)
      expect(versions.length).toBeGreaterThan(0)
      for (const [, version] of versions) expect(version).toMatch(/\d+\.\d+/)
    })
  })

  describe('usage', () => {
    const sent = { model: 'm', day: '2026-11-02', requests: 1, texts: 10, tokens: 100, priceUsd: 0.25 }

    test('is kept along with the vectors it was for, in sums by model and day', async () => {
      const store = await openPrepared(openStore)
      expect(await store.usage()).toEqual([])
      await store.putEmbeddings([{ key: keyOf('x'), vector: axis(0) }], sent)
      await store.putEmbeddings([], { ...sent, requests: 2, texts: 5, tokens: 1, priceUsd: 0.5 })
      await store.putEmbeddings([], { ...sent, day: '2026-11-01' })
      await store.putEmbeddings([], { ...sent, model: 'l' })
      expect(await store.usage()).toEqual([
        { ...sent, model: 'l' },
        { ...sent, day: '2026-11-01' },
        { ...sent, requests: 3, texts: 15, tokens: 101, priceUsd: 0.75 },
      ])
    })

    test('of a refused batch is not kept either', async () => {
      const store = await openPrepared(openStore)
      const bad = [{ key: keyOf('x'), vector: new Float32Array(DIMENSIONS) }]
      await expect(store.putEmbeddings(bad, sent)).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
      expect(await store.usage()).toEqual([])
    })
  })
}
