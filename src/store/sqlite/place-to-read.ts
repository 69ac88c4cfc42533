import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { GemdexError } from '../../errors.js'
import { logOf } from './log-of.js'
import { openReadOnly } from './open-database.js'
import { requireFree } from './require-room.js'

/** Where an index that cannot be written is read. */
export type ReadingPlace = {
  readonly path: string
  /** Whether it is the index itself; else it is a copy, which can be written, but must not be: nobody would see it. */
  readonly inPlace: boolean
  /** Removes what was made for reading. */
  discard(): void
}

/**
 * Finds a place to read an index that cannot be opened for writing, as its disk, its folder or the file is read-only, or the disk is
 * full. SQLite reads an index with a write-ahead log in place only while the log and its memory (`-wal`, `-shm`) lie beside it
 * (sqlite.org/wal.html#readonly), so anything else is copied among the temporary files. Throws STORE_READ_ONLY with both reasons
 * when there is no room for that either.
 */
export function placeToRead(path: string, why: unknown): ReadingPlace {
  if (isReadableInPlace(path)) return { path, inPlace: true, discard: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-read-'))
  const discard = () => rmSync(folder, { recursive: true, force: true })
  const copy = join(folder, basename(path))
  try {
    const files = [
      { file: path, to: copy },
      { file: logOf(path), to: `${copy}-wal` },
    ].filter(({ file }) => existsSync(file))
    const bytes = files.reduce((sum, { file }) => sum + statSync(file).size, 0)
    requireFree(folder, bytes, 'Reading a copy of the index')
    for (const { file, to } of files) {
      copyFileSync(file, to)
      // A copy has the rights of the original, and is to be brought up to date.
      chmodSync(to, 0o600)
    }
    return { path: copy, inPlace: false, discard }
  } catch (thrown) {
    discard()
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new GemdexError(
      'STORE_READ_ONLY',
      `The index ${path} can be neither written nor copied to be read: ${reason}`,
      {
        hint: `Copy it to a folder that can be written and name it with --db, or make ${dirname(path)} writable.`,
        cause: why,
      },
    )
  }
}

/** Whether an index was not opened because it cannot be written, and may be read all the same. */
export function isNotWritable(thrown: unknown): boolean {
  return thrown instanceof GemdexError && (thrown.code === 'STORE_READ_ONLY' || thrown.code === 'STORE_FULL')
}

function isReadableInPlace(path: string): boolean {
  try {
    openReadOnly(path).close()
    return true
  } catch {
    return false
  }
}
