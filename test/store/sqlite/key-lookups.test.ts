import { expect, onTestFinished, test } from 'vitest'
import { createKeyLookups } from '../../../src/store/sqlite/key-lookups.js'
import { openTempStore, tempPath } from './temp-store.js'

const key = {
  id: '0123456789ab',
  name: 'reader',
  scopes: ['read'] as const,
  createdMs: 1,
  origin: 'index' as const,
  hash: Buffer.alloc(32, 7),
}

test('sees at once what another connection has written', async () => {
  const path = tempPath()
  const store = openTempStore(path)
  const lookups = createKeyLookups(path)
  onTestFinished(() => lookups.close())
  expect(await lookups.hasKeys()).toBe(false)
  await store.keys.addKey(key)
  expect(await lookups.hasKeys()).toBe(true)
  expect((await lookups.findKey(key.id))?.revokedMs).toBeUndefined()
  await store.keys.revokeKey(key.id, 5)
  expect((await lookups.findKey(key.id))?.revokedMs).toBe(5)
  await store.keys.forgetKey(key.id)
  expect(await lookups.findKey(key.id)).toBeUndefined()
})

test('opens nothing that is not there, and nothing once it is closed', async () => {
  const missing = createKeyLookups(tempPath())
  await expect(missing.hasKeys()).rejects.toMatchObject({ code: 'NO_INDEX' })
  const path = tempPath()
  openTempStore(path)
  const lookups = createKeyLookups(path)
  expect(await lookups.hasKeys()).toBe(false)
  lookups.close()
  await expect(lookups.hasKeys()).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await expect(lookups.findKey(key.id)).rejects.toMatchObject({ code: 'STORE_FAILED' })
})
