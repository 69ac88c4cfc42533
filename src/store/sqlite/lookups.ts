import type { KeyStore } from '../../access/key-store.js'
import { GemdexError } from '../../errors.js'
import type { Store } from '../store.js'
import { convertStoreError } from './convert-error.js'
import { createIndexFacts } from './index-facts.js'
import { createKeyTables } from './key-tables.js'
import { openDatabase, openReadOnly } from './open-database.js'

/** Whoever asks waits in this thread, and everybody else with them. */
const BUSY_TIMEOUT_MS = 100

export type Lookups = {
  readonly keys: Pick<KeyStore, 'findKey' | 'hasKeys'>
  readonly facts: Pick<Store, 'identity' | 'languages'>
  close(): void
}

/**
 * Looks up in the calling thread, over a connection of its own that is opened with the first look-up, what every request and
 * every search needs: some 10 µs each. In the threads that search it would wait until one has ended its search.
 */
export function createLookups(path: string, isReadOnly = false): Lookups {
  let opened: ReturnType<typeof open> | undefined
  let isClosed = false

  function open() {
    if (isClosed) throw new GemdexError('STORE_FAILED', `The index ${path} has been closed`)
    const database = isReadOnly ? openReadOnly(path) : openDatabase(path, { create: false })
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return {
      keys: createKeyTables(database),
      facts: createIndexFacts(database),
      close: () => database.close(),
    }
  }

  async function look<T>(operation: (tables: ReturnType<typeof open>) => T): Promise<T> {
    try {
      opened ??= open()
      return operation(opened)
    } catch (error) {
      throw convertStoreError(error, path)
    }
  }

  return {
    keys: {
      findKey: (id) => look(({ keys }) => keys.find(id)),
      hasKeys: () => look(({ keys }) => keys.hasAny()),
    },
    facts: {
      identity: () => look(({ facts }) => facts.identity()),
      languages: () => look(({ facts }) => facts.languages()),
    },
    close() {
      isClosed = true
      opened?.close()
      opened = undefined
    },
  }
}
