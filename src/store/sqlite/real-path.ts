import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './open-database.js'

/**
 * The path of an index file with every link followed, as SQLite does: what it keeps beside an index is beside the file itself, not
 * beside a link to it. Of a file that is not there yet, its name in the real folder, which is made when it is missing.
 */
export function realPathOf(indexPath: string): string {
  try {
    return realpathSync(indexPath)
  } catch {
    makeFolder(indexPath)
    return join(realpathSync(dirname(indexPath)), basename(indexPath))
  }
}
