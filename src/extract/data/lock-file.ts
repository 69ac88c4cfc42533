import type { Skipped } from '../extractor.js'
import { baseName } from '../file-name.js'

const LOCK_FILES = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'packages.lock.json',
])

/** Lists of versions and checksums that package managers write: thousands of passages that nobody asks for. */
export function skipLockFile(name: string): Skipped | undefined {
  return LOCK_FILES.has(baseName(name).toLowerCase())
    ? { skipped: 'UNSUPPORTED', message: 'Lock files of package managers are not read' }
    : undefined
}
