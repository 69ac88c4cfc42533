import { realpathSync } from 'node:fs'

/** The write-ahead log of an index. SQLite keeps it beside the file itself, not beside a symbolic link to it. */
export function logOf(path: string): string {
  try {
    return `${realpathSync(path)}-wal`
  } catch {
    return `${path}-wal`
  }
}
