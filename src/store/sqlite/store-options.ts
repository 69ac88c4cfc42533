import type { GemdexError } from '../../errors.js'
import type { CodeAccess } from './vector-search.js'

/** As long as less is free nothing is added. */
export const MIN_FREE_BYTES = 64 * 1024 * 1024

export type SqliteStoreOptions = {
  /** Make the file, and its folder, when missing; else NO_INDEX is thrown. */
  readonly create: boolean
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Writes are refused; `in place` also opens the file so, else it is a copy that brings itself up to date. */
  readonly readOnly?: 'in place' | 'copy'
  /** What every write is refused with, where it is not for being read-only alone. */
  readonly refusal?: GemdexError
  /** The path that messages name: of a copy, that of the index itself. */
  readonly shownAs?: string
  /** Free bytes below which nothing is added: SQLite needs room to remove as well, and others need some. */
  readonly minFreeBytes?: number
  /** Told of each step of a write as it is reached: what tests stop, break or delay. */
  readonly onStep?: (step: WriteStep) => void
  /** Where the codes of passages are kept for searching; in memory of its own when left out. */
  readonly codes?: CodeAccess
  /** This process has just opened the index, which brought what is derived up to date: to look again would take the lock of writers. */
  readonly isUpToDate?: boolean
}

/**
 * Steps inside a transaction, one table after the other, then the commit: `committed` is after it and before anybody is told;
 * `schema` is a step of bringing an older index up to date that is about to be committed.
 */
export type WriteStep =
  | 'begun'
  | 'vectors'
  | 'documents'
  | 'links'
  | 'terms'
  | 'removed'
  | 'switched'
  | 'written'
  | 'committed'
  | `schema ${number}`
