import { copyFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaVersion } from '../../../src/store/sqlite/schema.js'
import { verifyIndex } from '../../../src/store/sqlite/verify/verify-index.js'
import type { Store } from '../../../src/store/store.js'
import { seededRandom } from '../../helpers/seeded-random.js'
import { axis, foundByKeywords, foundNear, IDENTITY, openPrepared, putDocument } from '../samples.js'
import { checkSound } from './check-sound.js'
import type { Compiled } from './compile.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'
import { compileWriter, openWriter } from './writer.js'

const KILLS = 20
const SEED = 1
/** A step of a write and which write it is: the third of the third document, and the removal of the fifth. */
const STEPS = ['begun 7', 'vectors 7', 'documents 8', 'links 8', 'terms 8', 'written 8', 'committed 8']
const REMOVING = ['begun 14', 'removed 14', 'written 14', 'committed 14']
const OLD = fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url))

describe('several processes at one index', () => {
  let compiled: Compiled
  beforeAll(() => {
    compiled = compileWriter()
  })
  afterAll(() => compiled.discard())

  test('a commit is seen by the next search of another process', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    expect(await foundByKeywords(store, 'apple')).toEqual([])
    expect(await foundNear(store, axis(0))).toEqual([])
    const writer = await openWriter(compiled, path, 'other', 1)
    writer.start()
    await writer.said(2)
    expect(writer.lines[1]).toBe('put othern0')
    expect(await foundByKeywords(store, 'apple')).toEqual(['othern0#0'])
    expect(await foundNear(store, axis(0))).toEqual(['othern0#0'])
    await writer.ended()
    expect(writer.lines.at(-1)).toBe('done')
  })

  test('what another process replaces or removes is found no more by the next search', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    const writer = await openWriter(compiled, path, 'other', 5)
    writer.start()
    // Of five documents it puts the fourth twice and removes the fifth.
    for (let said = 2; said <= 8; said++) {
      await writer.said(said)
      const there = new Set(inspect(path, passageIds))
      const found = await store.searchVectors(axis(1), 100, {})
      // It goes on meanwhile: what it removed before the search is not found, what it adds after it has a higher id.
      const removedBefore = found.filter(
        ({ chunkId }) => chunkId <= Math.max(...there) && !there.has(chunkId),
      )
      expect(removedBefore).toEqual([])
    }
    await writer.ended()
    expect(writer.lines.at(-1)).toBe('done')
    expect(await store.searchVectors(axis(1), 100, {})).toHaveLength(8)
  })

  test('a commit is seen by the next search of another connection', async () => {
    const path = tempPath()
    const writer = await openPrepared(() => openTempStore(path))
    const reader = openTempStore(path, { create: false })
    expect(await reader.identity()).toEqual(IDENTITY)
    expect(await foundByKeywords(reader, 'apple')).toEqual([])
    await putDocument(writer, 'a', { passages: [{ text: 'apple' }] })
    expect(await foundByKeywords(reader, 'apple')).toEqual(['a#0'])
    await writer.removeFiles('notes', ['a'])
    expect(await foundByKeywords(reader, 'apple')).toEqual([])
  })

  test('eight open a new file at once, and make its schema once', async () => {
    const path = tempPath()
    const names = Array.from({ length: 8 }, (_, i) => `c${i}`)
    const writers = await Promise.all(names.map((name) => openWriter(compiled, path, name, 1)))
    for (const writer of writers) writer.start()
    await Promise.all(writers.map((writer) => writer.ended()))
    expect(writers.map(({ lines }) => lines)).toEqual(names.map((name) => ['ready', `put ${name}n0`, 'done']))
    expect(inspect(path, (database) => database.pragma('user_version', { simple: true }))).toBe(schemaVersion)
    const store = openTempStore(path)
    expect((await store.collections()).map(({ name, documents }) => [name, documents])).toEqual(
      names.map((name) => [name, 1]),
    )
    expect(checkSound(path)).toMatchObject({ documents: 8, chunks: 24, linked: 16 })
  })

  test('two write at once without a single failure, while a third one searches', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    const writers = await Promise.all(['left', 'right'].map((name) => openWriter(compiled, path, name, 150)))
    for (const writer of writers) writer.start()
    const isRunning = () => writers.some(({ lines }) => !/^(done|failed)/.test(lines.at(-1) ?? ''))
    while (isRunning()) {
      await foundNear(store, axis(0))
      await wait(5)
    }
    await Promise.all(writers.map((writer) => writer.ended()))
    for (const { lines } of writers) {
      expect(lines.filter((line) => line.startsWith('failed'))).toEqual([])
      expect(lines.at(-1)).toBe('done')
    }
    // Of each 150 documents a fifth was removed again.
    expect((await store.collections()).map(({ name, documents }) => [name, documents])).toEqual([
      ['left', 120],
      ['notes', 0],
      ['right', 120],
    ])
    expect(checkSound(path)).toMatchObject({ documents: 240, chunks: 720, linked: 480 })
  })

  test('a writer killed at any moment leaves all that it acknowledged, and nothing half', async () => {
    const path = tempPath()
    const random = seededRandom(SEED)
    for (let round = 0; round < KILLS; round++) {
      const collection = `r${round}`
      const writer = await openWriter(compiled, path, collection, Number.POSITIVE_INFINITY)
      writer.start()
      await writer.said(2 + Math.floor(random() * 25))
      await wait(random() * 10)
      writer.kill()
      await writer.ended()
      expect(writer.lines.at(-1)).not.toMatch(/^(done|failed)/)
      await checkKilled(path, collection, writer.lines)
    }
  }, 120_000)

  test.each([...STEPS, ...REMOVING, 'switched'])(
    'a writer killed at "%s" leaves old or new, nothing between',
    async (step) => {
      const path = tempPath()
      const writer = await openWriter(compiled, path, 'k', Number.POSITIVE_INFINITY, step)
      writer.start()
      await writer.ended()
      expect(writer.lines.at(-1)).not.toMatch(/^(done|failed)/)
      await checkKilled(path, 'k', writer.lines)
    },
  )

  test.each(Array.from({ length: schemaVersion - 1 }, (_, i) => i + 2))(
    'an upgrade killed in the step to schema %i is done by the next start',
    async (version) => {
      const path = tempPath()
      copyFileSync(OLD, path)
      const writer = await openWriter(compiled, path, 'k', 0, `schema ${version}`)
      writer.start()
      await writer.ended()
      expect(writer.lines).toEqual(['ready'])
      expect(inspect(path, (database) => database.pragma('user_version', { simple: true }))).toBe(version - 1)
      const store = openTempStore(path, { create: false })
      expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2 })
      await store.close()
      checkSound(path)
      expect(verifyIndex(path).findings).toEqual([])
    },
  )
})

