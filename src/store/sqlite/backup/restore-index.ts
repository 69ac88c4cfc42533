import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { GemdexError, toGemdexError } from '../../../errors.js'
import type { RestoreReport } from '../../verify-report.js'
import { convertStoreError, folderAsIndex, isFolder } from '../convert-error.js'
import { isThere } from '../is-there.js'
import { makeFolder, openForUpkeep } from '../open-database.js'
import { realPathOf } from '../real-path.js'
import { readSchemaVersion } from '../schema.js'
import { openSqliteStore } from '../sqlite-store.js'
import { verifyIndex } from '../verify/verify-index.js'
import { beginDraft } from './begin-draft.js'
import { type CopyOptions, copyIndex, dropFiles, sync } from './copy-index.js'

const PATIENCE_MS = 500

/**
 * Puts a backup in the place of the index. It is copied beside it, brought to the schema of this program and verified; until
 * then, and whenever something is wrong, the index stays as it was. An index that is damaged is not dropped but set aside; a link
 * to the index stays a link. Throws
 * NOT_FOUND without a backup, STORE_TOO_NEW for one of a newer program, STORE_CORRUPT for a damaged one or another file,
 * STORE_BUSY while another process has the index open.
 */
export async function restoreIndex(
  file: string,
  indexPath: string,
  options: CopyOptions = {},
): Promise<RestoreReport> {
  if (!isThere(file)) throw new GemdexError('NOT_FOUND', `There is no backup at ${file}`)
  if (isFolder(file)) throw noBackup(file)
  if (isFolder(indexPath)) throw folderAsIndex(indexPath)
  makeFolder(indexPath)
  const path = realPathOf(indexPath)
  const draft = beginDraft(path, 'restoring')
  try {
    const fromSchema = await prepare(file, draft, options)
    const { schema, sizeBytes, counts } = verifyIndex(draft)
    const setAside = replace(draft, path)
    return { file, fromSchema, schema, sizeBytes, counts, ...(setAside === undefined ? {} : { setAside }) }
  } catch (thrown) {
    dropFiles(draft)
    throw convertStoreError(thrown, path)
  }
}

/** Makes a sound copy of the backup by this program's schema; gives the schema that it had. */
async function prepare(file: string, draft: string, options: CopyOptions): Promise<number> {
  try {
    const fromSchema = schemaOf(file)
    await copyIndex(file, draft, options, 'Restoring')
    const [damage] = verifyIndex(draft).findings
    if (damage !== undefined) throw damaged(file, damage.message)
    // Brings the schema up to date, and makes the codes of an older one.
    await openSqliteStore(draft, { create: false }).close()
    const [finding] = verifyIndex(draft).findings
    if (finding !== undefined) throw damaged(file, finding.message)
    sync(draft)
    return fromSchema
  } catch (thrown) {
    throw convertStoreError(thrown, file)
  }
}

/** The schema of a backup. What cannot be told from a file that never was one is said to be none. */
function schemaOf(file: string): number {
  try {
    const backup = openForUpkeep(file)
    const schema = readSchemaVersion(backup)
    backup.close()
    return schema
  } catch (thrown) {
    const error = convertStoreError(thrown, file)
    throw toGemdexError(error).code === 'STORE_CORRUPT' ? noBackup(file, error) : error
  }
}

/** Gives the name under which an index that cannot be read was set aside. */
function replace(draft: string, path: string): string | undefined {
  if (!existsSync(path)) {
    // What SQLite left beside a file that is gone would be taken for part of the new one.
    dropFiles(path)
    renameSync(draft, path)
    sync(dirname(path))
    return undefined
  }
  const old = takeOver(path)
  if (old === undefined) {
    const setAside = `${path}.damaged-${Date.now()}`
    for (const ending of ['-wal', ''])
      if (existsSync(path + ending)) renameSync(path + ending, setAside + ending)
    rmSync(`${path}-shm`, { force: true })
    renameSync(draft, path)
    sync(dirname(path))
    return setAside
  }
  try {
    renameSync(draft, path)
    sync(dirname(path))
    return undefined
  } finally {
    old.close()
  }
}

/**
 * Has the old index to itself, its log taken into it, until the connection is closed: a log that stayed would be taken for the
 * new one's. SQLite leaves WAL mode only when nobody else has the file open. Undefined for one that cannot be read.
 */
function takeOver(path: string): Database.Database | undefined {
  let old: Database.Database | undefined
  try {
    old = new Database(path, { timeout: PATIENCE_MS })
    old.pragma('journal_mode = DELETE')
    old.exec('BEGIN EXCLUSIVE')
    return old
  } catch (thrown) {
    old?.close()
    const code = thrown instanceof Database.SqliteError ? thrown.code : ''
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return undefined
    if (!code.startsWith('SQLITE_BUSY')) throw thrown
    throw new GemdexError('STORE_BUSY', `Another process has the index ${path} open`, {
      hint: 'Stop the service, and whatever else uses the index, then restore.',
      retryable: true,
    })
  }
}

function noBackup(file: string, cause?: unknown): GemdexError {
  return new GemdexError(
    'STORE_CORRUPT',
    `${file} is no backup of a gemdex index, or its beginning is damaged`,
    {
      hint: 'Name a file that `gemdex backup` wrote; the index was left as it is.',
      cause,
    },
  )
}

function damaged(file: string, why: string): GemdexError {
  return new GemdexError('STORE_CORRUPT', `The backup ${file} is damaged: ${why}`, {
    hint: 'Take another backup; the index was left as it is.',
  })
}
