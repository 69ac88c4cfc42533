import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type ErrorCode, GemdexError } from '../../errors.js'

const CODES: readonly (readonly [RegExp, ErrorCode, string, string])[] = [
  [
    /^SQLITE_BUSY/,
    'STORE_BUSY',
    'is being written by another process',
    'Try again when the other run has ended.',
  ],
  [
    /^SQLITE_FULL|^SQLITE_IOERR_SHM(SIZE|OPEN|MAP)/,
    'STORE_FULL',
    'cannot grow: the disk is full',
    'Free some space and run the command again; nothing was lost.',
  ],
  [
    /^SQLITE_READONLY|^SQLITE_CANTOPEN/,
    'STORE_READ_ONLY',
    'cannot be opened for writing',
    'Check the permissions of the file and its folder, or name another with --db.',
  ],
  [
    /^SQLITE_CORRUPT|^SQLITE_NOTADB/,
    'STORE_CORRUPT',
    'is damaged or not a gemdex index',
    'Restore a backup, or index the folder anew into another file with --db.',
  ],
]

/** Turns what the driver throws into a GemdexError that names the file. Other errors pass through. */
export function convertStoreError(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown
  if (thrown.code === 'SQLITE_CANTOPEN' && isFolder(path)) return folderAsIndex(path, thrown)
  // What SQLite says of a header whose number of the file format it does not know.
  const code = thrown.message === 'unsupported file format' ? 'SQLITE_NOTADB' : thrown.code
  for (const [pattern, errorCode, what, hint] of CODES) {
    if (pattern.test(code))
      return new GemdexError(errorCode, `The index ${path} ${what}`, {
        hint,
        retryable: errorCode === 'STORE_BUSY',
        cause: thrown,
      })
  }
  return new GemdexError('STORE_FAILED', `The index ${path} could not be read or written (${code})`, {
    cause: thrown,
  })
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The error of a folder where the file of an index is to be. */
export function folderAsIndex(path: string, cause?: unknown): GemdexError {
  return new GemdexError('BAD_CONFIG', `The index is to be a file, and ${path} is a folder`, {
    hint: `Name a file with --db, such as ${join(path, 'index.db')}.`,
    field: 'db',
    cause,
  })
}
