import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { load as loadVectorFunctions } from 'sqlite-vec'
import { GemdexError } from '../../errors.js'
import { applySchema, readSchemaVersion, schemaVersion } from './schema.js'

const BUSY_TIMEOUT_MS = 10_000
const JOURNAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024

/** Opens an index file with the settings every connection needs. `create` makes it and its folder when missing. */
export function openDatabase(path: string, options: { readonly create: boolean }): Database.Database {
  if (!options.create && !existsSync(path)) {
    throw new GemdexError('NO_INDEX', `There is no index at ${path}`, {
      hint: 'Make one with `gemdex index <folder>`, or name another with --db.',
    })
  }
  if (options.create) mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    refuseForeign(database, path)
    database.pragma('journal_mode = WAL')
    database.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT_BYTES}`)
    database.pragma('foreign_keys = ON')
    // better-sqlite3 builds SQLite to fall back to NORMAL in WAL mode, which may lose the last commits with the power.
    database.pragma('synchronous = FULL')
    loadVectorFunctions(database)
    applySchema(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A commit is only acknowledged as durable with this; better-sqlite3 resets it at the first write in WAL mode. */
export function assertFullSync(database: Database.Database): void {
  const FULL = 2
  if (database.pragma('synchronous', { simple: true }) === FULL) return
  database.pragma('synchronous = FULL')
  if (database.pragma('synchronous', { simple: true }) !== FULL) {
    throw new GemdexError('STORE_FAILED', 'SQLite refuses synchronous=FULL: writes would not be durable')
  }
}

function refuseForeign(database: Database.Database, path: string): void {
  const version = readSchemaVersion(database)
  if (version > schemaVersion) {
    throw new GemdexError(
      'STORE_TOO_NEW',
      `The index ${path} has schema ${version}, this gemdex knows ${schemaVersion}`,
      {
        hint: 'Install a newer gemdex; this one leaves the file as it is.',
      },
    )
  }
  const tables = database
    .prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .get() as number
  if (version === 0 && tables > 0) {
    throw new GemdexError('STORE_CORRUPT', `${path} is a SQLite file, but not a gemdex index`, {
      hint: 'Name another file with --db.',
    })
  }
}
