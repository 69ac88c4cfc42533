import { statSync, symlinkSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { awaitShortLog } from '../../../src/store/sqlite/await-short-log.js'
import { openDatabase } from '../../../src/store/sqlite/open-database.js'
import { tempPath } from './temp-store.js'

const KB = 1024

function openLogged() {
  const path = tempPath()
  const link = `${path}-link`
  symlinkSync(path, link)
  const [writer, reader] = [true, false].map((create) => openDatabase(path, { create }))
  if (writer === undefined || reader === undefined) throw new Error('not opened')
  onTestFinished(() => {
    reader.close()
    writer.close()
  })
  writer.exec('CREATE TABLE filler (bytes BLOB)')
  writer.pragma('wal_checkpoint(TRUNCATE)')
  const logBytes = () => statSync(`${path}-wal`).size
  const fill = () => writer.exec(`INSERT INTO filler VALUES (randomblob(${100 * KB}))`)
  const wait = (bytes: number, share: number, name = path) =>
    awaitShortLog(writer, name, 50, { bytes, share })
  return { reader, link, logBytes, fill, wait }
}

test('a log beyond both limits is taken in before the next write', () => {
  const { link, logBytes, fill, wait } = openLogged()
  fill()
  expect(logBytes()).toBeGreaterThan(100 * KB)
  wait(500 * KB, 0)
  wait(10 * KB, 1_000)
  expect(logBytes()).toBeGreaterThan(100 * KB)
  wait(100 * KB, 0.01)
  expect(logBytes()).toBe(0)
  fill()
  wait(100 * KB, 0, link)
  expect(logBytes()).toBe(0)
})

test('somebody who reads it is waited for, but not for ever', () => {
  const { reader, logBytes, fill, wait } = openLogged()
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM filler').get()
  fill()
  wait(100 * KB, 0)
  expect(logBytes()).toBeGreaterThan(100 * KB)
  reader.exec('COMMIT')
  wait(100 * KB, 0)
  expect(logBytes()).toBe(0)
})
