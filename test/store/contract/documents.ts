import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../../src/search/parse-filter.js'
import type { CollectionPart, PartCounts, SearchScope, Store } from '../../../src/store/store.js'
import type { MetadataValue } from '../../../src/types.js'
import {
  axis,
  COLLECTION,
  foundByKeywords,
  foundNear,
  keyOf,
  makeChunks,
  makeDocument,
  makeFile,
  type OpenStore,
  openPrepared,
  putDocument,
  putVectors,
  unitsOf,
} from '../samples.js'

/** Documents in, out, replaced and listed. */
export function describeDocuments(openStore: OpenStore): void {
  describe('documents', () => {
    test('get a metadata key that filters find, until it is taken away or they are replaced', async () => {
      const store = await openPrepared(openStore)
      const ids = new Map<string, string>()
      for (const uri of ['a', 'b']) {
        const document = makeDocument(uri, { metadata: { author: 'Ada' } })
        await store.replaceDocuments([{ document, chunks: makeChunks([{ text: 'apple' }]) }])
        ids.set(uri, document.id)
      }
      const set = (uri: string, value: MetadataValue | undefined) =>
        store.setMetadata('topic', [
          { documentId: ids.get(uri) ?? '', value },
          { documentId: 'gone', value },
        ])
      const metadataOf = async (uri: string) => (await store.findDocuments(uri))[0]?.metadata
      const found = async (topic: MetadataValue) => {
        const hits = await store.searchKeywords(unitsOf('apple'), 9, { filter: parseFilter({ topic }) })
        return (await store.getChunks(hits.map(({ chunkId }) => chunkId))).map(({ uri }) => uri)
      }
      expect(await found('fruit')).toEqual([])
      await set('a', 'fruit')
      expect(await metadataOf('a')).toEqual({ author: 'Ada', topic: 'fruit' })
      expect(await metadataOf('b')).toEqual({ author: 'Ada' })
      expect(await found('fruit')).toEqual(['a'])
      await set('a', ['pie', 'cake'])
      expect([await found('fruit'), await found('cake')]).toEqual([[], ['a']])
      await set('a', undefined)
      expect(await metadataOf('a')).toEqual({ author: 'Ada' })
      expect(await found('cake')).toEqual([])
      await set('b', 'fruit')
      await putDocument(store, 'b', { passages: [{ text: 'apple' }] })
      expect(await found('fruit')).toEqual([])
    })

    test('come back whole', async () => {
      const store = await openStore({ now: () => 1_800_000_000_000 })
      await store.openCollection(COLLECTION, null)
      const document = makeDocument('a/b.md', {
        text: 'Straße\n\u{1f600} NUL \0 end',
        metadata: { tags: ['x', 1, null], nested: { deep: true } },
        blocks: [{ kind: 'text', start: 0, end: 6, location: { kind: 'pages', start: 2, end: 3 } }],
        modifiedMs: -1,
      })
      await store.replaceDocuments([{ document, chunks: makeChunks([{ text: 'Straße' }]) }])
      const { text: _, blocks: __, ...rest } = document
      const summary = { ...rest, indexedMs: 1_800_000_000_000, embedded: 0, expected: 1 }
      const location = { kind: 'lines', start: 1, end: 1 }
      const passages = [{ id: `${document.id}-0`, start: 0, end: 6, headings: [], location }]
      expect(await store.getDocument(document.id)).toEqual({ ...document, ...summary, passages })
      expect(await store.findDocuments('a/b.md')).toEqual([summary])
      expect(await store.getDocument('unknown')).toBeUndefined()
      expect(await store.findDocuments('unknown')).toEqual([])
    })

    test('are found by keyword and vector as soon as they are stored', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      expect(await foundNear(store, axis(0))).toEqual([])
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      expect(await foundByKeywords(store, 'apple')).toEqual(['a#0'])
      expect(await foundNear(store, axis(0))).toEqual(['a#0'])
      expect(await store.fileStates(COLLECTION)).toEqual(new Map([['a', makeFile('a')]]))
    })

    test('are replaced in place: old passages, terms and vectors are found no more', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0), y: axis(1) })
      const id = await putDocument(store, 'a', {
        passages: [
          { text: 'apple', embedding: 'x' },
          { text: 'pear', embedding: 'x' },
        ],
      })
      const old = (await store.searchKeywords(unitsOf('apple', 'pear'), 10, {})).map(({ chunkId }) => chunkId)
      expect(await putDocument(store, 'a', { passages: [{ text: 'plum', embedding: 'y' }] })).toBe(id)
      expect(await foundByKeywords(store, 'apple', 'pear', 'plum')).toEqual(['a#0'])
      expect(await foundNear(store, axis(0))).toEqual([])
      expect(await foundNear(store, axis(1))).toEqual(['a#0'])
      expect(await store.counts()).toMatchObject({ documents: 1, chunks: 1, embedded: 1, expected: 1 })
      // A search under way may still hold the old ids: they must not mean other passages now.
      expect(await store.getChunks(old)).toEqual([])
      expect(await store.pruneEmbeddings()).toBe(1)
    })

    test('a passage without a vector is found by keywords alone', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      const id = await putDocument(store, 'a', {
        passages: [{ text: 'apple', embedding: 'x' }, { text: 'pear' }],
      })
      expect(await foundByKeywords(store, 'pear')).toEqual(['a#1'])
      expect((await store.searchVectors(axis(0), 10, {})).length).toBe(1)
      expect(await store.getDocument(id)).toMatchObject({ embedded: 1, expected: 2 })
      expect(await store.counts()).toMatchObject({ chunks: 2, embedded: 1 })
    })

    test('an unknown embedding key is refused, and nothing is half-written', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      const before = await store.counts()
      const chunks = makeChunks([
        { text: 'pear', embedding: 'x' },
        { text: 'plum', embedding: 'never put' },
      ])
      const refused = { name: 'GemdexError', code: 'STORE_FAILED' }
      const file = makeFile('a', { fingerprint: 'new' })
      await expect(
        store.replaceDocuments([{ document: makeDocument('a'), chunks, file }]),
      ).rejects.toMatchObject(refused)
      await expect(
        store.replaceDocuments([{ document: makeDocument('b'), chunks, file: makeFile('b') }]),
      ).rejects.toMatchObject(refused)
      expect(await store.counts()).toEqual(before)
      expect(await store.fileStates(COLLECTION)).toEqual(new Map([['a', makeFile('a')]]))
      expect(await foundByKeywords(store, 'apple', 'pear', 'plum')).toEqual(['a#0'])
      expect(await foundNear(store, axis(0))).toEqual(['a#0'])
      expect(await store.findDocuments('b')).toEqual([])
    })

    test('several are stored at once or not at all', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      const entry = (uri: string, embedding: string) => ({
        document: makeDocument(uri),
        chunks: makeChunks([{ text: 'apple', embedding }]),
        file: makeFile(uri),
      })
      await expect(
        store.replaceDocuments([entry('a', 'x'), entry('b', 'never put'), entry('c', 'x')]),
      ).rejects.toMatchObject({ code: 'STORE_FAILED' })
      expect(await store.counts()).toMatchObject({ documents: 0, chunks: 0 })
      expect((await store.fileStates(COLLECTION)).size).toBe(0)
      await store.replaceDocuments([entry('a', 'x'), entry('b', 'x')])
      expect(await foundByKeywords(store, 'apple')).toEqual(['a#0', 'b#0'])
      expect([...(await store.fileStates(COLLECTION)).keys()]).toEqual(['a', 'b'])
    })

    test('of several at once for the same URI the last one counts', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { early: axis(0), late: axis(1) })
      const entry = (text: string) => ({
        document: makeDocument('a'),
        chunks: makeChunks([{ text, embedding: text }]),
        file: makeFile('a'),
      })
      await store.replaceDocuments([entry('early'), entry('late')])
      expect(await foundByKeywords(store, 'early', 'late')).toEqual(['a#0'])
      expect(await foundByKeywords(store, 'early')).toEqual([])
      expect(await foundNear(store, axis(0))).toEqual([])
      expect(await foundNear(store, axis(1))).toEqual(['a#0'])
      expect(await store.termStatistics(['early'])).toEqual({
        passages: 1,
        frequencies: new Map([['early', 0]]),
      })
    })

    test('one URI may be in several collections, each with its own document', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('archive', null)
      await putDocument(store, 'a', { passages: [{ text: 'apple' }] })
      await putDocument(store, 'a', { collection: 'archive', passages: [{ text: 'pear' }] })
      expect((await store.findDocuments('a')).map(({ collection }) => collection)).toEqual([
        'archive',
        COLLECTION,
      ])
      await store.removeFiles('archive', ['a'])
      expect((await store.findDocuments('a')).map(({ collection }) => collection)).toEqual([COLLECTION])
      expect(await foundByKeywords(store, 'apple', 'pear')).toEqual(['a#0'])
    })
  })

  describe('documents of one file', () => {
    const part = (uri: string, text: string) => ({
      document: makeDocument(uri, { fileUri: 'mail.eml' }),
      chunks: makeChunks([{ text }]),
    })
    const notices = [{ code: 'ENCRYPTED', message: 'It is locked', part: 'b.zip' }] as const

    async function putMail(store: Store, ...parts: readonly (readonly [string, string])[]): Promise<void> {
      const entries = parts.map(([uri, text]) => part(uri, text))
      const last = entries.pop()
      if (last === undefined) return
      const siblings = entries.map(({ document }) => document.uri)
      await store.replaceDocuments([
        ...entries,
        { ...last, siblings, file: makeFile('mail.eml', { notices }) },
      ])
    }

    test('are found each by itself, with what is remembered of the file', async () => {
      const store = await openPrepared(openStore)
      await putMail(store, ['mail.eml', 'apple'], ['mail.eml/a.pdf', 'pear'])
      expect(await foundByKeywords(store, 'apple', 'pear')).toEqual(['mail.eml#0', 'mail.eml/a.pdf#0'])
      expect((await store.findDocuments('mail.eml/a.pdf'))[0]).toMatchObject({ fileUri: 'mail.eml' })
      expect(await store.fileStates(COLLECTION)).toEqual(
        new Map([['mail.eml', makeFile('mail.eml', { notices })]]),
      )
    })

    test('leave when the file is read again without them, whichever was the last', async () => {
      const store = await openPrepared(openStore)
      await putMail(store, ['mail.eml', 'apple'], ['mail.eml/a.pdf', 'pear'], ['mail.eml/b.pdf', 'plum'])
      await putMail(store, ['mail.eml', 'apple'], ['mail.eml/b.pdf', 'cherry'])
      expect(await foundByKeywords(store, 'apple', 'pear', 'plum', 'cherry')).toEqual([
        'mail.eml#0',
        'mail.eml/b.pdf#0',
      ])
      await putMail(store, ['mail.eml', 'apple'])
      expect(await foundByKeywords(store, 'apple', 'cherry')).toEqual(['mail.eml#0'])
    })

    test('are removed with the file, and one by itself', async () => {
      const store = await openPrepared(openStore)
      await putMail(store, ['mail.eml', 'apple'], ['mail.eml/a.pdf', 'pear'], ['mail.eml/b.pdf', 'plum'])
      expect(await store.removeFiles(COLLECTION, ['mail.eml/a.pdf'])).toBe(1)
      expect(await foundByKeywords(store, 'apple', 'pear', 'plum')).toEqual([
        'mail.eml#0',
        'mail.eml/b.pdf#0',
      ])
      expect(await store.removeFiles(COLLECTION, ['mail.eml'])).toBe(2)
      expect(await store.counts()).toMatchObject({ documents: 0, chunks: 0 })
    })

    test('leave when the file is skipped', async () => {
      const store = await openPrepared(openStore)
      await putMail(store, ['mail.eml/1', 'apple'], ['mail.eml/2', 'pear'])
      await store.recordFile(COLLECTION, makeFile('mail.eml', { outcome: 'skipped', reason: 'PARSE_ERROR' }))
      expect(await store.counts()).toMatchObject({ documents: 0, chunks: 0, skipped: { PARSE_ERROR: 1 } })
    })
  })

  describe('removing files', () => {
    test('removes them from everywhere and counts the documents', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0), shared: axis(1) })
      const id = await putDocument(store, 'a', {
        passages: [
          { text: 'apple', embedding: 'x' },
          { text: 'pear', embedding: 'shared' },
        ],
      })
      await putDocument(store, 'b', { passages: [{ text: 'pear', embedding: 'shared' }] })
      await store.recordFile(COLLECTION, makeFile('c', { outcome: 'skipped', reason: 'EMPTY' }))
      expect(await store.removeFiles(COLLECTION, ['a', 'c', 'unknown'])).toBe(1)
      expect(await store.getDocument(id)).toBeUndefined()
      expect(await store.findDocuments('a')).toEqual([])
      expect([...(await store.fileStates(COLLECTION)).keys()]).toEqual(['b'])
      expect(await foundByKeywords(store, 'apple', 'pear')).toEqual(['b#0'])
      expect(await foundNear(store, axis(0))).toEqual([])
      expect(await foundNear(store, axis(1))).toEqual(['b#0'])
      expect(await store.knownEmbeddings([keyOf('x'), keyOf('shared')])).toEqual(new Set([keyOf('shared')]))
      expect(await store.counts()).toMatchObject({ documents: 1, chunks: 1, embedded: 1, skipped: {} })
    })

    test('a file recorded as skipped loses its document, and one recorded as indexed keeps it', async () => {
      const store = await openPrepared(openStore)
      await putVectors(store, { x: axis(0) })
      const id = await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
      await store.recordFile(COLLECTION, makeFile('a', { fingerprint: 'touched' }))
      expect(await foundByKeywords(store, 'apple')).toEqual(['a#0'])
      await store.recordFile(
        COLLECTION,
        makeFile('a', { outcome: 'skipped', reason: 'SECRET', message: 'm' }),
      )
      expect(await store.getDocument(id)).toBeUndefined()
      expect(await foundByKeywords(store, 'apple')).toEqual([])
      expect(await foundNear(store, axis(0))).toEqual([])
      expect(await store.pruneEmbeddings()).toBe(1)
      expect((await store.fileStates(COLLECTION)).get('a')).toMatchObject({ outcome: 'skipped' })
    })
  })

  describe('removing a part', () => {
    /** Two documents below `a`, those that only look so, and the same in another collection. */
    async function openParts(): Promise<Store> {
      const store = await openPrepared(openStore)
      await store.openCollection('other', null)
      await putVectors(store, { x: axis(0), shared: axis(1) })
      const passages = [
        { text: 'apple', embedding: 'x' },
        { text: 'pear', embedding: 'shared' },
      ]
      for (const uri of ['a/1', 'a/b/2']) await putDocument(store, uri, { passages })
      for (const uri of ['a', 'a-1', 'a0', 'b/a/1'])
        await putDocument(store, uri, { passages: [{ text: 'plum', embedding: 'shared' }] })
      await putDocument(store, 'a/1', { collection: 'other', passages: [{ text: 'cherry' }] })
      for (const uri of ['a/0', 'a/z', 'z'])
        await store.recordFile(COLLECTION, makeFile(uri, { outcome: 'skipped', reason: 'EMPTY' }))
      return store
    }

    async function removeAll(store: Store, part: CollectionPart, maxChunks: number) {
      const steps: PartCounts[] = []
      for (;;) {
        const { isDone, ...counts } = await store.removePart(part, maxChunks)
        steps.push(counts)
        if (isDone) return steps
      }
    }

    test('takes what lies below a folder from everywhere, and nothing else', async () => {
      const store = await openParts()
      const part = { collection: COLLECTION, folder: 'a' }
      expect(await store.countPart(part)).toEqual({ documents: 2, chunks: 4 })
      expect(await removeAll(store, part, 1000)).toEqual([{ documents: 2, chunks: 4 }])
      expect(await store.countPart(part)).toEqual({ documents: 0, chunks: 0 })
      expect([...(await store.fileStates(COLLECTION)).keys()].toSorted()).toEqual([
        'a',
        'a-1',
        'a0',
        'b/a/1',
        'z',
      ])
      expect(await foundByKeywords(store, 'apple', 'pear')).toEqual([])
      expect(await foundByKeywords(store, 'cherry')).toEqual(['a/1#0'])
      expect(await store.knownEmbeddings([keyOf('x'), keyOf('shared')])).toEqual(new Set([keyOf('shared')]))
      expect(await store.counts()).toMatchObject({ documents: 5, chunks: 5, embedded: 4 })
      expect((await store.collections()).map(({ name }) => name)).toContain(COLLECTION)
    })

    test('takes a whole collection with its files, and frees its name', async () => {
      const store = await openParts()
      const part = { collection: COLLECTION }
      expect(await store.countPart(part)).toEqual({ documents: 6, chunks: 8 })
      expect(await removeAll(store, part, 1000)).toEqual([{ documents: 6, chunks: 8 }])
      expect(await store.collections()).toMatchObject([{ name: 'other', documents: 1 }])
      expect(await store.counts()).toMatchObject({ documents: 1, chunks: 1, embedded: 0, skipped: {} })
      const missing = { code: 'NOT_FOUND' }
      await expect(store.countPart(part)).rejects.toMatchObject(missing)
      await expect(store.removePart(part, 1)).rejects.toMatchObject(missing)
      await store.openCollection(COLLECTION, '/elsewhere')
      expect((await store.fileStates(COLLECTION)).size).toBe(0)
    })

    test.each([1, 2, 3])('goes by steps of about %d passages, each of which is whole', async (maxChunks) => {
      const store = await openParts()
      const part = { collection: COLLECTION }
      const left = await store.countPart(part)
      for (let { documents, chunks } = left, isDone = false; !isDone; ) {
        const step = await store.removePart(part, maxChunks)
        documents -= step.documents
        chunks -= step.chunks
        isDone = step.isDone
        expect(step.chunks).toBeLessThan(maxChunks + 2)
        if (isDone) expect({ documents, chunks }).toEqual({ documents: 0, chunks: 0 })
        else expect(await store.countPart(part)).toEqual({ documents, chunks })
        expect(await store.counts()).toMatchObject({ documents: documents + 1, chunks: chunks + 1 })
      }
      expect(await store.collections()).toMatchObject([{ name: 'other' }])
    })

    test('a file of which documents go is read again, and known while others of it stay', async () => {
      const store = await openPrepared(openStore)
      const mailbox = (uri: string) => ({
        document: makeDocument(uri, { fileUri: 'in.mbox' }),
        chunks: [],
        file: makeFile('in.mbox'),
        siblings: ['in.mbox/1', 'in.mbox/2', 'in.mbox/a/3'],
      })
      await store.replaceDocuments(['in.mbox/1', 'in.mbox/2', 'in.mbox/a/3'].map(mailbox))
      const known = async () => (await store.fileStates(COLLECTION)).get('in.mbox')
      expect(await known()).toMatchObject({ contentHash: keyOf('in.mbox') })
      await removeAll(store, { collection: COLLECTION, folder: 'in.mbox/a' }, 1)
      expect(await known()).toMatchObject({ fingerprint: '', contentHash: '', outcome: 'indexed' })
      await store.recordFile(COLLECTION, makeFile('in.mbox'))
      expect(await store.removeFiles(COLLECTION, ['in.mbox/1'])).toBe(1)
      expect(await known()).toMatchObject({ fingerprint: '', contentHash: '' })
      await removeAll(store, { collection: COLLECTION, folder: 'in.mbox' }, 1)
      expect(await known()).toBeUndefined()
    })

    test('takes a collection in which there is nothing', async () => {
      const store = await openPrepared(openStore)
      expect(await removeAll(store, { collection: COLLECTION }, 1)).toEqual([{ documents: 0, chunks: 0 }])
      expect(await store.collections()).toEqual([])
    })
  })

  describe('listing documents', () => {
    test('pages cover all exactly once, whatever their size', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('other', null)
      const listAll = async (filter: { collection?: string }, limit: number, total: number) => {
        const listed: string[] = []
        let after: string | undefined
        do {
          const page = await store.listDocuments({ ...filter, limit, ...(after && { after }) })
          expect(page.total).toBe(total)
          expect(page.items.length).toBeLessThanOrEqual(limit)
          if (page.next !== undefined) expect(page.items.length).toBe(limit)
          listed.push(...page.items.map(({ uri }) => uri))
          after = page.next
        } while (after !== undefined)
        return listed.toSorted()
      }
      const uris = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(uris, uris, fc.integer({ min: 1, max: 13 }), async (here, there, limit) => {
          await store.replaceDocuments([
            ...here.map((uri) => ({ document: makeDocument(uri), chunks: [] })),
            ...there.map((uri) => ({ document: makeDocument(uri, { collection: 'other' }), chunks: [] })),
          ])
          const all = [...here, ...there]
          expect(await listAll({}, limit, all.length)).toEqual(all.toSorted())
          expect(await listAll({ collection: COLLECTION }, limit, here.length)).toEqual(here.toSorted())
          expect(await listAll({ collection: 'nowhere' }, limit, 0)).toEqual([])
          await store.removeFiles(COLLECTION, here)
          await store.removeFiles('other', there)
        }),
        { numRuns: 30 },
      )
    })

    test('those are listed whose URI holds what is asked for, in that order', async () => {
      const store = await openPrepared(openStore)
      for (const uri of ['a/Größe.md', 'a/grose_1.md', 'a/GROSE%1.md', 'a/rose.txt', 'b\\c.md'])
        await putDocument(store, uri, { passages: [] })
      const listed = async (...uriHolds: string[]) => {
        const { items, total } = await store.listDocuments({ uriHolds, limit: 10 })
        expect(total).toBe(items.length)
        return items.map(({ uri }) => uri).toSorted()
      }
      expect(await listed('gr', 'E')).toEqual(['a/GROSE%1.md', 'a/Größe.md', 'a/grose_1.md'])
      expect(await listed('e', 'gr')).toEqual([])
      expect(await listed('se_')).toEqual(['a/grose_1.md'])
      expect(await listed('se%')).toEqual(['a/GROSE%1.md'])
      expect(await listed('b\\')).toEqual(['b\\c.md'])
      const page = await store.listDocuments({ uriHolds: ['rose'], limit: 1 })
      expect(page).toMatchObject({ total: 3, items: [{}], next: expect.any(String) })
    })

    test('documents removed or added meanwhile shift nothing', async () => {
      const store = await openPrepared(openStore)
      for (const uri of ['a', 'b', 'c', 'd', 'e']) await putDocument(store, uri, { passages: [] })
      const all = (await store.listDocuments({ limit: 10 })).items.map(({ uri }) => uri)
      const first = await store.listDocuments({ limit: 2 })
      await store.removeFiles(COLLECTION, all.slice(0, 2))
      const rest = await store.listDocuments({ limit: 10, after: first.next ?? '' })
      expect(rest.items.map(({ uri }) => uri)).toEqual(all.slice(2))
    })
  })

  describe('getting passages', () => {
    test('keeps the order asked for, drops unknown ids and tells all of each', async () => {
      const store = await openPrepared(openStore)
      const passages = ['one', 'two', 'three'].map((text) => ({ text, headings: ['H', text] }))
      const metadata = { lang: 'en' }
      await store.replaceDocuments([
        { document: makeDocument('a', { metadata }), chunks: makeChunks(passages) },
      ])
      const ids = (await store.searchKeywords(unitsOf('one', 'two', 'three'), 10, {})).map(
        ({ chunkId }) => chunkId,
      )
      expect(ids.length).toBe(3)
      const byOrdinal = (await store.getChunks(ids)).toSorted((a, b) => a.ordinal - b.ordinal)
      const [one, two, three] = byOrdinal.map(({ chunkId }) => chunkId)
      const asked = [three ?? 0, 987_654, one ?? 0, -1, two ?? 0]
      const chunks = await store.getChunks(asked)
      expect(chunks.map(({ text }) => text)).toEqual(['three', 'one', 'two'])
      expect(chunks[1]).toEqual({
        chunkId: one,
        documentId: makeDocument('a').id,
        ordinal: 0,
        text: 'one',
        headings: ['H', 'one'],
        location: { kind: 'lines', start: 1, end: 1 },
        language: 'en',
        title: 'Title of a',
        uri: 'a',
        collection: COLLECTION,
        metadata,
        timeMs: makeDocument('a').dateMs,
      })
      expect(await store.getChunks([])).toEqual([])
    })

    test('lists all of a scope by pages, those of a document in a row', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('other', null)
      const passages = ['one', 'two', 'three'].map((text) => ({ text }))
      for (const uri of ['a', 'b', 'c'])
        await store.replaceDocuments([{ document: makeDocument(uri), chunks: makeChunks(passages) }])
      await store.replaceDocuments([
        { document: makeDocument('d', { collection: 'other' }), chunks: makeChunks(passages) },
      ])
      await store.removeFiles(COLLECTION, ['b'])
      const read = async (scope: SearchScope) => {
        const seen: string[] = []
        for (let after = 0; ; ) {
          const page = await store.listChunks(after, 2, scope)
          const last = page.at(-1)
          if (last === undefined) return seen
          expect(page.length).toBeLessThanOrEqual(2)
          seen.push(...page.map(({ uri, text }) => `${uri} ${text}`))
          after = last.chunkId
        }
      }
      const named = (uri: string) => passages.map(({ text }) => `${uri} ${text}`)
      expect(await read({})).toEqual(['a', 'c', 'd'].flatMap(named))
      expect(await read({ collection: COLLECTION })).toEqual(['a', 'c'].flatMap(named))
      expect(await read({ collection: 'other' })).toEqual(named('d'))
      expect(await read({ filter: { op: 'glob', field: { kind: 'path' }, pattern: 'c' } })).toEqual(
        named('c'),
      )
      const withoutTwo = ['a', 'c', 'd'].flatMap((uri) => [`${uri} one`, `${uri} three`])
      expect(await read({ excluded: [[['two']]] })).toEqual(withoutTwo)
    })
  })
}
