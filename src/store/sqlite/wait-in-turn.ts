import Database from 'better-sqlite3'
import { withBusyTimeout } from './with-busy-timeout.js'

const PAUSE_MS = 2
/** SQLite itself asks again after 1, 2, 5 and 10 ms within this. */
const SLICE_MS = 20

/**
 * Runs a transaction that begins with a write lock, waiting for it while others have it. SQLite's own waiting asks ever more seldom, ten
 * times a second in the end (`sqliteDefaultBusyCallback`), so that whoever has waited for long loses against those who have just come:
 * of four busy writers some waited for ten seconds. Asking at the same short intervals all the while gives everybody the same chance.
 * Throws SQLITE_BUSY after `timeoutMs`. The connection's own timeout is as before afterwards.
 */
export function waitInTurn<T>(database: Database.Database, timeoutMs: number, transaction: () => T): T {
  return withBusyTimeout(database, SLICE_MS, () => retryWhileBusy(timeoutMs, transaction))
}

/** Tries again, with short pauses of the thread, what is refused as others have a lock; throws the refusal after `timeoutMs`. */
export function retryWhileBusy<T>(timeoutMs: number, operation: () => T): T {
  const deadlineMs = performance.now() + timeoutMs
  for (;;) {
    try {
      return operation()
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > deadlineMs) throw error
      pauseThread(PAUSE_MS * (1 + Math.random()))
    }
  }
}

/** Nothing else runs in this thread meanwhile. */
export function pauseThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
