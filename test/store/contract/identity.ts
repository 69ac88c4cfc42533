import { describe, expect, test } from 'vitest'
import {
  COLLECTION,
  IDENTITY,
  makeFile,
  type OpenStore,
  openPrepared,
  putDocument,
  ROOT,
} from '../samples.js'

/** What an index is made with, its collections, and what is remembered of files. */
export function describeIdentity(openStore: OpenStore): void {
  describe('identity', () => {
    test('a new store has none, the first to adopt sets it, the same passes again', async () => {
      const store = await openStore()
      expect(await store.identity()).toBeUndefined()
      await store.adopt(IDENTITY)
      expect(await store.identity()).toEqual(IDENTITY)
      await store.adopt(IDENTITY)
      expect(await store.identity()).toEqual(IDENTITY)
    })

    test('a newer chunker is let in, and the index still says what it was made with', async () => {
      const store = await openPrepared(openStore)
      await store.adopt({ ...IDENTITY, chunker: 'chunker/2' })
      expect(await store.identity()).toEqual(IDENTITY)
    })

    test.each([
      ['model', { modelId: 'model-b' }, ['model-a', 'model-b']],
      ['size', { dimensions: 8 }, ['4 dimensions', '8 dimensions']],
      ['roles', { roles: 'roles/2' }, ['roles/1', 'roles/2']],
      ['provider', { provider: 'gemini' as const }, ['model-a']],
    ])('another %s is refused, and nothing changes', async (_, change, named) => {
      const store = await openPrepared(openStore)
      const refused = store.adopt({ ...IDENTITY, embedder: { ...IDENTITY.embedder, ...change } })
      await expect(refused).rejects.toMatchObject({ name: 'GemdexError', code: 'INDEX_MISMATCH' })
      for (const name of named) await expect(refused).rejects.toThrow(name)
      expect(await store.identity()).toEqual(IDENTITY)
    })
  })

  describe('collections', () => {
    test('are made once, found again and listed by name with what they hold', async () => {
      const store = await openStore()
      await store.adopt(IDENTITY)
      expect(await store.collections()).toEqual([])
      expect(await store.openCollection('web', null)).toEqual({ name: 'web', root: null })
      expect(await store.openCollection('docs', '/docs')).toEqual({ name: 'docs', root: '/docs' })
      expect(await store.openCollection('docs', '/docs')).toEqual({ name: 'docs', root: '/docs' })
      const passages = [{ text: 'one' }, { text: 'two' }]
      await putDocument(store, 'a', { collection: 'docs', passages })
      await putDocument(store, 'b', { collection: 'docs', passages })
      expect(await store.collections()).toEqual([
        { name: 'docs', root: '/docs', documents: 2, chunks: 4, embedded: 0 },
        { name: 'web', root: null, documents: 0, chunks: 0, embedded: 0 },
      ])
    })

    test.each([
      ['of another folder', '/notes', '/other/notes', '/notes'],
      ['of pushed documents', null, '/notes', 'pushed documents'],
      ['of a folder, for pushed documents', '/notes', null, '/notes'],
    ])('a name that is %s is refused with the way out', async (_, owner, wanted, named) => {
      const store = await openStore()
      await store.openCollection('notes', owner)
      const refused = store.openCollection('notes', wanted)
      await expect(refused).rejects.toMatchObject({
        name: 'GemdexError',
        code: 'COLLECTION_TAKEN',
        hint: expect.stringMatching(/ -c\b/),
      })
      await expect(refused).rejects.toThrow(named)
      expect(await store.collections()).toMatchObject([{ name: 'notes', root: owner }])
    })

    test('tell of their last run how it went, from its files', async () => {
      let nowMs = 1_000
      const store = await openStore({ now: () => nowMs })
      await store.adopt(IDENTITY)
      await store.openCollection(COLLECTION, '/a')
      await store.openCollection('other', '/b')
      const runs = async () => (await store.collections()).map(({ run }) => run)
      expect(await runs()).toEqual([undefined, undefined])
      await store.markRun(COLLECTION, 'begun', 3)
      await putDocument(store, 'a', { passages: [{ text: 'apple' }] })
      await store.recordFile(COLLECTION, makeFile('b', { outcome: 'skipped', reason: 'EMPTY' }))
      await store.recordFile('other', makeFile('c'))
      const begun = { beganMs: 1_000, files: 3, filesDone: 2 }
      expect(await runs()).toEqual([begun, undefined])
      nowMs = 2_000
      await store.markRun(COLLECTION, 'done')
      await store.markRun('other', 'done')
      await store.recordFile(COLLECTION, makeFile('a'))
      const nothing = { beganMs: 2_000, endedMs: 2_000, files: 0, filesDone: 0 }
      expect(await runs()).toEqual([{ ...begun, endedMs: 2_000 }, nothing])
      nowMs = 3_000
      await store.markRun(COLLECTION, 'begun', 1)
      expect(await runs()).toEqual([{ beganMs: 3_000, files: 1, filesDone: 0 }, nothing])
      for (const uri of ['a', 'b']) await store.recordFile(COLLECTION, makeFile(uri))
      expect(await runs()).toEqual([{ beganMs: 3_000, files: 1, filesDone: 1 }, nothing])
    })

    test('one that is not there is NOT_FOUND', async () => {
      const store = await openPrepared(openStore)
      const missing = { name: 'GemdexError', code: 'NOT_FOUND', message: expect.stringContaining('nowhere') }
      await expect(store.fileStates('nowhere')).rejects.toMatchObject(missing)
      await expect(store.recordFile('nowhere', makeFile('a'))).rejects.toMatchObject(missing)
      await expect(store.removeFiles('nowhere', ['a'])).rejects.toMatchObject(missing)
      await expect(putDocument(store, 'a', { collection: 'nowhere', passages: [] })).rejects.toMatchObject(
        missing,
      )
    })
  })

  describe('file states', () => {
    test('come back as they were recorded, the last one of each URI', async () => {
      const store = await openPrepared(openStore)
      const skipped = makeFile('b', {
        outcome: 'skipped',
        reason: 'SECRET',
        message: 'a key',
        contentHash: '',
      })
      await store.recordFile(COLLECTION, makeFile('a', { fingerprint: 'old' }))
      await store.recordFile(COLLECTION, makeFile('a'))
      await store.recordFile(COLLECTION, skipped)
      expect(await store.fileStates(COLLECTION)).toEqual(
        new Map([
          ['a', makeFile('a')],
          ['b', skipped],
        ]),
      )
    })

    test('of one collection are not those of another', async () => {
      const store = await openPrepared(openStore)
      await store.openCollection('other', '/other')
      await store.recordFile(COLLECTION, makeFile('a'))
      await store.recordFile('other', makeFile('a', { fingerprint: 'other' }))
      expect((await store.fileStates(COLLECTION)).get('a')).toEqual(makeFile('a'))
      await store.removeFiles('other', ['a'])
      expect([...(await store.fileStates(COLLECTION)).keys()]).toEqual(['a'])
      expect((await store.fileStates('other')).size).toBe(0)
    })

    test('a reason is gone once the file is indexed', async () => {
      const store = await openPrepared(openStore)
      await store.recordFile(COLLECTION, makeFile('a', { outcome: 'skipped', reason: 'EMPTY', message: 'm' }))
      expect((await store.counts()).skipped).toEqual({ EMPTY: 1 })
      await putDocument(store, 'a', { passages: [{ text: 'now' }] })
      expect((await store.fileStates(COLLECTION)).get('a')).toEqual(makeFile('a'))
      expect((await store.counts()).skipped).toEqual({})
    })

    test('are counted by the reason they were skipped for', async () => {
      const store = await openPrepared(openStore)
      for (const [uri, reason] of [
        ['a', 'EMPTY'],
        ['b', 'SECRET'],
        ['c', 'EMPTY'],
      ] as const)
        await store.recordFile(COLLECTION, makeFile(uri, { outcome: 'skipped', reason, message: 'm' }))
      await store.recordFile(COLLECTION, makeFile('d'))
      expect((await store.counts()).skipped).toEqual({ EMPTY: 2, SECRET: 1 })
      expect(await store.collections()).toMatchObject([{ name: COLLECTION, root: ROOT, documents: 0 }])
    })
  })
}
