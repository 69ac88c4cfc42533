import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openThreadedStore } from '../../../src/store/sqlite/threads/threaded-store.js'
import { verifyIndex } from '../../../src/store/sqlite/verify/verify-index.js'
import type { Store } from '../../../src/store/store.js'
import { asUnprivileged } from '../../files/temp-folder.js'
import {
  axis,
  foundByKeywords,
  foundNear,
  makeChunks,
  makeDocument,
  openPrepared,
  putDocument,
  putVectors,
} from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

async function makeIndex(path = tempPath()): Promise<{ path: string; store: Store }> {
  const store = await openPrepared(() => openTempStore(path))
  await putVectors(store, { x: axis(0) })
  await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
  return { path, store }
}

/** Takes the right to write away, for the time of the test. */
function protect(path: string, what: 'folder' | 'file'): void {
  const folder = dirname(path)
  if (what === 'file') for (const name of readdirSync(folder)) chmodSync(`${folder}/${name}`, 0o444)
  chmodSync(folder, 0o555)
  onTestFinished(() => chmodSync(folder, 0o755))
}

async function searchAndWrite(path: string) {
  return asUnprivileged(async () => {
    const store = openThreadedStore(path, { create: false, searchers: 1 })
    try {
      const found = [await foundByKeywords(store, 'apple'), await foundNear(store, axis(0))]
      const document = makeDocument('b')
      const refused = await store
        .replaceDocuments([{ document, chunks: makeChunks([]) }])
        .catch((error: unknown) => error)
      return { found, refused }
    } finally {
      await store.close()
    }
  })
}

const refusalOf = (path: string) => ({
  code: 'STORE_READ_ONLY',
  message: `The index ${path} can be searched, but not written`,
})

test.each(['folder', 'file'] as const)(
  'an index in a %s that may not be written is searched in a copy, and writing is refused',
  async (what) => {
    const { path, store } = await makeIndex()
    await store.close()
    protect(path, what)
    const before = readFileSync(path)
    const { found, refused } = await searchAndWrite(path)
    expect(found).toEqual([['a#0'], ['a#0']])
    expect(refused).toMatchObject(refusalOf(path))
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(['index.db'])
  },
)

test.each(['folder', 'file'] as const)(
  'an index in a %s that may not be written is verified',
  async (what) => {
    const { path, store } = await makeIndex()
    await store.close()
    protect(path, what)
    const report = await asUnprivileged(async () => verifyIndex(path))
    expect(report).toMatchObject({ db: path, isSound: true, counts: { documents: 1, vectors: 1 } })
    expect(readdirSync(dirname(path))).toEqual(['index.db'])
  },
)

/** Whether this process may mount file systems: root may, outside of most containers. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

test('an index on a medium mounted read-only is searched, also with what only its log holds; nobody may write, root neither', async ({
  skip,
}) => {
  skip(!canMount(), 'mounting file systems is not allowed here')
  const { path: made } = await makeIndex()
  const medium = dirname(tempPath())
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', medium])
  onTestFinished(() => void execFileSync('umount', [medium]))
  const path = join(medium, 'index.db')
  for (const ending of ['', '-wal']) copyFileSync(made + ending, path + ending)
  execFileSync('mount', ['-o', 'remount,ro', medium])
  expect(() => writeFileSync(`${path}-shm`, '')).toThrow('EROFS')
  const { found, refused } = await searchAndWrite(path)
  expect(found).toEqual([['a#0'], ['a#0']])
  expect(refused).toMatchObject(refusalOf(path))
  expect(readdirSync(medium)).toEqual(['index.db', 'index.db-wal'])
})

test('what only the log holds is found as well, while another process has the index open and when it was killed', async () => {
  const { path } = await makeIndex()
  expect(existsSync(`${path}-wal`)).toBe(true)
  const left = tempPath()
  for (const ending of ['', '-wal']) copyFileSync(path + ending, left + ending)
  const link = `${left}-link`
  symlinkSync(left, link)
  protect(path, 'file')
  protect(left, 'file')
  for (const each of [path, left, link]) {
    const { found, refused } = await searchAndWrite(each)
    expect(found).toEqual([['a#0'], ['a#0']])
    expect(refused).toMatchObject({ code: 'STORE_READ_ONLY' })
  }
})

test('an index of an older schema that may not be written is brought up to date in the copy', async () => {
  const path = tempPath()
  copyFileSync(fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url)), path)
  protect(path, 'file')
  const counts = await asUnprivileged(async () => {
    const store = openThreadedStore(path, { create: false, searchers: 1 })
    const counts = await store.counts()
    await store.close()
    return counts
  })
  expect(counts).toMatchObject({ documents: 2, embedded: 2 })
  expect(inspect(path, (database) => database.pragma('user_version', { simple: true }))).toBe(1)
})

test('nothing is added when the disk is nearly full; searching and removing go on', async () => {
  const { path, store } = await makeIndex()
  await store.close()
  const full = openTempStore(path, { minFreeBytes: 2 ** 60 })
  const refusal = {
    code: 'STORE_FULL',
    message: expect.stringContaining(dirname(path)),
    hint: expect.stringContaining('Free some space'),
  }
  await expect(putDocument(full, 'b', { passages: [{ text: 'pear' }] })).rejects.toMatchObject(refusal)
  await expect(putVectors(full, { y: axis(1) })).rejects.toMatchObject(refusal)
  expect(await foundByKeywords(full, 'apple', 'pear')).toEqual(['a#0'])
  expect(await full.removeFiles('notes', ['a'])).toBe(1)
})
