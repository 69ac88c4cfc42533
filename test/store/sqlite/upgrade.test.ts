import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createHashedEmbedder } from '../../../src/local/hashed-embedder.js'
import type { Store } from '../../../src/store/store.js'
import { searcherOf } from '../../search/small-index.js'
import { checkSound } from './check-sound.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

const OLD = fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url))

/** A copy of an index of the first schema, opened by this version. */
function openOld(): { readonly path: string; readonly store: Store } {
  const path = tempPath()
  copyFileSync(OLD, path)
  return { path, store: openTempStore(path, { create: false }) }
}

test('an index of the first schema is brought up to date with everything in it', async () => {
  const { path, store } = openOld()
  expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2, expected: 2 })
  const [walrus] = await store.findDocuments('walrus.md')
  expect(walrus).toMatchObject({ fileUri: 'walrus.md', dateMs: walrus?.modifiedMs })
  expect(await store.getDocument(walrus?.id ?? '')).toMatchObject({
    text: expect.stringContaining('walrus'),
    blocks: [],
    passages: [{ id: `${walrus?.id}-0`, start: expect.any(Number) }],
  })
  await store.close()
  checkSound(path)
})

test('an index of the first schema is searched and filtered as before', async () => {
  const { store } = openOld()
  const searcher = searcherOf(store, createHashedEmbedder())
  const find = async (query: string, filter?: unknown) =>
    (await searcher.search({ query, ...(filter === undefined ? {} : { filter }) })).hits.map(({ uri }) => uri)
  expect(await find('where does the walrus sleep')).toEqual(['walrus.md'])
  expect(await find('Häuser')).toEqual(['hafen.txt'])
  expect(await find('walrus', { author: 'Ada', tags: 'sea' })).toEqual(['walrus.md'])
  expect(await find('walrus', { author: { $ne: 'Ada' } })).toEqual([])
})

test('its passages are counted, and leave the counts when they are removed', async () => {
  const { store } = openOld()
  const { chunks } = await store.counts()
  expect((await store.termStatistics(['walru'])).passages).toBe(chunks)
  expect((await store.identity())?.chunker).toBe('headings-512-60/1')
  await store.removeFiles('tiny', ['walrus.md', 'hafen.txt'])
  expect(await store.termStatistics(['walru'])).toEqual({ passages: 0, frequencies: new Map([['walru', 0]]) })
})

describe.each(['schema-2.db', 'schema-5.db', 'schema-8.db', 'schema-9.db'])('%s', (name) => {
  const openCopy = () => {
    const path = tempPath()
    copyFileSync(fileURLToPath(new URL(`../../../data/indexes/${name}`, import.meta.url)), path)
    return { path, store: openTempStore(path, { create: false }) }
  }

  test('is brought up to date with everything in it, and found in by words and by vectors', async () => {
    const { path, store } = openCopy()
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2, expected: 2 })
    expect(await store.collections()).toMatchObject([{ name: 'notes', root: '/notes', documents: 2 }])
    expect(Object.fromEntries(await store.fileStates('notes'))).toMatchObject({
      'bread.txt': { outcome: 'indexed' },
      'heating.md': { outcome: 'indexed' },
    })
    const searcher = searcherOf(store, createHashedEmbedder())
    for (const mode of ['keyword', 'vector'] as const) {
      const { hits } = await searcher.search({ query: 'sourdough bread crust', mode, limit: 1 })
      expect(hits.map(({ uri }) => uri)).toEqual(['bread.txt'])
    }
    await store.close()
    checkSound(path)
  })

  test('knows of a run that was stopped before that it was, and nothing more', async () => {
    const { path, store } = openCopy()
    expect(await store.collections()).toEqual([expect.not.objectContaining({ run: expect.anything() })])
    await store.close()
    const older = tempPath()
    copyFileSync(fileURLToPath(new URL(`../../../data/indexes/${name}`, import.meta.url)), older)
    inspect(older, (database) => database.exec('UPDATE collections SET unfinished = 1'))
    const stopped = openTempStore(older, { create: false })
    expect(await stopped.collections()).toMatchObject([{ run: { files: 0, filesDone: 0 } }])
    expect((await stopped.collections())[0]?.run).not.toHaveProperty('endedMs')
    await stopped.close()
    checkSound(path)
  })

  test('gains keys, jobs and questions not answered, and conversations with owners', async () => {
    const { keys, jobs, sessions, gaps } = openCopy().store
    await gaps.addGap({ question: 'Where is the yeast?', day: '2026-11-24', outcome: 'refused' }, 10)
    expect(await gaps.countGaps()).toBe(1)
    expect([await keys.hasKeys(), await jobs.listJobs(9)]).toEqual([false, []])
    await sessions.openSession('s', 'Bread', { owner: 'k' })
    expect(await sessions.getSession('s', { owner: 'k' })).toMatchObject({ title: 'Bread' })
    expect(await sessions.getSession('s', { owner: null })).toBeUndefined()
  })
})
