import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { isAtLeast, requireSqlite } from '../../../src/store/sqlite/sqlite-floor.js'

test.each([
  ['3.51.3', true],
  ['3.51.10', true],
  ['3.52.0', true],
  ['4.0', true],
  ['3.51.2', false],
  ['3.9.9', false],
])('SQLite %s is new enough: %s', (version, expected) => {
  expect(isAtLeast(version, '3.51.3')).toBe(expected)
})

test('the SQLite that is installed is taken, and an older one refused by name', () => {
  const database = new Database(':memory:')
  requireSqlite(database)
  database.function('sqlite_version', () => '3.40.1')
  expect(() => requireSqlite(database)).toThrow(/SQLite 3\.40\.1 is older than 3\.51\.3/)
  database.close()
})
