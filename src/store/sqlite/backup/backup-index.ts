import { existsSync, realpathSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { GemdexError } from '../../../errors.js'
import type { BackupReport } from '../../verify-report.js'
import { convertStoreError } from '../convert-error.js'
import { isThere } from '../is-there.js'
import { isUnclosed, markUnclosed } from '../unclosed.js'
import { verifyIndex } from '../verify/verify-index.js'
import { beginDraft } from './begin-draft.js'
import { type CopyOptions, copyIndex, dropFiles, sync } from './copy-index.js'

/**
 * Copies the index into one file, which takes its name only when it has been verified and is on the disk. Indexing and searching
 * go on meanwhile; the copy is the index at the moment it began. It is no WAL file, so that it can be read from any medium. What
 * a killed backup to the same file left is removed.
 * Throws BAD_INPUT when the file is there and may not be replaced, STORE_CORRUPT when the index is damaged.
 */
export async function backupIndex(
  path: string,
  file: string,
  options: CopyOptions & { readonly replace: boolean },
): Promise<BackupReport> {
  refuseTarget(path, file, options.replace)
  const draft = beginDraft(file, 'partial')
  const wasUnclosed = isUnclosed(path)
  try {
    await copyIndex(path, draft, options, 'The backup')
    const report = verifyIndex(draft)
    const [finding] = report.findings
    if (finding !== undefined) {
      throw new GemdexError(
        'STORE_CORRUPT',
        `The index ${path} is damaged, and so would be its backup: ${finding.message}`,
        {
          hint: '`gemdex verify` says what is broken and what mends it; older backups were left as they are.',
        },
      )
    }
    leaveWal(draft)
    sync(draft)
    renameSync(draft, file)
    sync(dirname(file))
    const { schema, sizeBytes, counts } = report
    return { file, schema, sizeBytes, counts }
  } catch (thrown) {
    dropFiles(draft)
    // It has been closed now, which does not say that it is sound.
    if (wasUnclosed) markUnclosed(path)
    throw convertStoreError(thrown, path)
  }
}

function refuseTarget(path: string, file: string, replace: boolean): void {
  if (!isThere(dirname(file)))
    throw new GemdexError('BAD_INPUT', `There is no folder ${dirname(file)} for the backup`, {
      field: 'file',
    })
  if (!isThere(file)) return
  if (existsSync(path) && realpathSync(path) === realpathSync(file))
    throw new GemdexError('BAD_INPUT', `${file} is the index itself`, { field: 'file' })
  if (!replace)
    throw new GemdexError('BAD_INPUT', `${file} is there already`, {
      hint: 'Name another file, or replace it with --force.',
      field: 'file',
    })
}

function leaveWal(path: string): void {
  const database = new Database(path)
  try {
    database.pragma('journal_mode = DELETE')
  } finally {
    database.close()
  }
}
