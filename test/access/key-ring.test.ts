import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createKeyRing } from '../../src/access/key-ring.js'
import { settings } from '../../src/settings.js'
import type { ConfiguredKey } from '../../src/types.js'
import { inspect, openTempStore, tempPath } from '../store/sqlite/temp-store.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function openRing(configured: readonly ConfiguredKey[] = [], path = tempPath()) {
  let nowMs = 1_700_000_000_000
  const store = openTempStore(path)
  const ring = createKeyRing({ store: store.keys, configured, now: () => nowMs })
  return { ring, path, store, pass: (ms: number) => (nowMs += ms) }
}

describe('a key of the index', () => {
  test('is found by itself, and by nothing else', async () => {
    const { ring } = openRing()
    const { key, entry } = await ring.add({ name: 'ci', scopes: ['read'] })
    const other = await ring.add({ name: 'bot', scopes: ['write'] })
    expect(await ring.find(key)).toEqual(entry)
    expect((await ring.find(other.key))?.name).toBe('bot')
    const wrong = [
      '',
      'x',
      key.toUpperCase(),
      key.slice(0, -1),
      `${key}x`,
      ` ${key}`,
      entry.id,
      sha256(key),
      // The id of one key with the secret of the other.
      key.slice(0, 20) + other.key.slice(20),
      other.key.slice(0, 20) + key.slice(20),
    ]
    for (const presented of wrong) expect(await ring.find(presented)).toBeUndefined()
  })

  test('has 256 random bits, and its text is nowhere in the file', async () => {
    const { ring, path, store } = openRing()
    const { key, entry } = await ring.add({ name: 'ci', scopes: ['read'] })
    expect(key).toMatch(/^gemdex_[0-9a-f]{12}_[\w-]{43}$/)
    await store.close()
    const kept = inspect(path, (database) => database.prepare('SELECT * FROM api_keys').all())
    const secret = key.slice(20)
    expect(JSON.stringify(kept)).not.toContain(secret)
    expect(kept).toMatchObject([{ id: entry.id, hash: Buffer.from(sha256(key), 'hex') }])
  })

  test('opens nothing once it is revoked, and its name is free', async () => {
    const { ring } = openRing()
    const { key, entry } = await ring.add({ name: 'ci', scopes: ['read'] })
    await expect(ring.add({ name: 'ci', scopes: ['read'] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'name',
    })
    expect(await ring.revoke('ci')).toEqual({ ...entry, revokedMs: 1_700_000_000_000 })
    expect(await ring.find(key)).toBeUndefined()
    const second = await ring.add({ name: 'ci', scopes: ['read'] })
    expect((await ring.find(second.key))?.id).toBe(second.entry.id)
    // A name means the key in use; the revoked one has its id left.
    expect((await ring.revoke('ci')).id).toBe(second.entry.id)
    expect((await ring.list()).map(({ revokedMs }) => revokedMs !== undefined)).toEqual([true, true])
  })

  test('is seen, and gone, in every process at once', async () => {
    const { ring, path } = openRing()
    const elsewhere = openRing([], path).ring
    const { key } = await ring.add({ name: 'ci', scopes: ['read'] })
    expect((await elsewhere.find(key))?.name).toBe('ci')
    await elsewhere.revoke('ci')
    expect(await ring.find(key)).toBeUndefined()
  })

  test('remembers when it was used last, to the minute', async () => {
    const { ring, pass } = openRing()
    const { key } = await ring.add({ name: 'ci', scopes: ['read'] })
    const lastUsed = async () => (await ring.list())[0]?.lastUsedMs
    await ring.find(key)
    expect(await lastUsed()).toBe(1_700_000_000_000)
    pass(59_000)
    await ring.find(key)
    expect(await lastUsed()).toBe(1_700_000_000_000)
    pass(1_000)
    await ring.find(key)
    expect(await lastUsed()).toBe(1_700_000_060_000)
  })

  test.each([
    [{ name: ' ', scopes: ['read'] }, 'name'],
    [{ name: 'x'.repeat(81), scopes: ['read'] }, 'name'],
    [{ name: 'a\nb', scopes: ['read'] }, 'name'],
    [{ name: 'a', scopes: [] }, 'scopes'],
    [{ name: 'a', scopes: ['read'], collections: [] }, 'collections'],
    [{ name: 'a', scopes: ['admin'], collections: ['x'] }, 'collections'],
  ] as const)('%j is refused', async (key, field) => {
    await expect(openRing().ring.add(key)).rejects.toMatchObject({ code: 'BAD_INPUT', field })
  })

  test('that is not there is named', async () => {
    await expect(openRing().ring.revoke('nobody')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('nobody'),
    })
  })
})

describe('whether a key is needed', () => {
  test('is decided by the first that is made, and stays so when it is revoked', async () => {
    const { ring } = openRing()
    expect(await ring.isInUse()).toBe(false)
    await ring.add({ name: 'ci', scopes: ['read'] })
    expect(await ring.isInUse()).toBe(true)
    await ring.revoke('ci')
    expect(await ring.isInUse()).toBe(true)
    await ring.forget('ci')
    expect(await ring.isInUse()).toBe(false)
    expect(await ring.list()).toEqual([])
  })

  test('is decided by the settings too', async () => {
    const { ring } = openRing([{ name: 'ci', scopes: ['read'], hash: sha256('x') }])
    expect(await ring.isInUse()).toBe(true)
  })
})

describe('a key of the settings', () => {
  test('that was made for them is read from them, and found', async () => {
    const { ring } = openRing()
    const made = ring.make({ name: 'CI, Köln: a+b', scopes: ['read', 'write'], collections: ['a+b', 'ü,:'] })
    expect(await ring.list()).toEqual([])
    const configured = settings.apiKeys.parse(made.setting, 'GEMDEX_API_KEYS')
    const { ring: theirs } = openRing(configured)
    const { id: _, createdMs: __, ...entry } = made.entry
    expect(await theirs.find(made.key)).toEqual({
      ...entry,
      id: 'setting:CI, Köln: a+b',
      origin: 'settings',
    })
    expect(await theirs.find(`${made.key}x`)).toBeUndefined()
  })

  test('may be of any form, and cannot be revoked here', async () => {
    const configured = settings.apiKeys.parse(
      `one:read:${sha256('my secret')}, two:admin:${sha256('other').toUpperCase()}`,
      'GEMDEX_API_KEYS',
    )
    const { ring } = openRing(configured)
    expect((await ring.find('my secret'))?.scopes).toEqual(['read'])
    expect((await ring.find('other'))?.name).toBe('two')
    await expect(ring.revoke('one')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('GEMDEX_API_KEYS'),
    })
  })

  test.each([
    'gemdex_0123456789ab_secretsecretsecret',
    `ci:${sha256('x')}`,
    `ci:owner:${sha256('x')}`,
    `:read:${sha256('x')}`,
    'ci:read:abc',
    `ci:read:a:b:${sha256('x')}`,
    `ci:read:${sha256('x')},ci:read:${sha256('y')}`,
  ])('%.40s is refused without repeating it', (text) => {
    expect(() => settings.apiKeys.parse(text, 'GEMDEX_API_KEYS')).toThrow(
      expect.objectContaining({
        code: 'BAD_CONFIG',
        field: 'GEMDEX_API_KEYS',
        message: expect.not.stringContaining('secret'),
      }),
    )
  })
})
