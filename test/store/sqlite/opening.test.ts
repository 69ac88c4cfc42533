import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { GemdexError } from '../../../src/errors.js'
import { backupIndex } from '../../../src/store/sqlite/backup/backup-index.js'
import { restoreIndex } from '../../../src/store/sqlite/backup/restore-index.js'
import { openStoreHere } from '../../../src/store/sqlite/open-or-read.js'
import { acquireRunLock } from '../../../src/store/sqlite/run-lock.js'
import { schemaVersion } from '../../../src/store/sqlite/schema.js'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.js'
import { asUnprivileged } from '../../files/temp-folder.js'
import { axis, openPrepared, putDocument, putVectors } from '../samples.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

/** What opening throws. Fails when it does not throw, or throws what is no GemdexError. */
function refusal(path: string, create = true): GemdexError {
  try {
    openSqliteStore(path, { create }).close()
  } catch (error) {
    if (error instanceof GemdexError) return error
    throw error
  }
  throw new Error(`${path} was opened`)
}

/** A SQLite file that some other program made. */
function makeForeign(userVersion: number): string {
  const path = tempPath('places.sqlite')
  const database = new Database(path)
  database.exec(`CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = ${userVersion}`)
  database.close()
  return path
}

describe('opening an index that is not there', () => {
  test('is NO_INDEX with the path, and makes nothing', () => {
    const path = tempPath('folder/index.db')
    const error = refusal(path, false)
    expect(error).toMatchObject({ code: 'NO_INDEX', hint: expect.stringContaining('gemdex index') })
    expect(error.message).toContain(path)
    expect(readdirSync(dirname(dirname(path)))).toEqual([])
  })

  test('makes it along with its folders when asked to', async () => {
    const path = tempPath('some/new/folder/index.db')
    const store = openTempStore(path)
    expect(existsSync(path)).toBe(true)
    expect(await store.counts()).toMatchObject({ documents: 0 })
  })

  test('takes an empty file for a new index', async () => {
    const path = tempPath()
    writeFileSync(path, '')
    const store = await openPrepared(() => openTempStore(path, { create: false }))
    expect(await store.collections()).toHaveLength(1)
  })
})

describe('opening what cannot be opened', () => {
  test('a folder that cannot be made is STORE_READ_ONLY with the path', () => {
    const file = tempPath('file')
    writeFileSync(file, 'no folder')
    for (const path of [join(file, 'index.db'), join(file, 'deep', 'index.db')]) {
      const error = refusal(path)
      expect(error).toMatchObject({ code: 'STORE_READ_ONLY', hint: expect.stringContaining('--db') })
      expect(error.message).toContain(path)
    }
  })

  test('a folder in the place of the file is BAD_CONFIG with the path, and with a file to name', () => {
    const path = tempPath()
    mkdirSync(path)
    for (const create of [true, false]) {
      expect(refusal(path, create)).toMatchObject({
        code: 'BAD_CONFIG',
        field: 'db',
        message: expect.stringContaining(path),
        hint: expect.stringContaining(join(path, 'index.db')),
      })
    }
  })

  test('a folder that may not be written is STORE_READ_ONLY', async () => {
    const path = tempPath()
    chmodSync(dirname(path), 0o555)
    await asUnprivileged(async () => {
      expect(refusal(path)).toMatchObject({ code: 'STORE_READ_ONLY' })
      expect(refusal(join(dirname(path), 'folder', 'index.db'))).toMatchObject({ code: 'STORE_READ_ONLY' })
    })
    chmodSync(dirname(path), 0o755)
  })
})

test('what lies in a folder that may not be entered is STORE_READ_ONLY, never said to be missing', async () => {
  const path = tempPath()
  await (await openPrepared(() => openTempStore(path))).close()
  chmodSync(dirname(path), 0o600)
  const beyond = {
    code: 'STORE_READ_ONLY',
    message: `${path} cannot be reached: a folder above it may not be entered`,
  }
  await asUnprivileged(async () => {
    expect(refusal(path, false)).toMatchObject(beyond)
    expect(() => openStoreHere(path, { create: true })).toThrow(expect.objectContaining(beyond))
    await expect(backupIndex(tempPath(), path, { replace: false })).rejects.toMatchObject(beyond)
    await expect(restoreIndex(path, tempPath())).rejects.toMatchObject(beyond)
    await expect(acquireRunLock(join(dirname(path), 'deep', 'index.db'))).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
    })
  })
  chmodSync(dirname(path), 0o755)
})

describe('opening what is no index', () => {
  test('a newer index is STORE_TOO_NEW and stays as it is', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    await store.close()
    inspect(path, (database) => database.pragma(`user_version = ${schemaVersion + 1}`))
    const before = readFileSync(path)
    for (const create of [true, false]) {
      const error = refusal(path, create)
      expect(error).toMatchObject({ code: 'STORE_TOO_NEW', hint: expect.stringContaining('newer gemdex') })
      expect(error.message).toContain(path)
      expect(error.message).toContain(String(schemaVersion + 1))
    }
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('an index whose number of a schema has become negative is STORE_CORRUPT and stays as it is', async () => {
    const path = tempPath()
    await (await openPrepared(() => openTempStore(path))).close()
    inspect(path, (database) => database.pragma(`user_version = ${schemaVersion - 2 ** 31}`))
    const before = readFileSync(path)
    for (const create of [true, false])
      expect(refusal(path, create)).toMatchObject({
        code: 'STORE_CORRUPT',
        message: expect.stringContaining(path),
        hint: expect.stringContaining('backup'),
      })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each([0, schemaVersion, schemaVersion + 50])(
    'a SQLite file of another program (version %i) is STORE_CORRUPT and stays as it is',
    (version) => {
      const path = makeForeign(version)
      const before = readFileSync(path)
      for (const create of [true, false]) {
        const error = refusal(path, create)
        expect(error).toMatchObject({ code: 'STORE_CORRUPT', hint: expect.stringContaining('--db') })
        expect(error.message).toContain(path)
      }
      expect(readFileSync(path).equals(before)).toBe(true)
      expect(readdirSync(dirname(path))).toEqual(['places.sqlite'])
    },
  )

  test('a text file is STORE_CORRUPT and stays as it is', () => {
    const path = tempPath('letter.txt')
    const letter = 'Dear reader, this is no database.\n'.repeat(100)
    writeFileSync(path, letter)
    for (const create of [true, false]) {
      const error = refusal(path, create)
      expect(error).toMatchObject({ code: 'STORE_CORRUPT' })
      expect(error.message).toContain(path)
    }
    expect(readFileSync(path, 'utf8')).toBe(letter)
  })

  test('an index with garbage in its pages is STORE_CORRUPT when it is opened or read', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    await putVectors(store, { x: axis(0) })
    await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 100)
    writeFileSync(path, bytes)
    const error = refusal(path, false)
    expect(error.code).toBe('STORE_CORRUPT')
    expect(error.message).toContain(path)
  })
})
