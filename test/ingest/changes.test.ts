import { rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readSourceFile } from '../../src/files/read-file.js'
import { addFiles, tempFolder } from '../files/temp-folder.js'
import { documentsOf, findTerm, openWorkbench } from './workbench.js'

vi.mock(import('../../src/files/read-file.js'), { spy: true })

const DAY_MS = 86_400_000

/** The URIs of the files that were opened, since the test began or this was last asked. */
function takeRead(): string[] {
  const uris = vi.mocked(readSourceFile).mock.calls.map(([file]) => file.uri)
  vi.mocked(readSourceFile).mockClear()
  return uris.toSorted()
}

beforeEach(() => {
  vi.mocked(readSourceFile).mockClear()
})

const FILES = {
  'a.md': '# Apples\n\nApples are red.',
  'deep/b.txt': 'Pears are green.',
  'deep/er/c.html': '<title>Plums</title><p>Plums are blue.</p>',
}

describe('indexing a folder', () => {
  test('stores every file under its path, in a collection named after the folder', async () => {
    const root = await tempFolder(FILES)
    const { store, index, embedder } = await openWorkbench()
    const report = await index(root)
    expect(report).toMatchObject({
      collection: basename(root),
      root,
      indexed: 3,
      unchanged: 0,
      kept: 0,
      skipped: 0,
      removed: 0,
      ignored: 0,
      skippedFiles: [],
      chunks: 3,
      embedded: 3,
    })
    expect(report.tookMs).toBeGreaterThanOrEqual(0)
    expect([...(await documentsOf(store)).keys()].toSorted()).toEqual(Object.keys(FILES))
    expect(await store.collections()).toEqual([
      {
        name: basename(root),
        root,
        documents: 3,
        chunks: 3,
        embedded: 3,
        run: { beganMs: expect.any(Number), endedMs: expect.any(Number), files: 3, filesDone: 3 },
      },
    ])
    expect(await store.counts()).toMatchObject({ embedded: 3, expected: 3 })
    expect(await findTerm(store, 'blue')).toEqual(['deep/er/c.html'])
    expect(embedder.sent).toHaveLength(3)
  })

  test('keeps what a document is: text, type, size, hash and time', async () => {
    const root = await tempFolder(FILES)
    await utimes(join(root, 'a.md'), 1_600_000_000, 1_600_000_000)
    const { store, index } = await openWorkbench()
    await index(root)
    const { id = '' } = (await documentsOf(store)).get('a.md') ?? {}
    expect(await store.getDocument(id)).toMatchObject({
      text: FILES['a.md'],
      type: 'text/markdown',
      sizeBytes: FILES['a.md'].length,
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      modifiedMs: 1_600_000_000_000,
      embedded: 1,
      expected: 1,
    })
  })

  test('a second run reads nothing, sends nothing and changes nothing', async () => {
    const root = await tempFolder(FILES)
    const { store, index, embedder, extracted } = await openWorkbench()
    await index(root)
    expect(takeRead()).toEqual(Object.keys(FILES))
    const before = await documentsOf(store)
    const requests = embedder.requests
    extracted.length = 0
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 3, removed: 0, chunks: 0, embedded: 0 })
    expect(takeRead()).toEqual([])
    expect(extracted).toEqual([])
    expect(embedder.requests).toBe(requests)
    expect(await documentsOf(store)).toEqual(before)
  })

  test('a changed file is replaced, a new one added, a vanished one removed, the rest left alone', async () => {
    const root = await tempFolder(FILES)
    const { store, index, embedder, extracted } = await openWorkbench()
    await index(root)
    takeRead()
    extracted.length = 0
    embedder.sent.length = 0
    await addFiles(root, { 'a.md': '# Apples\n\nApples are yellow.', 'new.txt': 'Figs are purple.' })
    await rm(join(root, 'deep/b.txt'))
    expect(await index(root)).toMatchObject({ indexed: 2, unchanged: 1, removed: 1, chunks: 2, embedded: 2 })
    expect(takeRead()).toEqual(['a.md', 'new.txt'])
    expect(extracted.toSorted()).toEqual(['a.md', 'new.txt'])
    expect(embedder.sent).toHaveLength(2)
    expect([...(await documentsOf(store)).keys()].toSorted()).toEqual(['a.md', 'deep/er/c.html', 'new.txt'])
    expect(await findTerm(store, 'red')).toEqual([])
    expect(await findTerm(store, 'green')).toEqual([])
    expect(await findTerm(store, 'yellow')).toEqual(['a.md'])
    expect(await store.counts()).toMatchObject({ documents: 3, chunks: 3, embedded: 3 })
    // Vectors of what is gone are gone too.
    expect(await store.pruneEmbeddings()).toBe(0)
  })

  test('a file that was only touched is read once and not sent', async () => {
    const root = await tempFolder(FILES)
    const { index, embedder, extracted } = await openWorkbench()
    await index(root)
    takeRead()
    extracted.length = 0
    const { requests } = embedder
    await utimes(join(root, 'a.md'), new Date(), new Date())
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 3, embedded: 0 })
    expect(takeRead()).toEqual(['a.md'])
    expect(extracted).toEqual([])
    expect(await index(root)).toMatchObject({ unchanged: 3 })
    expect(takeRead()).toEqual([])
    expect(embedder.requests).toBe(requests)
  })

  test('a file replaced by another of the same size and times is noticed', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples are red.' })
    await utimes(join(root, 'a.txt'), 1_600_000_000, 1_600_000_000)
    const { store, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { '.draft': 'Apples are raw.' })
    await utimes(join(root, '.draft'), 1_600_000_000, 1_600_000_000)
    await rename(join(root, '.draft'), join(root, 'a.txt'))
    expect(await index(root)).toMatchObject({ indexed: 1, unchanged: 0 })
    expect(await findTerm(store, 'raw')).toEqual(['a.txt'])
  })

  test.each([1901, 2200])(
    'a file dated %i is indexed, known again, and noticed when it changes',
    async (year) => {
      const root = await tempFolder({ 'a.txt': 'Apples are red.' })
      const path = join(root, 'a.txt')
      // Node takes a negative number for the present.
      const date = new Date(Date.UTC(year, 11, 31))
      await utimes(path, date, date)
      const { store, index } = await openWorkbench()
      expect(await index(root)).toMatchObject({ indexed: 1 })
      const { id = '' } = (await documentsOf(store)).get('a.txt') ?? {}
      // As the file system keeps it: some know no such years.
      expect((await store.getDocument(id))?.modifiedMs).toBe((await stat(path)).mtimeMs)
      expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 1 })
      await addFiles(root, { 'a.txt': 'Apples are raw.' })
      await utimes(path, date, date)
      expect(await index(root)).toMatchObject({ indexed: 1 })
      expect(await findTerm(store, 'raw')).toEqual(['a.txt'])
    },
  )

  test('files newer than a clock that was set back are read by each run, sent once, and noticed when they change', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - DAY_MS })
    onTestFinished(() => void vi.useRealTimers())
    const root = await tempFolder({ 'a.txt': 'Apples are red.' })
    const { store, index, embedder } = await openWorkbench()
    expect(await index(root)).toMatchObject({ indexed: 1, embedded: 1 })
    takeRead()
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 1, embedded: 0 })
    expect(takeRead()).toEqual(['a.txt'])
    expect(embedder.sent).toHaveLength(1)
    await addFiles(root, { 'a.txt': 'Apples are raw.' })
    expect(await index(root)).toMatchObject({ indexed: 1 })
    expect(await findTerm(store, 'raw')).toEqual(['a.txt'])
  })

  test('force reads every file again and still sends nothing', async () => {
    const root = await tempFolder(FILES)
    const { index, embedder } = await openWorkbench()
    await index(root)
    takeRead()
    const { requests } = embedder
    expect(await index(root, { force: true })).toMatchObject({
      indexed: 3,
      unchanged: 0,
      removed: 0,
      embedded: 0,
    })
    expect(takeRead()).toEqual(Object.keys(FILES))
    expect(embedder.requests).toBe(requests)
  })
})

