import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { backupIndex } from '../../../src/store/sqlite/backup/backup-index.js'
import { restoreIndex } from '../../../src/store/sqlite/backup/restore-index.js'
import { schemaVersion } from '../../../src/store/sqlite/schema.js'
import type { Store } from '../../../src/store/store.js'
import { axis, foundByKeywords, openPrepared, putDocument, putVectors } from '../samples.js'
import { checkSound } from './check-sound.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

async function makeStore(path: string, word = 'apple'): Promise<Store> {
  const store = await openPrepared(() => openTempStore(path))
  await putVectors(store, { x: axis(0) })
  await putDocument(store, 'a', { passages: [{ text: word, embedding: 'x' }] })
  return store
}

async function makeBackup(word = 'pear'): Promise<string> {
  const path = tempPath()
  const file = join(dirname(path), 'backup.db')
  const store = await makeStore(path, word)
  await backupIndex(path, file, { replace: false })
  await store.close()
  return file
}

const wordsOf = async (path: string) => {
  const store = openTempStore(path, { create: false })
  const found = [await foundByKeywords(store, 'apple'), await foundByKeywords(store, 'pear')]
  await store.close()
  return found.map(({ length }) => length)
}

test('a backup taken while documents are written is whole, checked, and one file', async () => {
  const path = tempPath()
  const file = join(dirname(path), 'backup.db')
  const store = await makeStore(path)
  let written = 0
  const report = await backupIndex(path, file, {
    replace: false,
    // Of another connection, between two steps of the copy.
    onProgress: () => void putDocument(store, `late-${written++}`, { passages: [{ text: 'late' }] }),
  })
  expect(written).toBeGreaterThan(0)
  expect(report).toMatchObject({
    file,
    schema: schemaVersion,
    counts: { documents: 1, passages: 1, embedded: 1 },
  })
  expect(readdirSync(dirname(path)).filter((name) => name.startsWith('backup'))).toEqual(['backup.db'])
  checkSound(file)
  expect(await foundByKeywords(store, 'late')).toHaveLength(written)
})

test('a backup takes no name that is taken, and replaces a file only when told', async () => {
  const path = tempPath()
  await (await makeStore(path)).close()
  const file = join(dirname(path), 'notes.txt')
  writeFileSync(file, 'mine')
  await expect(backupIndex(path, file, { replace: false })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    field: 'file',
  })
  await expect(backupIndex(path, path, { replace: true })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  await backupIndex(path, file, { replace: true })
  checkSound(file)
})

test('a backup of a damaged index is refused, and leaves nothing', async () => {
  const path = tempPath()
  await (await makeStore(path)).close()
  inspect(path, (database) => database.exec("UPDATE chunks SET text = 'apply'"))
  const file = join(dirname(path), 'backup.db')
  await expect(backupIndex(path, file, { replace: false })).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    hint: expect.stringContaining('gemdex verify'),
  })
  expect(readdirSync(dirname(path))).toEqual(['index.db'])
})

test('a cancelled backup leaves nothing', async () => {
  const path = tempPath()
  await (await makeStore(path)).close()
  const file = join(dirname(path), 'backup.db')
  const cancelled = backupIndex(path, file, { replace: false, signal: AbortSignal.abort() })
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(existsSync(file)).toBe(false)
})

test('what a killed backup or restore left is removed by the next; what is of another file or under way stays', async () => {
  const path = tempPath()
  await (await makeStore(path)).close()
  const file = join(dirname(path), 'backup.db')
  const { pid: gone } = spawnSync(process.execPath, ['--eval', ''])
  const left = [`${file}.partial-${gone}`, `${file}.partial-${gone}-journal`, `${path}.restoring-${gone}`]
  const others = [`${file}.partial-${process.ppid}`, `${file}2.partial-${gone}`, `${file}.partial-${gone}x`]
  for (const each of [...left, ...others]) writeFileSync(each, 'half')
  await backupIndex(path, file, { replace: false })
  expect(left.map((each) => existsSync(each))).toEqual([false, false, true])
  await restoreIndex(file, path)
  expect([...left, ...others].filter((each) => existsSync(each))).toEqual(others)
})

