import { onTestFinished } from 'vitest'
import type { SqliteStore } from '../../../../src/store/sqlite/sqlite-store.js'
import { openThreadedStore } from '../../../../src/store/sqlite/threads/threaded-store.js'
import { tempPath } from '../temp-store.js'

/** A store in threads that is closed after the test. */
export function openThreads(path = tempPath(), searchers = 1): SqliteStore {
  const store = openThreadedStore(path, { create: true, searchers })
  onTestFinished(() => store.close())
  return store
}
