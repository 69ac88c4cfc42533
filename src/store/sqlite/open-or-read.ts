import { type Finding, preventsWriting } from '../verify-report.js'
import { isThere } from './is-there.js'
import { isNotWritable, placeToRead } from './place-to-read.js'
import { openSqliteStore, type SqliteStore } from './sqlite-store.js'
import type { SqliteStoreOptions } from './store-options.js'
import { markUnclosed } from './unclosed.js'
import { damagedIndex, examineUnclosed } from './verify/examine-unclosed.js'

export type OpeningOptions = Pick<SqliteStoreOptions, 'create'> & {
  /** Up to this size, bytes, an index that nobody has closed is verified before it is open. */
  readonly soonBytes?: number
  /**
   * Told of damage that was found as nobody had closed the index; where that prevents writing, it is read as far as it can be, and
   * not written, from then on.
   */
  readonly onDamage?: (findings: readonly Finding[]) => void
}

/** A store, and how further connections open the same. */
export type OpenedStore = {
  readonly store: SqliteStore
  readonly path: string
  readonly readOnly?: NonNullable<SqliteStoreOptions['readOnly']>
  readonly shownAs?: string
  /** What is damaged. */
  readonly damage?: readonly Finding[]
  /** Whether nobody had closed it, and it is too large to be verified while others wait. */
  readonly isUnchecked: boolean
  /** Removes what was made for reading, once all connections have been closed. */
  discard(): void
}

/**
 * Opens an index; one that cannot be written, to be read where it is or from a copy; a damaged one, where it is. Throws what
 * `openSqliteStore` throws.
 */
export function openOrRead(path: string, { create, soonBytes }: OpeningOptions): OpenedStore {
  const { damage, isUnchecked } = examineUnclosed(path, soonBytes)
  const told = damage === undefined ? {} : { damage }
  if (damage !== undefined && preventsWriting(damage)) {
    const readOnly = 'in place'
    const refusal = damagedIndex(path, damage)
    const store = openSqliteStore(path, { create: false, readOnly, refusal })
    return { store, path, readOnly, ...told, isUnchecked, discard: () => {} }
  }
  try {
    return { store: openSqliteStore(path, { create }), path, ...told, isUnchecked, discard: () => {} }
  } catch (thrown) {
    if (!isNotWritable(thrown) || !isThere(path)) throw thrown
    const place = placeToRead(path, thrown)
    const readOnly = place.inPlace ? 'in place' : 'copy'
    const store = openSqliteStore(place.path, { create: false, readOnly, shownAs: path })
    return {
      store,
      path: place.path,
      readOnly,
      shownAs: path,
      ...told,
      isUnchecked: false,
      discard: () => place.discard(),
    }
  }
}

/**
 * The same, worked in this thread. What is too large to be verified at once is left to be by the next who has the time, and damage
 * is told at the next opening too, unless it has been mended.
 */
export function openStoreHere(path: string, options: OpeningOptions): SqliteStore {
  const { store, damage, isUnchecked, discard } = openOrRead(path, options)
  if (damage !== undefined) options.onDamage?.(damage)
  const close = async () => {
    await store.close()
    if (isUnchecked || damage !== undefined) markUnclosed(path)
    discard()
  }
  return { ...store, close }
}
