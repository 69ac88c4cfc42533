import type { SkipReason } from '../types.js'

/** Why a file or folder could not be looked at, in words that hold no path. */
export type FileFault = { readonly reason: SkipReason; readonly message: string }

/** The `code` of a system error, such as `ENOENT`; undefined for anything else. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('errno' in thrown) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** Says what a failed system call means for the file. Throws again what is not a system error. */
export function faultOf(thrown: unknown): FileFault {
  const code = errorCode(thrown)
  switch (code) {
    case undefined:
      throw thrown
    case 'ENOENT':
    case 'ENOTDIR':
      return { reason: 'NOT_FOUND', message: 'it was there a moment ago and is gone now' }
    case 'EACCES':
    case 'EPERM':
      return { reason: 'PERMISSION', message: 'permission denied' }
    case 'ENXIO':
      return { reason: 'NOT_REGULAR', message: 'it is a socket or device, not a file' }
    case 'ENAMETOOLONG':
      return { reason: 'PATH_TOO_LONG', message: 'its path is longer than the system allows' }
    case 'EMFILE':
    case 'ENFILE':
      return { reason: 'PERMISSION', message: 'too many files are open; run again' }
    default:
      return { reason: 'PERMISSION', message: `the system cannot read it (${code})` }
  }
}
