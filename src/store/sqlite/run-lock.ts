import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { GemdexError } from '../../errors.js'
import { convertStoreError } from './convert-error.js'
import { makeFolder } from './open-database.js'
import { realPathOf } from './real-path.js'

/** The right to be the only one that indexes into an index. Keep it for as long as the run takes. */
export interface RunLock {
  /** Lets the next one in. Calling it again does nothing. */
  release(): void
}

export type RunLockOptions = {
  readonly now?: () => Date
  /** What holds the lock, for the one that finds it held: `index`, `serve`. */
  readonly command?: string
}

/** Written beside the lock, for people and for the message of whoever comes second. It locks nothing. */
type Holder = {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
  readonly command?: string
}

/** For a holder that is about to end, or has not said yet who it is. */
const PATIENCE_MS = 200
const RETRY_MS = 25

/**
 * Takes the run lock of an index, which one process at a time can have, whatever it runs.
 *
 * The lock is SQLite's own, on the empty file `.<index>.lock` beside the index: an open write transaction, which the
 * operating system ends with the process however that ends. So there is no stale lock to tell from a live one by process
 * ids, which mean nothing in another container and are given again after a restart; and the lock works on every file
 * system on which the index does. The file stays: its being there says nothing, and whoever removed it could remove a
 * lock that another process is just taking. `.<index>.lock.json` says who has the lock.
 *
 * The names are hidden so that no walk opens the file: POSIX lets go of a process's locks on a file as soon as it closes
 * any descriptor of that file (sqlite.org/howtocorrupt.html, 2.2).
 *
 * @param indexPath Of the index file, which need not exist. Every path to it means the same lock; `:memory:` is nobody
 *   else's, and always free.
 *
 * Throws INDEX_LOCKED, within half a second, when it is held, naming the holder; a STORE_ code when the lock file cannot
 * be used.
 */
export async function acquireRunLock(indexPath: string, options: RunLockOptions = {}): Promise<RunLock> {
  if (indexPath === ':memory:') return { release: () => {} }
  const now = options.now ?? (() => new Date())
  makeFolder(indexPath)
  const lockPath = lockPathOf(indexPath)
  const holderPath = `${lockPath}.json`
  const database = openLock(lockPath)
  try {
    if (!(await begin(database))) throw locked(indexPath, readHolder(holderPath), now())
    const { command } = options
    const since = now().toISOString()
    writeHolder(holderPath, {
      pid: process.pid,
      host: hostname(),
      since,
      ...(command === undefined ? {} : { command }),
    })
  } catch (thrown) {
    database.close()
    throw convertStoreError(thrown, lockPath)
  }
  return {
    release: () => {
      if (!database.open) return
      try {
        // While the lock is held the file is its holder's own.
        rmSync(holderPath, { force: true })
      } finally {
        database.close()
      }
    },
  }
}

/**
 * Since when somebody has the run lock of an index, in milliseconds since 1970; 0 of one who does not say, undefined when nobody has
 * it, or where that cannot be told.
 */
export function runLockHeldSince(indexPath: string): number | undefined {
  if (indexPath === ':memory:') return undefined
  const lockPath = lockPathOf(indexPath)
  let database: Database.Database | undefined
  try {
    database = new Database(lockPath, { timeout: 0, fileMustExist: true })
    return tryBegin(database) ? undefined : Date.parse(readHolder(`${lockPath}.json`)?.since ?? '1970-01-01')
  } catch {
    return undefined
  } finally {
    // Ends the transaction, if it was begun: one who wants the lock just then asks for it more than once.
    database?.close()
  }
}

function openLock(path: string): Database.Database {
  try {
    // No timeout: SQLite would wait in its own code, and hold up the whole process.
    return new Database(path, { timeout: 0 })
  } catch (thrown) {
    throw convertStoreError(thrown, path)
  }
}

/** Opens the transaction that is the lock; false when another has it for longer than `PATIENCE_MS`. */
async function begin(database: Database.Database): Promise<boolean> {
  const attempts = Math.ceil(PATIENCE_MS / RETRY_MS)
  for (let attempt = 0; attempt <= attempts; attempt++) {
    if (attempt > 0) await wait(RETRY_MS)
    if (tryBegin(database)) return true
  }
  return false
}

function tryBegin(database: Database.Database): boolean {
  try {
    // Not EXCLUSIVE: two that ask for it at once can keep each other out, and neither gets it.
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) return false
    throw thrown
  }
}

/** Beside the index's real path, so that one index has one lock. */
function lockPathOf(indexPath: string): string {
  const real = realPathOf(indexPath)
  return join(dirname(real), `.${basename(real)}.lock`)
}

function writeHolder(path: string, holder: Holder): void {
  // By rename, so that nobody reads half of it.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(holder)}\n`)
  renameSync(draft, path)
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, host, since, command }: Partial<Record<string, unknown>> = JSON.parse(
      readFileSync(path, 'utf8'),
    )
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined
    if (typeof since !== 'string' || Number.isNaN(Date.parse(since))) return undefined
    return { pid, host, since, ...(typeof command === 'string' ? { command } : {}) }
  } catch {
    return undefined
  }
}

function locked(indexPath: string, holder: Holder | undefined, now: Date): GemdexError {
  if (holder === undefined) {
    return new GemdexError('INDEX_LOCKED', `Another process is writing to ${indexPath}`, {
      hint: 'Wait until it has ended.',
      retryable: true,
    })
  }
  const { pid, host, since, command } = holder
  const what = command === undefined ? '' : ` (${command})`
  const where = host === hostname() ? '' : ` on ${host}`
  return new GemdexError(
    'INDEX_LOCKED',
    `Process ${pid}${what}${where} has been writing to ${indexPath} since ${showTime(new Date(since), now)}`,
    { hint: 'Wait until it has ended, or end it: its lock goes with it.', retryable: true },
  )
}

/** `14:03:05` in local time, after the date when it is not today's. */
function showTime(time: Date, now: Date): string {
  // Swedish writes dates as ISO 8601 does.
  const [date = '', clock = ''] = time.toLocaleString('sv-SE').split(' ')
  return date === now.toLocaleDateString('sv-SE') ? clock : `${date} ${clock}`
}
