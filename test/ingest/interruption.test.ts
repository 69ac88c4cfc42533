import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { IndexProgress } from '../../src/ingest/report.js'
import { addFiles, tempFolder } from '../files/temp-folder.js'
import { documentsOf, findTerm, longSections, openWorkbench } from './workbench.js'

/** More texts than are gathered before they are sent: 25 files of 40 passages each. */
const MANY = Object.fromEntries(
  Array.from({ length: 25 }, (_, file) => [
    `${String(file).padStart(2, '0')}.md`,
    longSections(`# File ${file}`, ...Array.from({ length: 39 }, (_, i) => `## Part ${i} of ${file}`)),
  ]),
)

/** A signal, and a listener that aborts it at the first event of a kind. */
function abortAt(type: IndexProgress['type']) {
  const controller = new AbortController()
  const onProgress = (event: IndexProgress) => {
    if (event.type === type) controller.abort()
  }
  return { signal: controller.signal, onProgress }
}

describe('cancellation', () => {
  test('between two documents keeps what was stored, and the next run does the rest', async () => {
    const root = await tempFolder(MANY)
    const { store, index, embedder } = await openWorkbench({ concurrency: 1 })
    const { signal, onProgress } = abortAt('indexed')
    const indexed: string[] = []
    const note = (event: IndexProgress) => {
      if (event.type === 'indexed') indexed.push(event.uri)
      onProgress(event)
    }
    await expect(index(root, { signal, onProgress: note })).rejects.toMatchObject({
      name: 'GemdexError',
      code: 'CANCELLED',
    })
    const stored = await documentsOf(store)
    expect(stored.size).toBeGreaterThan(0)
    expect(stored.size).toBeLessThan(25)
    expect([...stored.keys()].toSorted()).toEqual(indexed.toSorted())
    for (const document of stored.values()) expect(document).toMatchObject({ embedded: 40, expected: 40 })
    const lastRun = async () => (await store.collections())[0]?.run
    const stopped = await lastRun()
    expect(stopped).toEqual({ beganMs: expect.any(Number), files: 25, filesDone: stored.size })
    // One of its files is not the rest of them.
    await index(`${root}/${[...stored.keys()][0]}`)
    expect(await lastRun()).toEqual(stopped)
    const sent = embedder.sent.length
    expect(await index(root)).toMatchObject({
      indexed: 25 - stored.size,
      unchanged: stored.size,
      embedded: 1000 - sent,
    })
    expect(await store.counts()).toMatchObject({ documents: 25, chunks: 1000, embedded: 1000 })
    const left = 25 - stored.size
    expect(await lastRun()).toMatchObject({ endedMs: expect.any(Number), files: left, filesDone: left })
  })

  test('that was followed by the end of all that was left to do has come to its end', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.' })
    const { store, index } = await openWorkbench()
    await expect(index(root, abortAt('found'))).rejects.toMatchObject({ code: 'CANCELLED' })
    const lastRun = async () => (await store.collections())[0]?.run
    expect(await lastRun()).toMatchObject({ files: 1, filesDone: 0 })
    expect(await lastRun()).not.toHaveProperty('endedMs')
    await rm(`${root}/a.txt`)
    await index(root, { force: true })
    expect(await lastRun()).toHaveProperty('endedMs')
  })

  test('of one file leaves no run to end: running it again does the rest, and vectors are pruned', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { store, index } = await openWorkbench()
    const lastRun = async () => (await store.collections())[0]?.run
    await index(`${root}/b.txt`)
    await expect(index(`${root}/a.txt`, abortAt('embedded'))).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await lastRun()).toBeUndefined()
    expect(await index(`${root}/a.txt`)).toMatchObject({ indexed: 1, embedded: 0 })
    await addFiles(root, { 'a.txt': 'Quinces.' })
    await index(`${root}/a.txt`)
    await addFiles(root, { 'a.txt': 'Apples.' })
    expect(await index(`${root}/a.txt`)).toMatchObject({ embedded: 1 })
    expect(await lastRun()).toBeUndefined()
    await index(root)
    expect(await lastRun()).toMatchObject({ endedMs: expect.any(Number), files: 0, filesDone: 0 })
  })

  test('of a folder counts files that are indexed by themselves afterwards, never more than there are', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.' })
    const { store, index } = await openWorkbench()
    await expect(index(root, abortAt('found'))).rejects.toMatchObject({ code: 'CANCELLED' })
    for (const force of [false, true]) await index(`${root}/a.txt`, { force })
    const run = (await store.collections())[0]?.run
    expect(run).toEqual({ beganMs: expect.any(Number), files: 1, filesDone: 1 })
    await index(root)
    expect((await store.collections())[0]?.run).toHaveProperty('endedMs')
  })

  test('before the first document changes nothing', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.' })
    const { store, index, embedder } = await openWorkbench()
    await expect(index(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(index(root, abortAt('found'))).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await documentsOf(store)).size).toBe(0)
    expect(embedder.requests).toBe(0)
  })

  test('while texts are sent keeps the vectors that came', async () => {
    const root = await tempFolder(MANY)
    const { store, index, embedder } = await openWorkbench({ concurrency: 1 })
    await expect(index(root, abortAt('embedded'))).rejects.toMatchObject({ code: 'CANCELLED' })
    const sent = embedder.sent.length
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(1000)
    expect(await index(root)).toMatchObject({ indexed: 25, embedded: 1000 - sent })
    expect(embedder.sent).toHaveLength(1000)
    expect(await store.counts()).toMatchObject({ documents: 25, chunks: 1000, embedded: 1000 })
  })

  test('removes nothing: files that are gone stay until a run ends', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { store, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'a.txt': 'Apples and figs.', '.gemdexignore': 'b.txt\n' })
    await expect(index(root, abortAt('found'))).rejects.toMatchObject({ code: 'CANCELLED' })
    expect([...(await documentsOf(store)).keys()].toSorted()).toEqual(['a.txt', 'b.txt'])
    expect(await index(root)).toMatchObject({ indexed: 1, removed: 1 })
  })
})

