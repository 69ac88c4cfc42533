// Verifies and searches the indexes that it is sent the paths of; started by `examiner.ts`.
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { verifyIndex } from '#dist/store/sqlite/verify/verify-index.js'
import type { Examination } from './examiner.js'
import { searchBoth } from './small-store.js'

process.on('message', async (path: string) => {
  const found = isFound(path)
  process.send?.({ found, searched: await canSearch(path) } satisfies Examination)
})

/** Whether `verify` finds anything; whatever is not a finding must be an error that says what is wrong. */
function isFound(path: string): boolean {
  try {
    return !verifyIndex(path).isSound
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    return true
  }
}

async function canSearch(path: string): Promise<boolean> {
  try {
    const store = openSqliteStore(path, { create: false })
    try {
      return (await searchBoth(store)) > 0
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('STORE_')) throw error
    return false
  }
}
