import type { KeyStore } from '../../access/key-store.js'
import { GemdexError } from '../../errors.js'
import { convertStoreError } from './convert-error.js'
import { createKeyTables, type KeyTables } from './key-tables.js'
import { openDatabase, openReadOnly } from './open-database.js'

/** Whoever asks waits in this thread, and everybody else with them. */
const BUSY_TIMEOUT_MS = 100

export type KeyLookups = Pick<KeyStore, 'findKey' | 'hasKeys'> & { close(): void }

/**
 * Looks keys up in the calling thread, over a connection of its own that is opened with the first look-up: some 10 µs each. A
 * service does so for every request, which must not wait until a thread has ended a search.
 */
export function createKeyLookups(path: string, isReadOnly = false): KeyLookups {
  let opened: { readonly tables: KeyTables; readonly close: () => void } | undefined
  let isClosed = false

  function open() {
    if (isClosed) throw new GemdexError('STORE_FAILED', `The index ${path} has been closed`)
    const database = isReadOnly ? openReadOnly(path) : openDatabase(path, { create: false })
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return { tables: createKeyTables(database), close: () => database.close() }
  }

  async function look<T>(operation: (tables: KeyTables) => T): Promise<T> {
    try {
      opened ??= open()
      return operation(opened.tables)
    } catch (error) {
      throw convertStoreError(error, path)
    }
  }

  return {
    findKey: (id) => look((tables) => tables.find(id)),
    hasKeys: () => look((tables) => tables.hasAny()),
    close() {
      isClosed = true
      opened?.close()
      opened = undefined
    },
  }
}
