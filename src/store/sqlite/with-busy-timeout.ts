import type { Database } from 'better-sqlite3'

/** Works while SQLite itself waits so long for others at most; as long as before afterwards. */
export function withBusyTimeout<T>(database: Database, timeoutMs: number, work: () => T): T {
  const before = database.pragma('busy_timeout', { simple: true }) as number
  database.pragma(`busy_timeout = ${timeoutMs}`)
  try {
    return work()
  } finally {
    if (database.open) database.pragma(`busy_timeout = ${before}`)
  }
}
