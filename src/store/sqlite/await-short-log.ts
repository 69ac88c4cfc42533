import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { logOf } from './log-of.js'
import { takeLogIn } from './take-log-in.js'
import { pauseThread } from './wait-in-turn.js'

export type LogLimits = {
  /** A log of this size is short in any index, bytes. */
  readonly bytes: number
  /** In a large index it is so up to this share of its size. */
  readonly share: number
}

/**
 * Three quarters of what is aimed at, 64 MB or a quarter of the index. SQLite takes the log in at half of it, so that nobody waits
 * but while somebody reads for long.
 */
const LIMITS: LogLimits = { bytes: 48 * 1024 * 1024, share: 3 / 16 }
/** Four writers that wait so long for each write add less than a megabyte a second. */
const PATIENCE_MS = 1_000
/** Others that read or write for a moment are waited for in SQLite. */
const SLICE_MS = 20
const PAUSE_MS = 5

/**
 * Waits, before a write, until the write-ahead log is short, and takes it in as soon as nobody hinders that; no longer than the
 * patience, at most a second. A log cannot begin anew while anybody reads what it holds, and a backup of 180 MB reads for a second:
 * in it four processes that do nothing but write make 130 MB of log, against 43 MB when nothing is copied (`npm run soak`). One that
 * reads for hours makes writing slow, but not fail.
 */
export function awaitShortLog(database: Database, path: string, patienceMs: number, limits = LIMITS): void {
  if (path === ':memory:') return
  const deadlineMs = performance.now() + Math.min(patienceMs, PATIENCE_MS)
  while (isLong(path, limits)) {
    if (hasTakenIn(database) || performance.now() > deadlineMs) return
    pauseThread(PAUSE_MS)
  }
}

function isLong(path: string, { bytes, share }: LogLimits): boolean {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const logBytes = sizeOf(logOf(path))
  return logBytes > bytes && logBytes > share * sizeOf(path)
}

function hasTakenIn(database: Database): boolean {
  try {
    return takeLogIn(database, SLICE_MS)
  } catch {
    // What hinders it, such as a full disk, is met by the write itself.
    return true
  }
}
