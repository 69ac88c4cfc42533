import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/sqlite-store.js'
import type { SqliteStoreOptions } from '../../../src/store/sqlite/store-options.js'

/** A path for an index in a folder of its own, gone after the test. */
export function tempPath(name = 'index.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

/** A store that is closed after the test. */
export function openTempStore(path = tempPath(), options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = openSqliteStore(path, { create: true, ...options })
  onTestFinished(() => store.close())
  return store
}

/** Looks into an index file beside the store, with a connection of its own. */
export function inspect<T>(path: string, look: (database: Database.Database) => T): T {
  const database = new Database(path, { fileMustExist: true })
  try {
    return look(database)
  } finally {
    database.close()
  }
}
