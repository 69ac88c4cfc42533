import type { Database } from 'better-sqlite3'

/**
 * Takes the write-ahead log into the file and empties it; false when others read or wrote for longer than they are waited for.
 * Throws what SQLite throws, as on a full disk.
 */
export function takeLogIn(database: Database, patienceMs: number): boolean {
  const before = database.pragma('busy_timeout', { simple: true }) as number
  database.pragma(`busy_timeout = ${patienceMs}`)
  try {
    // The first column says whether anybody hindered it.
    return database.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0
  } finally {
    if (database.open) database.pragma(`busy_timeout = ${before}`)
  }
}
