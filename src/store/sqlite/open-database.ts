import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { load as loadVectorFunctions } from 'sqlite-vec'
import { GemdexError } from '../../errors.js'
import { isThere } from './is-there.js'
import { applySchema, readSchemaVersion, schemaVersion } from './schema.js'
import { requireSqlite } from './sqlite-floor.js'
import { retryWhileBusy } from './wait-in-turn.js'

export const BUSY_TIMEOUT_MS = 10_000
/** Of a new file. Two vectors of 768 dimensions fit a page; at SQLite's 4 kB each would waste a quarter of one. */
const PAGE_BYTES = 8192
/**
 * Searches and writes in an index of a million passages take as long with this as with four times as much; writing takes a quarter
 * longer with SQLite's 2 MB and a checkpoint every 4 MB, a tenth with half of this.
 */
const CACHE_KIB = 16 * 1024
/** Of a connection that looks at the whole file once and is closed again. */
const UPKEEP_CACHE_KIB = 64 * 1024
/** Versions go up by one: whatever is beyond is no newer one's, but damage. */
const LAST_VERSION = 255
const CHECKPOINT_BYTES = 32 * 1024 * 1024

export type DatabaseOptions = {
  /** Makes the file and its folder when missing. */
  readonly create: boolean
  /** Told of each step of the schema that is about to be committed. */
  readonly onStep?: (step: `schema ${number}`) => void
}

/** Opens an index file with the settings every connection needs. */
export function openDatabase(path: string, options: DatabaseOptions): Database.Database {
  if (!options.create) requireFile(path)
  if (options.create) makeFolder(path)
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    requireSqlite(database)
    refuseForeign(database, path)
    database.pragma(`page_size = ${PAGE_BYTES}`)
    enterWalMode(database)
    // The file of a log that begins anew goes back to this size, so that its size says how long the log is (`awaitShortLog`).
    database.pragma(`journal_size_limit = ${CHECKPOINT_BYTES}`)
    database.pragma(`cache_size = ${-CACHE_KIB}`)
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES}`)
    database.pragma('foreign_keys = ON')
    // better-sqlite3 builds SQLite to fall back to NORMAL in WAL mode, which may lose the last commits with the power.
    database.pragma('synchronous = FULL')
    loadVectorFunctions(database)
    applySchema(database, options.onStep)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens an index as it is, whatever its schema, to look at it or to mend it. */
export function openForUpkeep(path: string): Database.Database {
  requireFile(path)
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
  try {
    refuseForeign(database, path)
    database.pragma(`cache_size = ${-UPKEEP_CACHE_KIB}`)
    database.pragma('foreign_keys = ON')
    database.pragma('synchronous = FULL')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens an index that may not be written, in place. Throws when SQLite cannot, or the schema is not this program's. */
export function openReadOnly(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS, readonly: true, fileMustExist: true })
  try {
    refuseForeign(database, path)
    if (readSchemaVersion(database) !== schemaVersion)
      throw new GemdexError(
        'STORE_READ_ONLY',
        `The index ${path} is of an older schema and cannot be written`,
      )
    database.pragma(`cache_size = ${-CACHE_KIB}`)
    loadVectorFunctions(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function requireFile(path: string): void {
  if (isThere(path)) return
  throw new GemdexError('NO_INDEX', `There is no index at ${path}`, {
    hint: 'Make one with `gemdex index <folder>`, or name another with --db.',
  })
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

/**
 * Only a new file changes its mode. When several processes open one at once, SQLite does not let them wait for one another
 * there, as they would for a lock: both hold a part of what the other needs. So the one that is refused tries again.
 */
function enterWalMode(database: Database.Database): void {
  retryWhileBusy(BUSY_TIMEOUT_MS, () => database.pragma('journal_mode = WAL'))
}

/** Makes the folder of a file. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw new GemdexError('STORE_READ_ONLY', `The folder of the index ${path} cannot be made`, {
      hint: 'Check the permissions of the folders above it, or name another place with --db.',
      cause: error,
    })
  }
}

function refuseForeign(database: Database.Database, path: string): void {
  // Both facts from one snapshot: another process may be making the schema right now.
  const { version, tables, ours } = database.transaction(() => ({
    version: readSchemaVersion(database),
    ...countTables(database),
  }))()
  if (tables > 0 && (version === 0 || ours === 0)) {
    throw new GemdexError('STORE_CORRUPT', `${path} is a SQLite file, but not a gemdex index`, {
      hint: 'Name another file with --db.',
    })
  }
  if (version < 0 || version > LAST_VERSION) {
    throw new GemdexError(
      'STORE_CORRUPT',
      `The index ${path} is damaged: it says that its schema is ${version}`,
      {
        hint: 'Restore a backup, or index the folder anew into another file with --db.',
      },
    )
  }
  if (version > schemaVersion) {
    throw new GemdexError(
      'STORE_TOO_NEW',
      `The index ${path} has schema ${version}, this gemdex knows ${schemaVersion}`,
      { hint: 'Install a newer gemdex; this one leaves the file as it is.' },
    )
  }
}

/** All tables, and those that tell a gemdex index from other programs' files, whatever its version. */
function countTables(database: Database.Database): { tables: number; ours: number } {
  const counted = database
    .prepare<[], { tables: number; ours: number }>(
      `SELECT count(*) AS tables, count(*) FILTER (WHERE name = 'vector_sets') AS ours
       FROM sqlite_schema WHERE type = 'table'`,
    )
    .get()
  return counted ?? { tables: 0, ours: 0 }
}
