import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { dropFiles } from './copy-index.js'

/**
 * The name under which this process makes a file that takes its own name only when it is whole: `<file>.<kind>-<process id>`.
 * Removes what processes that are gone left under such names, as they were killed: each may be as large as the index.
 */
export function beginDraft(file: string, kind: 'partial' | 'restoring'): string {
  const prefix = `${basename(file)}.${kind}-`
  for (const name of namesIn(dirname(file))) {
    const id = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (/^\d+$/.test(id) && isGone(Number(id))) tryDrop(join(dirname(file), name))
  }
  return `${file}.${kind}-${process.pid}`
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A folder may be one to write to only.
    return []
  }
}

function isGone(id: number): boolean {
  try {
    process.kill(id, 0)
    return false
  } catch (thrown) {
    // One of somebody else's may not be sent anything (EPERM), but is there.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH'
  }
}

function tryDrop(draft: string): void {
  try {
    dropFiles(draft)
  } catch {
    // Somebody else's: it stays, and hinders nobody.
  }
}
