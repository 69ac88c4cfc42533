import { closeSync, openSync } from 'node:fs'
import { isThere } from './is-there.js'
import { logOf } from './log-of.js'

/**
 * Whether a log lies beside an index: somebody has it open, or nobody has closed it, killed or as the power went. Whoever is the
 * last to close an index takes the log into it and removes it; and SQLite has the name of the log on the disk before it writes to
 * the index, so that the log is there after a loss of power too.
 */
export function isUnclosed(path: string): boolean {
  return isThere(path) && isThere(logOf(path))
}

/**
 * Has a closed index, which is to be one with a log, taken for one that nobody has closed: an empty log is none for SQLite. Nothing
 * where that cannot be written down, as on a read-only medium. The index itself is not opened: to close it again would let go of the
 * locks of this process's connections to it (sqlite.org/howtocorrupt.html, 2.2).
 */
export function markUnclosed(path: string): void {
  try {
    closeSync(openSync(logOf(path), 'a'))
  } catch {
    // What is damaged there is found by `verify` again.
  }
}
