import type { Database } from 'better-sqlite3'
import { withBusyTimeout } from './with-busy-timeout.js'

/**
 * Takes the write-ahead log into the file and empties it; false when others read or wrote for longer than they are waited for.
 * Throws what SQLite throws, as on a full disk.
 */
export function takeLogIn(database: Database, patienceMs: number): boolean {
  // The first column says whether anybody hindered it.
  const hindered = withBusyTimeout(database, patienceMs, () =>
    database.pragma('wal_checkpoint(TRUNCATE)', { simple: true }),
  )
  return hindered === 0
}
