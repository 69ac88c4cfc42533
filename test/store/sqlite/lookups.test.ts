import { expect, onTestFinished, test } from 'vitest'
import { createLookups } from '../../../src/store/sqlite/lookups.js'
import { IDENTITY, openPrepared, putDocument } from '../samples.js'
import { openTempStore, tempPath } from './temp-store.js'

const key = {
  id: '0123456789ab',
  name: 'reader',
  scopes: ['read'] as const,
  createdMs: 1,
  origin: 'index' as const,
  hash: Buffer.alloc(32, 7),
}

test('sees keys at once that another connection has written', async () => {
  const path = tempPath()
  const store = openTempStore(path)
  const lookups = createLookups(path)
  onTestFinished(() => lookups.close())
  expect(await lookups.keys.hasKeys()).toBe(false)
  await store.keys.addKey(key)
  expect(await lookups.keys.hasKeys()).toBe(true)
  expect((await lookups.keys.findKey(key.id))?.revokedMs).toBeUndefined()
  await store.keys.revokeKey(key.id, 5)
  expect((await lookups.keys.findKey(key.id))?.revokedMs).toBe(5)
  await store.keys.forgetKey(key.id)
  expect(await lookups.keys.findKey(key.id)).toBeUndefined()
})

test('opens nothing that is not there, and nothing once it is closed', async () => {
  const missing = createLookups(tempPath())
  await expect(missing.keys.hasKeys()).rejects.toMatchObject({ code: 'NO_INDEX' })
  const path = tempPath()
  openTempStore(path)
  const lookups = createLookups(path)
  expect(await lookups.keys.hasKeys()).toBe(false)
  lookups.close()
  await expect(lookups.keys.hasKeys()).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await expect(lookups.keys.findKey(key.id)).rejects.toMatchObject({ code: 'STORE_FAILED' })
})

test('sees at once what the index has become', async () => {
  const path = tempPath()
  const store = openTempStore(path)
  const { facts, close } = createLookups(path)
  onTestFinished(close)
  expect(await facts.identity()).toBeUndefined()
  await openPrepared(() => store)
  await putDocument(store, 'a.md', { passages: [{ text: 'one' }] })
  expect(await facts.identity()).toEqual(await store.identity())
  expect(await facts.identity()).toMatchObject(IDENTITY)
  expect(await facts.languages()).toEqual(['en'])
})
