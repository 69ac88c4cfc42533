import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EmbedInput } from '../../src/embed/embedder.js'
import { GemdexError } from '../../src/errors.js'
import { addFiles, tempFolder } from '../files/temp-folder.js'
import { createCountingEmbedder, documentsOf, findTerm, longSections, openWorkbench } from './workbench.js'

describe('the lock of a run', () => {
  test('is held while it runs, and let go however it ends', async () => {
    const lock = { held: 0, taken: 0 }
    const acquireLock = async () => {
      lock.held++
      lock.taken++
      return { release: () => void lock.held-- }
    }
    const root = await tempFolder({ 'a.txt': 'Apples.' })
    const { index, embedder } = await openWorkbench({ acquireLock })
    const heldAt: number[] = []
    await index(root, { onProgress: () => heldAt.push(lock.held) })
    expect(new Set(heldAt)).toEqual(new Set([1]))
    expect(lock).toEqual({ held: 0, taken: 1 })
    await expect(index(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'ROOT_MISSING' })
    embedder.left = 0
    await addFiles(root, { 'b.txt': 'Pears.' })
    await expect(index(root)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    expect(lock).toEqual({ held: 0, taken: 3 })
  })

  test('that somebody else holds leaves everything as it is', async () => {
    const locked = new GemdexError('INDEX_LOCKED', 'Process 1 is indexing')
    const root = await tempFolder({ 'a.txt': 'Apples.' })
    const { store, index, embedder } = await openWorkbench({ acquireLock: () => Promise.reject(locked) })
    await expect(index(root)).rejects.toBe(locked)
    expect(await store.collections()).toEqual([])
    expect(embedder.requests).toBe(0)
  })
})

describe('texts that the embedder refuses', () => {
  /** Refuses texts about plums, and takes all others. */
  function createPickyEmbedder() {
    const embedder = createCountingEmbedder(10)
    const take = embedder.embed
    const embed = async (inputs: readonly EmbedInput[], options: Parameters<typeof take>[1]) => {
      const inputIndex = inputs.findIndex(({ text }) => text.includes('Plum'))
      if (inputIndex !== -1) throw new GemdexError('REQUEST_REFUSED', 'no plums', { inputIndex })
      return take(inputs, options)
    }
    return { ...embedder, embed }
  }

  test('are found by keywords alone, and told in the report', async () => {
    const root = await tempFolder({
      'a.txt': 'Apples.',
      'b.md': longSections('# Fruit', '## Pears', '## Plums'),
      'c.txt': 'Plums again.',
    })
    const { store, index } = await openWorkbench({ embedder: createPickyEmbedder() })
    const report = await index(root)
    expect(report).toMatchObject({ indexed: 3, skipped: 0 })
    const refused = new Set(report.refused.map(({ uri, message }) => `${uri}: ${message}`))
    expect([...refused].toSorted()).toEqual(['b.md: no plums', 'c.txt: no plums'])
    expect(report.refused).toHaveLength(report.chunks - report.embedded)
    const documents = await documentsOf(store)
    expect(documents.get('a.txt')).toMatchObject({ embedded: 1, expected: 1 })
    expect(documents.get('c.txt')).toMatchObject({ embedded: 0, expected: 1 })
    expect(await findTerm(store, 'plum')).toContain('c.txt')
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 3, refused: [] })
  })
})

describe('a forecast', () => {
  test('counts what a run then does, and itself sends and stores nothing', async () => {
    const root = await tempFolder({
      'a.md': longSections('# Book', '## One', '## Two'),
      'b.txt': 'Pears.',
      'copy/b.txt': 'Pears.',
      'empty.txt': '',
    })
    const { store, forecast, index, embedder } = await openWorkbench()
    const before = await forecast(root)
    expect(embedder.requests).toBe(0)
    expect(await store.collections()).toEqual([])
    const report = await index(root)
    expect(before).toMatchObject({ files: report.indexed, chunks: report.chunks, texts: report.embedded })
    expect(report.embedded).toBe(report.chunks - 1)
    expect(await forecast(root)).toMatchObject({ files: 0, chunks: 0, texts: 0, tokens: 0, days: 0 })
    await addFiles(root, { 'c.txt': 'Pears and plums.' })
    expect(await forecast(root)).toMatchObject({ files: 1, chunks: 1, texts: 1 })
  })

  test('of a root that is gone is refused as the run would be', async () => {
    const { forecast } = await openWorkbench()
    await expect(forecast(join(await tempFolder(), 'nowhere'))).rejects.toMatchObject({
      code: 'ROOT_MISSING',
    })
  })
})

describe('a run keeps what it relies on', () => {
  test('a passage moves from a file that is skipped by now, while others wait for the embedder', async () => {
    const passage = '# Same\n\nThe passage that moves.'
    const root = await tempFolder({ 'z.md': passage })
    const { store, index } = await openWorkbench({ concurrency: 1 })
    await index(root)
    // Read in this order: 0.md waits for its vector, and a.md behind it, when z.md turns out to be empty.
    await addFiles(root, { '0.md': '# New\n\nA new text.', 'a.md': passage, 'z.md': '' })
    expect(await index(root)).toMatchObject({ indexed: 2, skipped: 1 })
    expect(await findTerm(store, 'move')).toEqual(['a.md'])
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2 })
  })

  test('vectors of a file that is skipped by now are gone when it ends', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { store, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'a.txt': '' })
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 1, skipped: 1 })
    expect(await store.pruneEmbeddings()).toBe(0)
  })

  test('the index and its companions are not read when they lie in the folder', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'index.db': 'x', 'index.db-wal': 'x' })
    const { index, extracted } = await openWorkbench({
      ownFiles: ['index.db', 'index.db-wal', 'index.db-shm'].map((name) => join(root, name)),
    })
    expect(await index(root)).toMatchObject({ indexed: 1, ignored: 2, skipped: 0 })
    expect(extracted).toEqual(['a.txt'])
  })
})

describe('usage', () => {
  test('of a run is kept by model and day', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { store, indexWithEvents } = await openWorkbench({ usdPerMillionTokens: 1_000_000 })
    const { events } = await indexWithEvents(root)
    const [sum] = await store.usage()
    expect(sum).toMatchObject({ model: 'counting', day: '2026-11-23', requests: 1, texts: 2 })
    expect(sum?.tokens).toBeGreaterThan(0)
    expect(sum?.priceUsd).toBeCloseTo(sum?.tokens ?? Number.NaN, 6)
    const told = events.filter((event) => event.type === 'embedded')
    expect(told.map(({ tokens, priceUsd }) => [tokens, priceUsd])).toEqual([[sum?.tokens, sum?.priceUsd]])
  })
})
