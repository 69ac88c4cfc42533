import { closeSync, openSync, readSync } from 'node:fs'
import { isThere } from './is-there.js'

/** Offset and value of the byte that says that a file has a write-ahead log (sqlite.org/fileformat2.html, 1.3). */
const WAL_MARK = { offset: 18, value: 2 }

/**
 * Whether a log lies beside an index: somebody has it open, or nobody has closed it, killed or as the power went. Whoever is the
 * last to close an index takes the log into it and removes it; and SQLite has the name of the log on the disk before it writes to
 * the index, so that the log is there after a loss of power too.
 */
export function isUnclosed(path: string): boolean {
  return isThere(path) && isThere(`${path}-wal`)
}

/** Has a closed index taken for one that nobody has closed. Nothing where that cannot be written down, as on a read-only medium. */
export function markUnclosed(path: string): void {
  try {
    // An empty log is none for SQLite. A file that is to have none, such as a backup, gets none.
    if (hasLog(path)) closeSync(openSync(`${path}-wal`, 'a'))
  } catch {
    // What is damaged there is found by `verify` again.
  }
}

function hasLog(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const byte = Buffer.alloc(1)
    readSync(file, byte, 0, 1, WAL_MARK.offset)
    return byte[0] === WAL_MARK.value
  } finally {
    closeSync(file)
  }
}
