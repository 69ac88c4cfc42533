import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createHashedEmbedder } from '../../../src/local/hashed-embedder.js'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.js'
import { searcherOf } from '../../search/small-index.js'

const OLD = fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url))

/** A copy of an index of the first schema, opened by this version. */
function openOld() {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-upgrade-'))
  copyFileSync(OLD, join(folder, 'old.db'))
  const store = openSqliteStore(join(folder, 'old.db'), { create: false })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return store
}

test('an index of the first schema is searched and filtered as before', async () => {
  const store = openOld()
  const searcher = searcherOf(store, createHashedEmbedder())
  const find = async (query: string, filter?: unknown) =>
    (await searcher.search({ query, ...(filter === undefined ? {} : { filter }) })).hits.map(({ uri }) => uri)
  expect(await find('where does the walrus sleep')).toEqual(['walrus.md'])
  expect(await find('Häuser')).toEqual(['hafen.txt'])
  expect(await find('walrus', { author: 'Ada', tags: 'sea' })).toEqual(['walrus.md'])
  expect(await find('walrus', { author: { $ne: 'Ada' } })).toEqual([])
})

test('its passages are counted, and leave the counts when they are removed', async () => {
  const store = openOld()
  const { chunks } = await store.counts()
  expect((await store.termStatistics(['walru'])).passages).toBe(chunks)
  expect((await store.identity())?.chunker).toBe('headings-512-60/1')
  await store.removeFiles('tiny', ['walrus.md', 'hafen.txt'])
  expect(await store.termStatistics(['walru'])).toEqual({ passages: 0, frequencies: new Map([['walru', 0]]) })
})
