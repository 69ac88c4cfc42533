import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { retryWhenFull } from '../../../src/store/sqlite/retry-when-full.js'
import { tempPath } from './temp-store.js'

/** A database with a log, and a transaction that fails so often with a code. */
function open(failures: number, code: string) {
  const path = tempPath()
  const database = new Database(path)
  onTestFinished(() => void database.close())
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)')
  let attempts = 0
  const transaction = () => {
    attempts++
    if (attempts <= failures) throw new Database.SqliteError('refused', code)
    return attempts
  }
  return { database, transaction, attempts: () => attempts, walBytes: () => statSync(`${path}-wal`).size }
}

test('a full disk is met by taking the log into the file, and another attempt', () => {
  const { database, transaction, walBytes } = open(1, 'SQLITE_FULL')
  expect(walBytes()).toBeGreaterThan(0)
  expect(retryWhenFull(database, transaction)).toBe(2)
  expect(walBytes()).toBe(0)
})

test.each([
  [2, 'SQLITE_FULL', 2],
  [1, 'SQLITE_CORRUPT', 1],
])('after %i failures with %s it throws', (failures, code, expected) => {
  const { database, transaction, attempts } = open(failures, code)
  expect(() => retryWhenFull(database, transaction)).toThrow(expect.objectContaining({ code }))
  expect(attempts()).toBe(expected)
})
