import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createTermsOfPassages } from '../../../src/ingest/prepare-document.js'
import { backupIndex } from '../../../src/store/sqlite/backup/backup-index.js'
import { type OpeningOptions, openStoreHere } from '../../../src/store/sqlite/open-or-read.js'
import { openThreadedStore } from '../../../src/store/sqlite/threads/threaded-store.js'
import { isUnclosed } from '../../../src/store/sqlite/unclosed.js'
import { repairIndex } from '../../../src/store/sqlite/verify/repair-index.js'
import { verifyIndex } from '../../../src/store/sqlite/verify/verify-index.js'
import type { Finding } from '../../../src/store/verify-report.js'
import { asUnprivileged } from '../../files/temp-folder.js'
import { foundByKeywords, openPrepared, putDocument, putVectors, unitVector } from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

const VECTOR = unitVector(1, 2, 3, 4)

/** A closed index with a bit of its vector flipped. */
async function makeDamaged(): Promise<string> {
  const path = tempPath()
  const store = await openPrepared(() => openTempStore(path))
  await putVectors(store, { x: VECTOR })
  await putDocument(store, 'a', { passages: [{ text: 'walrus', embedding: 'x' }] })
  await store.close()
  const bytes = readFileSync(path)
  const at = bytes.indexOf(Buffer.from(VECTOR.buffer))
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
  return path
}

/** As a process leaves it that was killed. */
function leaveOpen(path: string): void {
  writeFileSync(`${path}-wal`, '')
}

function openHere(path: string, options: Partial<OpeningOptions> = {}) {
  const told: (readonly Finding[])[] = []
  const onDamage = (findings: readonly Finding[]) => void told.push(findings)
  const store = openStoreHere(path, { create: false, onDamage, ...options })
  onTestFinished(() => store.close())
  return { store, told }
}

const write = (store: Parameters<typeof putDocument>[0]) =>
  putDocument(store, 'b', { passages: [{ text: 'bread' }] })
const refusal = {
  code: 'STORE_CORRUPT',
  message: expect.stringContaining('have changed since they were stored'),
  hint: expect.stringMatching(/gemdex verify.*gemdex restore/),
}

test('a damaged index that nobody has closed is told at every start; it is searched, and not written, until it is mended', async () => {
  const path = await makeDamaged()
  leaveOpen(path)
  for (let start = 0; start < 2; start++) {
    const { store, told } = openHere(path)
    expect(told.flat().map(({ check }) => check)).toEqual(['vectors'])
    expect(await foundByKeywords(store, 'walrus')).toEqual(['a#0'])
    await expect(write(store)).rejects.toMatchObject(refusal)
    await expect(store.requireWritable()).rejects.toMatchObject(refusal)
    await store.close()
  }
  expect(verifyIndex(path).isSound).toBe(false)
  expect(isUnclosed(path)).toBe(true)
})

test('what verify finds is told at the next start too, until it has been mended', async () => {
  const path = await makeDamaged()
  const start = async () => {
    const { store, told } = openHere(path)
    await store.close()
    return told.length
  }
  expect(await start()).toBe(0)
  expect(verifyIndex(path).isSound).toBe(false)
  expect(await start()).toBe(1)
  expect(repairIndex(path, createTermsOfPassages()).isSound).toBe(true)
  expect(await start()).toBe(0)
  expect(isUnclosed(path)).toBe(false)
})

test.each([
  ['in this thread', (path: string) => openHere(path)],
  [
    'in threads of its own',
    (path: string) => {
      const told: (readonly Finding[])[] = []
      const onDamage = (findings: readonly Finding[]) => void told.push(findings)
      return { store: openThreadedStore(path, { create: false, searchers: 1, onDamage }), told }
    },
  ],
])(
  'damaged documents are told at every start and hinder nothing; written anew they are sound: %s',
  async (_where, open) => {
    const path = tempPath()
    const made = await openPrepared(() => openTempStore(path))
    await putDocument(made, 'a', { passages: [{ text: 'walrus' }] })
    await made.close()
    inspect(path, (database) => database.exec('UPDATE document_texts SET checksum = checksum + 1'))
    expect(repairIndex(path, createTermsOfPassages()).findings).toMatchObject([{ mend: 'index' }])
    for (const document of ['b', 'a']) {
      const { store, told } = open(path)
      expect(told.flat()).toMatchObject([{ check: 'documents', documents: ['notes/a'] }])
      await putDocument(store, document, { passages: [{ text: 'walrus' }] })
      await store.close()
    }
    const { store, told } = open(path)
    await store.close()
    expect(told).toEqual([])
    expect(isUnclosed(path)).toBe(false)
  },
)

