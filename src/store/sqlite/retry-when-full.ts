import Database from 'better-sqlite3'

/**
 * Runs a transaction; when the disk is full, once more after the write-ahead log, which may be what fills it, has been taken into
 * the file. Throws what the first attempt threw when that gives no room.
 */
export function retryWhenFull<T>(database: Database.Database, transaction: () => T): T {
  try {
    return transaction()
  } catch (thrown) {
    if (!(thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_FULL')) throw thrown
    try {
      database.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      throw thrown
    }
    return transaction()
  }
}
