import { expect, test } from 'vitest'
import type { WriteStep } from '../../../src/store/sqlite/store-options.js'
import { verifyIndex } from '../../../src/store/sqlite/verify/verify-index.js'
import type { Store } from '../../../src/store/store.js'
import { axis, IDENTITY, keyOf, openPrepared, putDocument, putVectors, unitsOf } from '../samples.js'
import { checkSound } from './check-sound.js'
import { openTempStore, tempPath } from './temp-store.js'

const OTHER = { ...IDENTITY.embedder, modelId: 'model-b' }

/** A store with document `a`, about to have `a` replaced and `b` added, which `at` is told of step by step. */
async function openHooked(at: (step: WriteStep) => void) {
  const path = tempPath()
  let isWatching = false
  const store = openTempStore(path, { onStep: (step) => isWatching && at(step) })
  await openPrepared(() => store)
  await putVectors(store, { x: axis(0), y: axis(1) })
  await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
  const write = async () => {
    isWatching = true
    await putDocument(store, 'a', { passages: [{ text: 'pear', embedding: 'y' }] })
  }
  /** How many passages are found by the words and the vectors of old and new: all of it in the moment of the call. */
  const state = async (of: Store = store) => {
    const found = await Promise.all([
      of.searchKeywords(unitsOf('apple'), 9, {}),
      of.searchKeywords(unitsOf('pear'), 9, {}),
      of.searchVectors(axis(0), 9, {}).then((scored) => scored.filter(({ score }) => score > 0.5)),
      of.searchVectors(axis(1), 9, {}).then((scored) => scored.filter(({ score }) => score > 0.5)),
    ])
    return found.map(({ length }) => length).join('')
  }
  return {
    path,
    store,
    write,
    state,
    stop: () => {
      isWatching = false
    },
  }
}

const OLD = '1010'
const NEW = '0101'
const INSIDE: readonly WriteStep[] = ['begun', 'documents', 'links', 'terms', 'written']

test.each(INSIDE)('an error at "%s" undoes all of the write, and the next one works', async (step) => {
  let isBroken = true
  const { path, write, state } = await openHooked((reached) => {
    if (isBroken && reached === step) throw new Error('broken here')
  })
  await expect(write()).rejects.toThrow('broken here')
  expect(await state()).toBe(OLD)
  isBroken = false
  await write()
  expect(await state()).toBe(NEW)
  checkSound(path)
  expect(verifyIndex(path).findings).toEqual([])
})

test('an error after the commit loses nothing, though nobody was told', async () => {
  const { path, write, state, stop } = await openHooked((reached) => {
    if (reached === 'committed') throw new Error('broken here')
  })
  await expect(write()).rejects.toThrow('broken here')
  stop()
  expect(await state()).toBe(NEW)
  checkSound(path)
})

test('while a write is held up at any step others see all of the old, and then all of the new', async () => {
  const seen: [WriteStep, Promise<string>][] = []
  let look: () => Promise<string> = async () => ''
  const { path, write, state } = await openHooked((step) => void seen.push([step, look()]))
  const other = openTempStore(path, { create: false })
  look = () => state(other)
  await write()
  const states = await Promise.all(seen.map(async ([step, found]) => [step, await found] as const))
  expect(states).toEqual([...INSIDE.map((step) => [step, OLD]), ['committed', NEW]])
})

test('a change of the model is all or nothing, and waits for passages that have no new vector', async () => {
  let isBroken = true
  const { path, store, state, write, stop } = await openHooked((step) => {
    if (step === 'switched' && isBroken) throw new Error('broken here')
  })
  await write()
  const [chunkId = 0] = await store.chunkIdsOf((await store.findDocuments('a'))[0]?.id ?? '')
  await store.beginVectors(OTHER)
  expect(await store.switchVectors(OTHER, []).catch(() => 'broken')).toBe('broken')
  isBroken = false
  expect(await store.switchVectors(OTHER, [])).toBe(1)
  await store.putEmbeddings([{ key: keyOf('y'), vector: axis(1) }], undefined, OTHER)
  await store.linkEmbeddings(
    [
      { chunkId, key: keyOf('y') },
      { chunkId: 999, key: keyOf('y') },
    ],
    OTHER,
  )
  isBroken = true
  await expect(store.switchVectors(OTHER, [])).rejects.toThrow('broken here')
  expect((await store.identity())?.embedder).toEqual(IDENTITY.embedder)
  stop()
  expect(await store.switchVectors(OTHER, [])).toBe(0)
  expect((await store.identity())?.embedder).toEqual(OTHER)
  expect(await state()).toBe(NEW)
  const former = await store.searchVectors(axis(1), 5, {}, { of: IDENTITY.embedder })
  expect(former).toEqual([{ chunkId, score: 1 }])
  await expect(store.searchVectors(axis(1), 5, {}, { of: { ...OTHER, modelId: 'c' } })).rejects.toMatchObject(
    { code: 'INDEX_MISMATCH' },
  )
  await expect(store.putEmbeddings([], undefined, { ...OTHER, modelId: 'c' })).rejects.toMatchObject({
    code: 'INDEX_MISMATCH',
  })
  const stale = {
    embeddings: [],
    usage: { model: 'm', day: 'd', requests: 0, texts: 0, tokens: 0, priceUsd: 0 },
    of: IDENTITY.embedder,
  }
  await expect(store.replaceDocuments([], stale)).rejects.toMatchObject({ code: 'INDEX_MISMATCH' })
  expect(await store.dropOtherVectors()).toMatchObject([{ state: 'retired', vectors: 2 }])
  checkSound(path)
  expect(verifyIndex(path).findings).toEqual([])
})
