import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { logOf } from './log-of.js'
import { takeLogIn } from './take-log-in.js'

/** Without a write for so long, an index is quiet. */
const QUIET_MS = 5_000
/** A log that is smaller may stay. */
const SMALL_BYTES = 1024 * 1024

/**
 * Takes the write-ahead log into the file when nothing has been written for some seconds: SQLite does it while it writes, but
 * leaves the log at the size that it had, and lets it grow while others read. Told of each write; the first after the connection is
 * closed does nothing more.
 */
export function createQuietCheckpoint(database: Database, path: string): () => void {
  let timer: NodeJS.Timeout | undefined

  function checkpoint(): void {
    timer = undefined
    if (!database.open || database.inTransaction) return
    if ((statSync(logOf(path), { throwIfNoEntry: false })?.size ?? 0) <= SMALL_BYTES) return
    try {
      // Whoever reads just now is not waited for: the next quiet will do.
      takeLogIn(database, 0)
    } catch {
      // What hinders it, such as a full disk, is met by the next write.
    }
  }

  return () => {
    if (path === ':memory:') return
    if (timer === undefined) timer = setTimeout(checkpoint, QUIET_MS).unref()
    else timer.refresh()
  }
}