describe('what a run leaves out', () => {
  test('filters and ignore files decide, are counted, and take away what they leave out by now', async () => {
    const root = await tempFolder({ ...FILES, '.hidden.md': 'no', 'node_modules/x.md': 'no' })
    const { store, index } = await openWorkbench()
    expect(await index(root)).toMatchObject({ indexed: 3, skipped: 1, ignored: 1 })
    expect(await index(root, { exclude: ['*.html'] })).toMatchObject({ unchanged: 2, removed: 1, ignored: 2 })
    await addFiles(root, { '.gemdexignore': 'deep/\n' })
    expect(await index(root)).toMatchObject({ unchanged: 1, removed: 1 })
    expect([...(await documentsOf(store)).keys()]).toEqual(['a.md'])
  })

  test('include takes only what it names', async () => {
    const root = await tempFolder(FILES)
    const { store, index } = await openWorkbench()
    expect(await index(root, { include: ['deep/**'] })).toMatchObject({ indexed: 2 })
    expect([...(await documentsOf(store)).keys()].toSorted()).toEqual(['deep/b.txt', 'deep/er/c.html'])
  })

  test('an older way of cutting is told as a note', async () => {
    const root = await tempFolder(FILES)
    const { index } = await openWorkbench()
    const report = await index(root)
    expect(report.notes).toEqual([expect.stringContaining('test/1')])
  })
})