test('a backup is restored in the place of an index, or where there is none', async () => {
  const backup = await makeBackup()
  const path = tempPath()
  await (await makeStore(path)).close()
  expect(await restoreIndex(backup, path)).toMatchObject({
    counts: { documents: 1 },
    fromSchema: schemaVersion,
  })
  expect(await wordsOf(path)).toEqual([0, 1])
  const fresh = tempPath('new/index.db')
  await restoreIndex(backup, fresh)
  expect(await wordsOf(fresh)).toEqual([0, 1])
  expect(readdirSync(dirname(fresh))).toEqual(['index.db'])
})

test('an index that is reached by a link is restored where it is; the link stays', async () => {
  const backup = await makeBackup()
  const [path, link] = [tempPath(), tempPath('linked.db')]
  await (await makeStore(path)).close()
  symlinkSync(path, link)
  await restoreIndex(backup, link)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(await wordsOf(path)).toEqual([0, 1])
  rmSync(path)
  await restoreIndex(backup, link)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(await wordsOf(path)).toEqual([0, 1])
})

test('what an unclean end left in the log of the old index does not get into the new one', async () => {
  const backup = await makeBackup()
  const [path, elsewhere] = [tempPath(), tempPath()]
  await makeStore(elsewhere)
  for (const ending of ['', '-wal']) copyFileSync(elsewhere + ending, path + ending)
  await restoreIndex(backup, path)
  expect(await wordsOf(path)).toEqual([0, 1])
})

test('nothing is restored over an index that is open; it stays', async () => {
  const backup = await makeBackup()
  const path = tempPath()
  await makeStore(path)
  await expect(restoreIndex(backup, path)).rejects.toMatchObject({
    code: 'STORE_BUSY',
    hint: expect.stringContaining('service'),
  })
  expect(await wordsOf(path)).toEqual([1, 0])
})

test('a newer, damaged or foreign backup, or none, is refused, and the index stays', async () => {
  const path = tempPath()
  await (await makeStore(path)).close()
  const newer = await makeBackup()
  inspect(newer, (database) => database.pragma(`user_version = ${schemaVersion + 1}`))
  const damaged = await makeBackup()
  inspect(damaged, (database) => database.exec("UPDATE chunks SET text = 'hear'"))
  const short = await makeBackup()
  truncateSync(short, 20_000)
  const foreign = tempPath('letter.txt')
  writeFileSync(foreign, 'Dear reader')
  for (const [file, code] of [
    [newer, 'STORE_TOO_NEW'],
    [damaged, 'STORE_CORRUPT'],
    [short, 'STORE_CORRUPT'],
    [foreign, 'STORE_CORRUPT'],
    [`${foreign}.gone`, 'NOT_FOUND'],
  ] as const) {
    const refusal = await restoreIndex(file, path).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(file) })
    expect(readdirSync(dirname(path))).toEqual(['index.db'])
  }
  expect(await wordsOf(path)).toEqual([1, 0])
})

test('an index that cannot be read is set aside', async () => {
  const backup = await makeBackup()
  const path = tempPath()
  writeFileSync(path, 'no index'.repeat(1000))
  const { setAside = '' } = await restoreIndex(backup, path)
  expect(readFileSync(setAside, 'utf8')).toContain('no index')
  expect(await wordsOf(path)).toEqual([0, 1])
})

test('a backup of an older schema is brought up to date, and is itself left as it was', async () => {
  const old = fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url))
  const [path, backup] = [tempPath(), tempPath()]
  copyFileSync(old, backup)
  expect(await restoreIndex(backup, path)).toMatchObject({
    fromSchema: 1,
    schema: schemaVersion,
    counts: { documents: 2 },
  })
  checkSound(path)
  expect(inspect(backup, (database) => database.pragma('user_version', { simple: true }))).toBe(1)
})
