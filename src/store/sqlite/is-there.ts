import { statSync } from 'node:fs'
import { GemdexError } from '../../errors.js'

/** Whether there is a file or folder. Throws STORE_READ_ONLY where nobody knows, as a folder above it may not be entered. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) return false
    throw new GemdexError(
      'STORE_READ_ONLY',
      `${path} cannot be reached: a folder above it may not be entered`,
      {
        hint: 'Check the permissions of the folders above it, or name another place.',
        cause: error,
      },
    )
  }
}
