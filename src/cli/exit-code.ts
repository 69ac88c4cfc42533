import type { GemdexError } from '../errors.js'
import type { Answer } from '../types.js'
import type { ExitCode } from './io.js'

export const DONE: ExitCode = 0
/** Nothing found, refused, blocked or empty. */
export const NOTHING: ExitCode = 1
export const FAILED: ExitCode = 2
/** Done, but files that should have been readable failed. */
export const DONE_WITH_FAILURES: ExitCode = 3
/** sysexits' EX_TEMPFAIL: out of quota, run again to go on. */
export const OUT_OF_QUOTA: ExitCode = 75
export const INTERRUPTED: ExitCode = 130

export function exitCodeOfError(error: GemdexError): ExitCode {
  if (error.code === 'QUOTA_EXHAUSTED') return OUT_OF_QUOTA
  return error.code === 'CANCELLED' ? INTERRUPTED : FAILED
}

/** An answer that was cut short counts when there is something of it. */
export function exitCodeOfAnswer({ status, answer }: Answer): ExitCode {
  return status === 'answered' || (status === 'truncated' && answer !== '') ? DONE : NOTHING
}
