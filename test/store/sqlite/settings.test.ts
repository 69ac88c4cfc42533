import type Sqlite from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import { schemaVersion } from '../../../src/store/sqlite/schema.js'
import { makeFile, openPrepared } from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

/** The connections that stores opened: `synchronous` is a connection's own setting, which no other one can see. */
const connections = vi.hoisted((): Sqlite.Database[] => [])

vi.mock(import('../../../src/store/sqlite/open-database.js'), async (importOriginal) => {
  const original = await importOriginal()
  return {
    ...original,
    openDatabase: (...args) => {
      const database = original.openDatabase(...args)
      connections.push(database)
      return database
    },
  }
})

function lastConnection(): Sqlite.Database {
  const connection = connections.at(-1)
  if (connection === undefined) throw new Error('no store was opened')
  return connection
}

const FULL = 2
const NORMAL = 1

describe('the settings of a connection', () => {
  test('synchronous is FULL before, at and after the first write', async () => {
    const store = openTempStore()
    const connection = lastConnection()
    const synchronous = () => connection.pragma('synchronous', { simple: true })
    expect(synchronous()).toBe(FULL)
    await store.openCollection('notes', null)
    expect(synchronous()).toBe(FULL)
    connection.pragma('wal_checkpoint(TRUNCATE)')
    await store.recordFile('notes', makeFile('a'))
    expect(synchronous()).toBe(FULL)
  })

  test('the first write asserts that synchronous is FULL, and sets it if the driver reset it', async () => {
    const store = openTempStore()
    const connection = lastConnection()
    connection.pragma(`synchronous = ${NORMAL}`)
    await store.openCollection('notes', null)
    expect(connection.pragma('synchronous', { simple: true })).toBe(FULL)
  })

  test('each further connection to the same file has it too', async () => {
    const path = tempPath()
    await openPrepared(() => openTempStore(path))
    const second = openTempStore(path, { create: false })
    await second.recordFile('notes', makeFile('a'))
    expect(lastConnection().pragma('synchronous', { simple: true })).toBe(FULL)
  })

  test('foreign keys hold, and a lock is waited for', () => {
    openTempStore()
    const connection = lastConnection()
    expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(() =>
      connection.exec("INSERT INTO document_texts (document_id, text) VALUES (1, 'of no document')"),
    ).toThrow(/FOREIGN KEY/)
    expect(connection.pragma('busy_timeout', { simple: true })).toBeGreaterThanOrEqual(5000)
  })

  test('the file is in WAL mode, with a limit on the log', () => {
    const path = tempPath()
    openTempStore(path)
    expect(inspect(path, (database) => database.pragma('journal_mode', { simple: true }))).toBe('wal')
    expect(lastConnection().pragma('journal_size_limit', { simple: true })).toBeGreaterThan(0)
  })
})

describe('the schema', () => {
  test('is made once: opening again changes nothing', async () => {
    const path = tempPath()
    // SQLite counts every change of the schema in schema_version.
    const look = () =>
      inspect(path, (database) => ({
        changes: database.pragma('schema_version', { simple: true }),
        version: database.pragma('user_version', { simple: true }),
        tables: database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all(),
      }))
    const store = await openPrepared(() => openTempStore(path))
    const first = look()
    expect(first.version).toBe(schemaVersion)
    await store.close()
    const again = openTempStore(path)
    expect(look()).toEqual(first)
    expect(await again.collections()).toMatchObject([{ name: 'notes' }])
  })
})
