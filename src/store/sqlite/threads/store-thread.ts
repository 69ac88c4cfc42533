/** The program of a thread: one connection to the index, answering the calls of `threaded-store.ts` one at a time. */
import { parentPort } from 'node:worker_threads'
import { openSqliteStore, type SqliteStore } from '../sqlite-store.js'
import type { SqliteStoreOptions } from '../store-options.js'
import type { ThreadAnswer, ThreadMessage } from './thread-pool.js'
import { toWire } from './wire-error.js'

export type StoreThreadData = Pick<SqliteStoreOptions, 'codes' | 'readOnly' | 'shownAs' | 'isUpToDate'> & {
  readonly path: string
}

let data: StoreThreadData | undefined
let store: SqliteStore | undefined

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

function open(): SqliteStore {
  const { path = '', ...options } = data ?? {}
  return openSqliteStore(path, { create: false, ...options })
}

async function answer({ target, method, args, setup }: ThreadMessage): Promise<ThreadAnswer> {
  try {
    data ??= setup as StoreThreadData
    store ??= open()
    const methods = (target === 'store' ? store : store[target]) as unknown as Methods
    return { result: await methods[method]?.(...args) }
  } catch (thrown) {
    return { error: toWire(thrown) }
  }
}

parentPort?.on('message', async (call: ThreadMessage | null) => {
  if (call !== null) parentPort?.postMessage(await answer(call))
  else {
    await store?.close()
    parentPort?.close()
  }
})
