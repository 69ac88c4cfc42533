import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { GemdexError } from '../../../errors.js'
import { describeFindings, describeMending, type Finding } from '../../verify-report.js'
import { convertStoreError } from '../convert-error.js'
import { isUnclosed, markUnclosed } from '../unclosed.js'
import { examineSnapshot } from './verify-index.js'

/** Verifying takes some 27 ms a megabyte: no longer than a second until an index of this size is open. */
const SOON_BYTES = 32 * 1024 * 1024

/** What was found in an index that nobody has closed: nothing when it is sound; it was not looked at when that takes longer. */
export type Unclosed = { readonly damage?: readonly Finding[]; readonly isUnchecked: boolean }

/**
 * Verifies an index before it is opened, when nobody has it open and the last process that had has not closed it. Costs a look at
 * a name where it was closed, and less than a millisecond beside a process that has it open. The mark goes when the index has
 * been found sound; else it stays, so that whoever opens it next is told too, until it is mended.
 */
export function examineUnclosed(path: string, soonBytes = SOON_BYTES): Unclosed {
  const nothing = { isUnchecked: false }
  if (path === ':memory:' || !isUnclosed(path)) return nothing
  const outcome = lookAlone(path, soonBytes)
  if (outcome === 'in use' || outcome === 'sound') return nothing
  markUnclosed(path)
  return outcome
}

/** The error of whoever would write to a damaged index. */
export function damagedIndex(path: string, damage: readonly Finding[]): GemdexError {
  return new GemdexError('STORE_CORRUPT', `The index ${path} is damaged: ${describeFindings(damage)}`, {
    hint: `${describeMending(damage)}. \`gemdex verify\` says what is broken.`,
  })
}

function lookAlone(path: string, soonBytes: number): Unclosed | 'sound' | 'in use' {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    // SQLite lets one connection have a WAL file alone only while nobody else has it open (sqlite.org/wal.html#noshm).
    database.pragma('locking_mode = EXCLUSIVE')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    if (statSync(path).size > soonBytes) return { isUnchecked: true }
    const { findings } = examineSnapshot(database, path)
    return findings.length === 0 ? 'sound' : { damage: findings, isUnchecked: false }
  } catch (thrown) {
    const error = convertStoreError(thrown, path)
    const code = error instanceof GemdexError ? error.code : 'INTERNAL'
    if (code === 'STORE_CORRUPT') return { damage: [UNREADABLE], isUnchecked: false }
    // Not to be opened so: whoever opens it meets that, and says it.
    return code === 'STORE_BUSY' ? 'in use' : { isUnchecked: true }
  } finally {
    database?.close()
  }
}

const UNREADABLE: Finding = { check: 'file', message: 'Its pages are damaged', count: 1, mend: 'restore' }
