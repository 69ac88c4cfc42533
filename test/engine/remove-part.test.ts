import { expect, test } from 'vitest'
import { findFolder, removePart } from '../../src/engine/remove-part.js'
import type { SqliteStoreOptions } from '../../src/store/sqlite/store-options.js'
import {
  axis,
  COLLECTION,
  foundByKeywords,
  IDENTITY,
  keyOf,
  putDocument,
  putVectors,
} from '../store/samples.js'
import { checkSound } from '../store/sqlite/check-sound.js'
import { openTempStore, tempPath } from '../store/sqlite/temp-store.js'

const DOCUMENTS = 5
const PASSAGES = 1_000

/** Five documents of 1,000 passages: more than one step takes. */
async function openLarge(options: Partial<SqliteStoreOptions> = {}) {
  const path = tempPath()
  const store = openTempStore(path, options)
  await store.adopt(IDENTITY)
  await store.openCollection(COLLECTION, '/notes')
  await store.openCollection('other', null)
  await putVectors(store, { x: axis(0) })
  const passages = Array.from({ length: PASSAGES }, (_, i) => ({
    text: `apple${i}`,
    ...(i < 3 ? { embedding: 'x' } : {}),
  }))
  for (let i = 0; i < DOCUMENTS; i++) await putDocument(store, `d/${i}`, { passages })
  await putDocument(store, 'd/0', { collection: 'other', passages: [{ text: 'pear', embedding: 'x' }] })
  return { path, store }
}

const whole = { documents: DOCUMENTS, chunks: DOCUMENTS * PASSAGES }

test('stopped between two steps, it goes on when it is called again', async () => {
  const { path, store } = await openLarge()
  const controller = new AbortController()
  const told: unknown[] = []
  const stopped = removePart(store, {
    collection: COLLECTION,
    signal: controller.signal,
    onProgress: (progress) => {
      told.push(progress)
      controller.abort()
    },
  })
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(told).toEqual([{ done: 2, total: DOCUMENTS }])
  expect(await store.countPart({ collection: COLLECTION })).toEqual({ documents: 3, chunks: 3 * PASSAGES })
  expect(await removePart(store, { collection: COLLECTION })).toEqual({
    collection: COLLECTION,
    documents: 3,
    chunks: 3 * PASSAGES,
  })
  expect(await store.collections()).toMatchObject([{ name: 'other', documents: 1 }])
  expect(await foundByKeywords(store, 'apple7', 'pear')).toEqual(['d/0#0'])
  await store.close()
  expect(checkSound(path)).toMatchObject({ documents: 1, chunks: 1, linked: 1 })
})

test('a step that fails leaves the documents of that step, whole', async () => {
  let steps = 0
  const { path, store } = await openLarge({
    onStep: (step) => {
      if (step === 'removed' && ++steps === 2) throw new Error('the power is gone')
    },
  })
  await expect(removePart(store, { collection: COLLECTION })).rejects.toThrow()
  expect(await store.countPart({ collection: COLLECTION })).toEqual({ documents: 3, chunks: 3 * PASSAGES })
  expect((await store.fileStates(COLLECTION)).size).toBe(3)
  await store.close()
  checkSound(path)
})

test('others write in between, and what they add to the collection goes as well', async () => {
  const { store } = await openLarge()
  let added = false
  const removed = removePart(store, {
    collection: COLLECTION,
    onProgress: () => {
      if (!added) void putDocument(store, 'd/9', { passages: [{ text: 'late' }] })
      added = true
    },
  })
  expect(await removed).toMatchObject({ documents: whole.documents + 1, chunks: whole.chunks + 1 })
  expect(await foundByKeywords(store, 'late')).toEqual([])
})