describe('an embedder that fails half-way', () => {
  test('leaves whole documents, and the next run sends only the rest', async () => {
    const root = await tempFolder(MANY)
    const { store, embedder, index } = await openWorkbench()
    embedder.left = 905
    const indexed: string[] = []
    const onProgress = (event: IndexProgress) => {
      if (event.type === 'indexed') indexed.push(event.uri)
    }
    await expect(index(root, { onProgress })).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    const stored = await documentsOf(store)
    expect(stored.size).toBeGreaterThan(0)
    expect(stored.size).toBeLessThan(25)
    expect([...stored.keys()].toSorted()).toEqual(indexed.toSorted())
    for (const document of stored.values()) expect(document).toMatchObject({ embedded: 40, expected: 40 })
    expect(await findTerm(store, 'part')).not.toEqual([])

    const sent = embedder.sent.length
    expect(sent).toBeGreaterThanOrEqual(40 * stored.size)
    embedder.left = Number.POSITIVE_INFINITY
    expect(await index(root)).toMatchObject({
      indexed: 25 - stored.size,
      unchanged: stored.size,
      embedded: 1000 - sent,
    })
    expect(embedder.sent).toHaveLength(1000)
    expect(await store.counts()).toMatchObject({ documents: 25, chunks: 1000, embedded: 1000 })
  })

  test('leaves the old passages of a changed file', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples are red.' })
    const { store, embedder, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'a.txt': 'Apples are yellow.' })
    embedder.left = 0
    await expect(index(root)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    expect(await findTerm(store, 'red')).toEqual(['a.txt'])
    embedder.left = 1
    expect(await index(root)).toMatchObject({ indexed: 1, embedded: 1 })
    expect(await findTerm(store, 'yellow')).toEqual(['a.txt'])
    expect(await findTerm(store, 'red')).toEqual([])
  })

  test('removes nothing: files that are gone stay until a run ends', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { store, embedder, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'c.txt': 'Plums.', '.gemdexignore': 'b.txt\n' })
    embedder.left = 0
    await expect(index(root)).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    expect([...(await documentsOf(store)).keys()].toSorted()).toEqual(['a.txt', 'b.txt'])
  })
})
