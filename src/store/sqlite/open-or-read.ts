import { statSync } from 'node:fs'
import { GemdexError } from '../../errors.js'
import { isThere } from './is-there.js'
import { placeToRead } from './place-to-read.js'
import { openSqliteStore, type SqliteStore } from './sqlite-store.js'
import type { SqliteStoreOptions } from './store-options.js'

/** A store, and how further connections open the same. */
export type OpenedStore = {
  readonly store: SqliteStore
  readonly path: string
  readonly readOnly?: NonNullable<SqliteStoreOptions['readOnly']>
  readonly shownAs?: string
  /** Removes what was made for reading, once all connections have been closed. */
  discard(): void
}

/** Opens an index; one that cannot be written, to be read where it is or from a copy. Throws what `openSqliteStore` throws. */
export function openOrRead(path: string, { create }: Pick<SqliteStoreOptions, 'create'>): OpenedStore {
  try {
    return { store: openSqliteStore(path, { create }), path, discard: () => {} }
  } catch (thrown) {
    const isWritable = !(
      thrown instanceof GemdexError && ['STORE_READ_ONLY', 'STORE_FULL'].includes(thrown.code)
    )
    if (isWritable || !isThere(path) || statSync(path).isDirectory()) throw thrown
    const place = placeToRead(path, thrown)
    const readOnly = place.inPlace ? 'in place' : 'copy'
    const store = openSqliteStore(place.path, { create: false, readOnly, shownAs: path })
    return { store, path: place.path, readOnly, shownAs: path, discard: () => place.discard() }
  }
}

/** The same, worked in this thread. */
export function openStoreHere(path: string, options: Pick<SqliteStoreOptions, 'create'>): SqliteStore {
  const { store, discard } = openOrRead(path, options)
  const close = async () => {
    await store.close()
    discard()
  }
  return { ...store, close }
}
