import { statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPrepared, putDocument } from '../samples.js'
import { openTempStore, tempPath } from './temp-store.js'

const MB = 1024 * 1024

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the log is taken into the file when nothing has been written for a while', async () => {
  const path = tempPath()
  const store = await openPrepared(() => openTempStore(path))
  const walBytes = () => statSync(`${path}-wal`).size
  const write = (name: string) =>
    putDocument(store, name, { passages: [{ text: `${name} `.repeat(MB / 2) }] })
  await write('a')
  vi.advanceTimersByTime(4_000)
  await write('b')
  vi.advanceTimersByTime(4_000)
  expect(walBytes()).toBeGreaterThan(MB)
  vi.advanceTimersByTime(1_000)
  expect(walBytes()).toBe(0)
  await write('c')
  await store.close()
  vi.advanceTimersByTime(5_000)
})