test('a document whose path is damaged is found by its id, and written anew', async () => {
  const path = tempPath()
  const made = await openPrepared(() => openTempStore(path))
  const id = await putDocument(made, 'a', { passages: [{ text: 'walrus' }] })
  expect(await made.isIntact(id)).toBe(true)
  await made.close()
  inspect(path, (database) => database.exec("UPDATE documents SET uri = 'X'"))
  const { store } = openHere(path)
  expect(await store.isIntact(id)).toBe(false)
  await putDocument(store, 'a', { passages: [{ text: 'walrus' }] })
  expect((await store.listDocuments({ limit: 9 })).items.map(({ uri }) => uri)).toEqual(['a'])
  expect(await store.isIntact(id)).toBe(true)
})

test('damage of one that can only be read is told', async () => {
  const path = tempPath()
  const made = await openPrepared(() => openTempStore(path))
  await putDocument(made, 'a', { passages: [{ text: 'walrus' }] })
  await made.close()
  inspect(path, (database) => database.exec('UPDATE document_texts SET checksum = checksum + 1'))
  leaveOpen(path)
  for (const ending of ['', '-wal']) chmodSync(path + ending, 0o666)
  chmodSync(dirname(path), 0o555)
  onTestFinished(() => chmodSync(dirname(path), 0o755))
  const told = await asUnprivileged(async () => {
    const { store, told } = openHere(path)
    await store.close()
    return told
  })
  expect(told).toMatchObject([[{ check: 'documents' }]])
})

test('a backup that comes to nothing does not take the mark away', async () => {
  const path = await makeDamaged()
  for (const signal of [AbortSignal.abort(), new AbortController().signal]) {
    leaveOpen(path)
    const code = signal.aborted ? 'CANCELLED' : 'STORE_CORRUPT'
    await expect(backupIndex(path, `${path}.backup`, { replace: false, signal })).rejects.toMatchObject({
      code,
    })
    expect([code, isUnclosed(path)]).toEqual([code, true])
  }
})

test('a sound one is told of nothing, and closed as before', async () => {
  const path = tempPath()
  const made = await openPrepared(() => openTempStore(path))
  await write(made)
  await made.close()
  leaveOpen(path)
  const { store, told } = openHere(path)
  await write(store)
  await store.close()
  expect(told).toEqual([])
  expect(isUnclosed(path)).toBe(false)
})

test('one that is named by a symbolic link is looked at as by its own name', async () => {
  const path = await makeDamaged()
  const link = `${path}-link`
  symlinkSync(path, link)
  leaveOpen(path)
  const { store, told } = openHere(link)
  await store.close()
  expect(told.flat().map(({ check }) => check)).toEqual(['vectors'])
  expect(verifyIndex(link).isSound).toBe(false)
  expect([isUnclosed(path), existsSync(`${link}-wal`)]).toEqual([true, false])
})

test('one that another has open is not looked at', async () => {
  const path = await makeDamaged()
  const first = openTempStore(path)
  expect(isUnclosed(path)).toBe(true)
  const { store, told } = openHere(path)
  await write(store)
  expect(told).toEqual([])
  await first.close()
})

test('a large one is left to be verified by whoever has the time', async () => {
  const path = await makeDamaged()
  leaveOpen(path)
  const { store, told } = openHere(path, { soonBytes: 0 })
  await write(store)
  await store.close()
  expect(told).toEqual([])
  expect(isUnclosed(path)).toBe(true)
})

test('a service verifies a large one beside, tells it, and writes no more', async () => {
  const path = await makeDamaged()
  leaveOpen(path)
  const onDamage = vi.fn()
  const store = openThreadedStore(path, { create: false, searchers: 1, soonBytes: 0, onDamage })
  onTestFinished(() => store.close())
  await vi.waitFor(() => expect(onDamage).toHaveBeenCalledOnce(), { timeout: 20_000 })
  await expect(write(store)).rejects.toMatchObject(refusal)
  await expect(store.sessions.requireWritable()).rejects.toMatchObject(refusal)
  expect(await foundByKeywords(store, 'walrus')).toEqual(['a#0'])
  await store.close()
  expect(existsSync(`${path}-wal`)).toBe(true)
})
