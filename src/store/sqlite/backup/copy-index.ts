import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { GemdexError } from '../../../errors.js'
import { openForUpkeep } from '../open-database.js'
import { requireFree } from '../require-room.js'

/** Copied before others get their turn: 16 MB. */
const PAGES_AT_A_TIME = 2048

export type CopyOptions = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly copied: number; readonly total: number }) => void
}

/**
 * Copies an index to another file as it is at one moment, with what its write-ahead log holds, while others go on writing
 * (sqlite.org/backup.html). Throws STORE_FULL before anything is written when there is no room, CANCELLED.
 */
export async function copyIndex(from: string, to: string, options: CopyOptions, what: string): Promise<void> {
  const { signal, onProgress } = options
  const source = openForUpkeep(from)
  try {
    // A snapshot held from here to the end: without it each commit of another process would begin the copy anew.
    source.exec('BEGIN')
    const pages = source.pragma('page_count', { simple: true }) as number
    requireFree(dirname(to), pages * (source.pragma('page_size', { simple: true }) as number), what)
    dropFiles(to)
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        if (signal?.aborted) throw new GemdexError('CANCELLED', 'The operation was cancelled')
        onProgress?.({ copied: totalPages - remainingPages, total: totalPages })
        return PAGES_AT_A_TIME
      },
    })
  } catch (thrown) {
    dropFiles(to)
    throw thrown
  } finally {
    source.close()
  }
}

/** Removes an index file that nobody has open, with what SQLite keeps beside it. */
export function dropFiles(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true })
}

/** Makes what was written to a file, or the names in a folder, survive a loss of power. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