/** Opened anew, as by the next command. */
async function checkKilled(path: string, collection: string, lines: readonly string[]): Promise<void> {
  const store = openTempStore(path, { create: false })
  await checkAcknowledged(store, collection, lines)
  const models = lines.filter((line) => /^migrat/.test(line)).map((line) => line.split(' '))
  const possible = new Set(models.slice(-1).map(([, model]) => model))
  const [verb, model] = models.at(-1) ?? []
  if (verb === 'migrating') possible.add(model === 'model-a' ? 'model-b' : 'model-a')
  if (possible.size > 0) expect(possible).toContain((await store.identity())?.embedder.modelId)
  await store.close()
  checkSound(path)
  expect(verifyIndex(path).findings).toEqual([])
}

function passageIds(database: Database): number[] {
  return database.prepare<[], number>('SELECT id FROM chunks').pluck().all()
}

async function checkAcknowledged(store: Store, collection: string, lines: readonly string[]): Promise<void> {
  const wanted = new Set<string>()
  let removing: string | undefined
  for (const line of lines) {
    const [verb, uri = ''] = line.split(' ')
    if (verb === 'put') wanted.add(uri)
    else if (verb === 'removing') removing = uri
    else if (verb === 'removed') wanted.delete(uri)
  }
  const { items } = await store.listDocuments({ collection, limit: 10_000 })
  const present = new Set(items.map(({ uri }) => uri))
  const lost = [...wanted].filter((uri) => !present.has(uri))
  // What it was about to remove may be gone already; what it was about to put may be there.
  expect(lost.filter((uri) => uri !== removing)).toEqual([])
  const unacknowledged = [...present].filter((uri) => !wanted.has(uri))
  expect(unacknowledged.length).toBeLessThanOrEqual(1)
  for (const { uri, embedded, expected } of items) {
    expect({ uri, embedded, expected }).toEqual({ uri, embedded: 2, expected: 3 })
    expect(await foundByKeywords(store, uri)).toEqual([`${uri}#2`])
  }
  const states = [...(await store.fileStates(collection)).keys()]
  expect(states.toSorted()).toEqual([...present].toSorted())
  const linked = await store.searchVectors(axis(1), 100_000, { collection })
  expect(linked).toHaveLength(2 * items.length)
}
