import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { waitInTurn } from '../../../src/store/sqlite/wait-in-turn.js'
import { tempPath } from './temp-store.js'

const TIMEOUT_MS = 7_000

/** Two connections to one file, the first of which has the write lock. */
function openTwo() {
  const path = tempPath()
  const [holder, waiter] = [new Database(path), new Database(path, { timeout: TIMEOUT_MS })]
  for (const database of [holder, waiter]) onTestFinished(() => void database.close())
  holder.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); BEGIN IMMEDIATE')
  return { holder, waiter, timeout: () => waiter.pragma('busy_timeout', { simple: true }) }
}

test('asks again and again until the lock is free, and leaves the timeout as it was', () => {
  const { holder, waiter, timeout } = openTwo()
  let attempts = 0
  const insert = waiter.transaction(() => waiter.prepare('INSERT INTO t VALUES (1)').run().changes)
  const changes = waitInTurn(waiter, TIMEOUT_MS, () => {
    if (++attempts === 3) holder.exec('ROLLBACK')
    return insert.immediate()
  })
  expect([changes, attempts, timeout()]).toEqual([1, 3, TIMEOUT_MS])
})

test('gives up after its time, and at once for other faults', () => {
  const { waiter, timeout } = openTwo()
  const begin = () => waiter.exec('BEGIN IMMEDIATE')
  expect(() => waitInTurn(waiter, 50, begin)).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }))
  let attempts = 0
  const fail = () => {
    attempts++
    return waiter.exec('INSERT INTO missing VALUES (1)')
  }
  expect(() => waitInTurn(waiter, TIMEOUT_MS, fail)).toThrow('no such table')
  expect([attempts, timeout(), waiter.inTransaction]).toEqual([1, TIMEOUT_MS, false])
})
