import { resolve } from 'node:path'
import type { Config } from './config.js'
import { createTermsOfPassages } from './ingest/prepare-document.js'
import { backupIndex } from './store/sqlite/backup/backup-index.js'
import type { CopyOptions } from './store/sqlite/backup/copy-index.js'
import { restoreIndex } from './store/sqlite/backup/restore-index.js'
import { acquireRunLock } from './store/sqlite/run-lock.js'
import { repairIndex } from './store/sqlite/verify/repair-index.js'
import { verifyIndex } from './store/sqlite/verify/verify-index.js'
import type { BackupReport, RestoreReport, VerifyReport } from './store/verify-report.js'

/**
 * What is done to an index as a whole, without an engine, which may not open over one that is damaged. All throw NO_INDEX, STORE_
 * codes, and INDEX_LOCKED where nobody may index meanwhile.
 */

/** Checks the index, and with `repair` mends what can be mended of it first, while nobody indexes. */
export async function verify(
  { db }: Config,
  { repair = false }: { readonly repair?: boolean } = {},
): Promise<VerifyReport> {
  return repair
    ? alone(db, 'verify --repair', () => repairIndex(db, createTermsOfPassages()))
    : verifyIndex(db)
}

/** Copies the index into a file while it is used; see `backupIndex`. */
export async function backup(
  { db }: Config,
  file: string,
  { replace = false, ...options }: CopyOptions & { readonly replace?: boolean } = {},
): Promise<BackupReport> {
  return backupIndex(db, resolve(file), { replace, ...options })
}

/** Puts a backup in the place of the index; see `restoreIndex`. */
export async function restore(
  { db }: Config,
  file: string,
  options: CopyOptions = {},
): Promise<RestoreReport> {
  return alone(db, 'restore', () => restoreIndex(resolve(file), db, options))
}

/** Keeps others from indexing meanwhile. */
async function alone<T>(db: string, command: string, action: () => T | Promise<T>): Promise<T> {
  const lock = await acquireRunLock(db, { command })
  try {
    return await action()
  } finally {
    lock.release()
  }
}