test('a folder goes by its path with or without a slash, and a trial changes nothing', async () => {
  const { store } = await openLarge()
  const part = { collection: COLLECTION, folder: 'd' }
  expect(await removePart(store, { ...part, folder: './d/', dryRun: true })).toEqual({ ...part, ...whole })
  expect(await store.countPart(part)).toEqual(whole)
  expect(await removePart(store, { ...part, folder: 'd//' })).toEqual({ ...part, ...whole })
  await expect(removePart(store, part)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'folder' })
  expect((await store.collections()).map(({ name }) => name)).toContain(COLLECTION)
})

test.each(['', '.', '/', './', '//'])('the folder %j is not the whole collection', async (folder) => {
  const { store } = await openLarge()
  const removed = removePart(store, { collection: COLLECTION, folder })
  await expect(removed).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'folder' })
  expect(await store.countPart({ collection: COLLECTION })).toEqual(whole)
})

test('vectors that a stopped run has left go with its collection', async () => {
  const { store } = await openLarge()
  await store.markRun(COLLECTION, 'begun', 9)
  await putVectors(store, { left: axis(2) })
  await removePart(store, { collection: COLLECTION })
  expect(await store.knownEmbeddings([keyOf('left'), keyOf('x')])).toEqual(new Set([keyOf('x')]))
})

test('a collection out of reach is not told from none', async () => {
  const { store } = await openLarge()
  const refusal = async (collection: string) =>
    removePart(store, { collection, collections: ['other'] }).catch(({ code, message }) => ({
      code,
      message: message.replace(collection, '…'),
    }))
  expect(await refusal(COLLECTION)).toEqual(await refusal('nothing'))
  expect(await store.countPart({ collection: COLLECTION })).toEqual(whole)
})

test('a limited reach may remove collections of pushed documents, but of those of folders only parts', async () => {
  const { store } = await openLarge()
  const reach = { collections: [COLLECTION, 'other'] }
  const refused = removePart(store, { collection: COLLECTION, ...reach })
  await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await store.countPart({ collection: COLLECTION })).toEqual(whole)
  expect(await removePart(store, { collection: 'other', ...reach })).toMatchObject({ documents: 1 })
  expect(await removePart(store, { collection: COLLECTION, folder: 'd', ...reach })).toMatchObject(whole)
  expect(await store.collections()).toMatchObject([{ name: COLLECTION, root: '/notes' }])
})

test.each(['', ' ', '/'])('%j names no folder', async (reference) => {
  const { store } = await openLarge()
  await expect(findFolder(store, reference)).rejects.toMatchObject({ code: 'BAD_INPUT' })
})

test('a folder above those of collections stands for none of them', async () => {
  const { store } = await openLarge()
  await store.openCollection('inner', '/notes/d/inner')
  await store.openCollection('far', '/far/away')
  for (const [path, names] of [
    ['/', 'far, inner, notes'],
    ['/far', 'far'],
    ['/notes', 'inner'],
    ['/notes/d', 'inner'],
  ] as const) {
    await expect(findFolder(store, path)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: `${path} holds the folders of collections: ${names}`,
      hint: expect.stringContaining('-c'),
    })
  }
  expect(await findFolder(store, '/far/away')).toEqual([{ collection: 'far', documents: 0, chunks: 0 }])
  expect(await findFolder(store, '/notes', { collections: [COLLECTION] })).toEqual([
    { collection: COLLECTION, ...whole },
  ])
})

test('a path that is listed as another one is settled with the path within the collection', async () => {
  const { store } = await openLarge()
  await putDocument(store, `${COLLECTION}/d/9`, { passages: [{ text: 'fig' }] })
  const reach = { collections: [COLLECTION] }
  await expect(findFolder(store, `${COLLECTION}/d`)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    hint: expect.stringContaining('`-c notes notes/d` or `-c notes d`'),
  })
  expect(await findFolder(store, `${COLLECTION}/d`, reach)).toMatchObject([
    { folder: 'notes/d', documents: 1 },
  ])
  expect(await findFolder(store, 'd', reach)).toMatchObject([{ folder: 'd', documents: DOCUMENTS }])
})
