import { realpath, stat } from 'node:fs/promises'
import { GemdexError } from '../errors.js'
import { errorCode, faultOf } from './file-errors.js'

/**
 * The root's real path, and whether it is a folder (a pipe or device counts as a file here).
 * Throws ROOT_MISSING when nothing is there or it cannot be looked at.
 */
export async function openRoot(root: string): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  // Node refuses such a path with a TypeError.
  if (root.includes('\0')) throw missingRoot(root.replaceAll('\0', '\\0'))
  try {
    const path = await realpath(root)
    return { path, isFolder: (await stat(path)).isDirectory() }
  } catch (thrown) {
    const code = errorCode(thrown)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missingRoot(root)
    throw unreadableRoot(root, faultOf(thrown).message)
  }
}

/** The error for a root that is not there. */
export function missingRoot(root: string): GemdexError {
  return new GemdexError('ROOT_MISSING', `There is no file or folder "${root}"`, {
    hint: 'Check the path, and that the drive it is on is connected.',
  })
}

/** The error for a root that is there and cannot be read. */
export function unreadableRoot(root: string, why: string): GemdexError {
  return new GemdexError('ROOT_MISSING', `"${root}" cannot be read: ${why}`, {
    hint: 'Check its permissions, and that the drive it is on is connected.',
  })
}
