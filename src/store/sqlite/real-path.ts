import { readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * The path of an index file with every link followed, as SQLite does: what it keeps beside an index is beside the file itself, not
 * beside a link to it. Of a file that is not there yet, its name in the real folder, also where a link leads to it; as given where there
 * is no such folder either.
 */
export function realPathOf(indexPath: string): string {
  return (
    attempt(() => realpathSync(indexPath)) ??
    attempt(() => realPathOf(resolve(dirname(indexPath), readlinkSync(indexPath)))) ??
    attempt(() => join(realpathSync(dirname(indexPath)), basename(indexPath))) ??
    indexPath
  )
}

/** Undefined for what is not there, is no link, or leads round in a circle. */
function attempt(find: () => string): string | undefined {
  try {
    return find()
  } catch {
    return undefined
  }
}
