import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../errors.js'

/** Fixes a corruption that a checkpoint during a write could cause (sqlite.org/wal.html#walresetbug). */
export const SQLITE_FLOOR = '3.51.3'

/** Throws STORE_FAILED for a SQLite that may lose what it has acknowledged. */
export function requireSqlite(database: Database): void {
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '0'
  if (isAtLeast(version, SQLITE_FLOOR)) return
  throw new GemdexError(
    'STORE_FAILED',
    `SQLite ${version} is older than ${SQLITE_FLOOR}, which is safe to write with`,
    {
      hint: 'Install the dependencies as package-lock.json names them: `npm ci`.',
    },
  )
}

/** Compares versions part by part, as numbers. */
export function isAtLeast(version: string, floor: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [i, least] of floor.split('.').map(Number).entries()) {
    const part = parts[i] ?? 0
    if (part !== least) return part > least
  }
  return true
}
