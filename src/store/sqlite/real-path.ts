import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * The path of an index file with every link followed, as SQLite does: what it keeps beside an index is beside the file itself, not
 * beside a link to it. Of a file that is not there yet, its name in the real folder; as given where there is no such folder either.
 */
export function realPathOf(indexPath: string): string {
  try {
    return realpathSync(indexPath)
  } catch {
    try {
      return join(realpathSync(dirname(indexPath)), basename(indexPath))
    } catch {
      return indexPath
    }
  }
}
