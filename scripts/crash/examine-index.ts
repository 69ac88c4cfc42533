// Opens, verifies and searches the indexes that it is sent; started by `examiner.ts`.
import { writeFileSync } from 'node:fs'
import { openStoreHere } from '#dist/store/sqlite/open-or-read.js'
import { verifyIndex } from '#dist/store/sqlite/verify/verify-index.js'
import { contentOf } from './content-of.js'
import type { Examination, Examined } from './examiner.js'
import { searchBoth } from './small-store.js'

process.on('message', async ({ path, content }: Examined) => {
  const isChanged = isOtherThan(path, content)
  // As a process leaves it that was killed, or lost its power, with nothing to write.
  writeFileSync(`${path}-wal`, '')
  const { told, searched } = await open(path)
  process.send?.({ isChanged, told, searched, found: isFound(path) } satisfies Examination)
})

function isOtherThan(path: string, content: string): boolean {
  try {
    return contentOf(path) !== content
  } catch {
    return true
  }
}

/** Whether opening it says that it is damaged, and whether it could be searched all the same. */
async function open(path: string): Promise<{ told: boolean; searched: boolean }> {
  let told = false
  let searched = false
  try {
    const store = openStoreHere(path, {
      create: false,
      onDamage: () => {
        told = true
      },
    })
    try {
      searched = (await searchBoth(store)) > 0
    } finally {
      await store.close()
    }
  } catch (error) {
    const { code, hint } = error as { code?: unknown; hint?: unknown }
    if (!String(code).startsWith('STORE_')) throw error
    told ||= code === 'STORE_CORRUPT' && hint !== undefined
  }
  return { told, searched }
}

/** Whether `verify` finds anything; whatever is not a finding must be an error that says what is wrong. */
function isFound(path: string): boolean {
  try {
    return !verifyIndex(path).isSound
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    return true
  }
}
