import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COLLECTION, makeFile, openPrepared } from '../../samples.js'
import { tempPath } from '../temp-store.js'
import { openThreads } from './open-threads.js'

test('takes the WAL into the file, however many connections were open', async () => {
  for (let round = 0; round < 10; round++) {
    const path = tempPath()
    const store = await openPrepared(() => openThreads(path, 4))
    await Promise.all(Array.from({ length: 8 }, () => store.counts()))
    await store.recordFile(COLLECTION, makeFile('a', { outcome: 'skipped', reason: 'EMPTY' }))
    await store.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
  }
}, 60_000)
