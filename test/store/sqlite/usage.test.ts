import { describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.js'
import type { ModelUsage, Store } from '../../../src/store/store.js'
import { axis, keyOf, openPrepared } from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

const sent: ModelUsage = {
  model: 'gemini-embedding-001',
  day: '2026-11-23',
  requests: 1,
  texts: 100,
  tokens: 12_345,
  priceUsd: 0.25,
}
const send = (store: Store, name: string, usage = sent) =>
  store.putEmbeddings([{ key: keyOf(name), vector: axis(0) }], usage)

describe('the sums of what was sent', () => {
  test('are there after the index is opened again', async () => {
    const path = tempPath()
    const first = await openPrepared(() => openSqliteStore(path, { create: true }))
    await send(first, 'a')
    await first.close()
    const second = openTempStore(path, { create: false })
    await send(second, 'b')
    expect(await second.usage()).toEqual([
      { ...sent, requests: 2, texts: 200, tokens: 24_690, priceUsd: 0.5 },
    ])
  })

  test('of two connections that write in turn are one sum, which each sees', async () => {
    const path = tempPath()
    const one = await openPrepared(() => openTempStore(path))
    const two = openTempStore(path)
    for (let i = 0; i < 10; i++) await Promise.all([send(one, `one ${i}`), send(two, `two ${i}`)])
    const sum = { ...sent, requests: 20, texts: 2000, tokens: 246_900, priceUsd: 5 }
    expect(await one.usage()).toEqual([sum])
    expect(await two.usage()).toEqual([sum])
  })

  test('are committed together with the vectors, or not at all', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    inspect(path, (database) =>
      database.exec(
        `CREATE TRIGGER refuse BEFORE INSERT ON usage BEGIN SELECT RAISE(ABORT, 'no usage today'); END`,
      ),
    )
    await expect(send(store, 'a')).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) })
    expect(await store.knownEmbeddings([keyOf('a')])).toEqual(new Set())
    inspect(path, (database) => database.exec('DROP TRIGGER refuse'))
    await send(store, 'a')
    expect(await store.knownEmbeddings([keyOf('a')])).toEqual(new Set([keyOf('a')]))
    expect(await store.usage()).toEqual([sent])
  })

  test('stay when the vectors they were for go', async () => {
    const store = await openPrepared(() => openTempStore())
    await send(store, 'a')
    expect(await store.pruneEmbeddings()).toBe(1)
    expect(await store.usage()).toEqual([sent])
  })

  test('hold many tokens, and prices of a fraction of a cent', async () => {
    const store = await openPrepared(() => openTempStore())
    for (let i = 0; i < 100; i++)
      await store.putEmbeddings([], { ...sent, tokens: 5_000_000_000, priceUsd: 0.000_01 })
    const [sum] = await store.usage()
    expect(sum?.tokens).toBe(500_000_000_000)
    expect(sum?.priceUsd).toBeCloseTo(0.001, 9)
  })
})
