import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import { addFiles, tempFolder } from '../files/temp-folder.js'
import { unitsOf } from '../store/samples.js'
import { documentsOf, longSections, openWorkbench } from './workbench.js'

describe('what is sent to the embedder', () => {
  test('equal passages in two files are sent once, and each file has its vector', async () => {
    const text = '# Opening hours\n\nMonday to Friday.'
    const root = await tempFolder({ 'a.md': text, 'copy/b.md': text })
    const { store, index, embedder } = await openWorkbench()
    expect(await index(root)).toMatchObject({ indexed: 2, chunks: 2, embedded: 1 })
    expect(embedder.sent).toHaveLength(1)
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2 })
    await addFiles(root, { 'later.md': text })
    expect(await index(root)).toMatchObject({ indexed: 1, embedded: 0 })
    expect(embedder.sent).toHaveLength(1)
    expect(await store.counts()).toMatchObject({ chunks: 3, embedded: 3 })
  })

  test('equal passages in one file are sent once', async () => {
    const root = await tempFolder({ 'a.md': longSections('# Book', '## Same', '## Same', '## Same') })
    const { store, index, embedder } = await openWorkbench()
    const report = await index(root)
    expect(embedder.sent.filter(({ title }) => title === 'Book > Same').length).toBeLessThan(
      report.chunks - 1,
    )
    expect(new Set(embedder.sent.map(({ title, text }) => `${title}: ${text}`)).size).toBe(report.embedded)
    expect(await store.counts()).toMatchObject({ chunks: report.chunks, embedded: report.chunks })
  })

  test('a copy that is removed leaves the vector to the other one', async () => {
    const text = '# Opening hours\n\nMonday to Friday.'
    const root = await tempFolder({ 'a.md': text, 'b.md': text })
    const { store, index } = await openWorkbench()
    await index(root)
    await rename(join(root, 'b.md'), join(root, '.b.md'))
    expect(await index(root)).toMatchObject({ removed: 1, embedded: 0 })
    expect(await store.counts()).toMatchObject({ documents: 1, chunks: 1, embedded: 1 })
  })

  test('a renamed file costs nothing when its title comes from its heading', async () => {
    const root = await tempFolder({ 'a.md': '# Opening hours\n\nMonday to Friday.' })
    const { store, index, embedder } = await openWorkbench()
    await index(root)
    await rename(join(root, 'a.md'), join(root, 'z.md'))
    expect(await index(root)).toMatchObject({ indexed: 1, removed: 1, embedded: 0 })
    expect(embedder.sent).toHaveLength(1)
    expect([...(await documentsOf(store)).keys()]).toEqual(['z.md'])
    expect(await store.counts()).toMatchObject({ chunks: 1, embedded: 1 })
  })

  test('a renamed file is sent again when its name is its title', async () => {
    const root = await tempFolder({ 'old-name.txt': 'Monday to Friday.' })
    const { index, embedder } = await openWorkbench()
    await index(root)
    await rename(join(root, 'old-name.txt'), join(root, 'new-name.txt'))
    expect(await index(root)).toMatchObject({ indexed: 1, removed: 1, embedded: 1 })
    expect(embedder.sent.map(({ title }) => title)).toEqual(['old name', 'new name'])
  })

  test('a passage that moves to another file in one run keeps its vector', async () => {
    const root = await tempFolder({ 'a.md': '# T\n\nThe passage.', 'b.md': '# T\n\nAnother one.' })
    const { store, index, embedder } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'a.md': '# T\n\nSomething new.', 'b.md': '# T\n\nThe passage.' })
    expect(await index(root)).toMatchObject({ indexed: 2, embedded: 1 })
    expect(embedder.sent).toHaveLength(3)
    expect(await store.counts()).toMatchObject({ chunks: 2, embedded: 2 })
  })

  test('of a changed file only the passages that changed are sent', async () => {
    const root = await tempFolder({ 'a.md': longSections('# Book', '## One', '## Two', '## Three') })
    const { index, embedder } = await openWorkbench()
    const first = await index(root)
    expect(first.chunks).toBeGreaterThan(2)
    expect(first.embedded).toBe(first.chunks)
    embedder.sent.length = 0
    await addFiles(root, { 'a.md': `${longSections('# Book', '## One', '## Two', '## Three')}Postscript.\n` })
    expect(await index(root)).toMatchObject({ indexed: 1, chunks: first.chunks, embedded: 1 })
    expect(embedder.sent).toEqual([{ text: expect.stringContaining('Postscript.'), title: 'Book > Three' }])
  })

  test('passages of many files share requests', async () => {
    const files = Array.from({ length: 30 }, (_, i) => [`${i}.txt`, `Text number ${i}.`])
    const root = await tempFolder(Object.fromEntries(files))
    const { index, embedder } = await openWorkbench()
    expect(await index(root)).toMatchObject({ indexed: 30, embedded: 30 })
    expect(embedder.requests).toBe(3)
  })
})

describe('titles', () => {
  test('come from the front matter, else the heading, else the file name', async () => {
    const root = await tempFolder({
      'front.md': '---\ntitle: Of the front matter\n---\n# A heading\n\nText.',
      'heading.md': '# Of the heading\n\nText.',
      'page.html': '<title>Of the page</title><p>Text.</p>',
      '2024-03_board-meeting.txt': 'Text.',
      'blank.md': '---\ntitle: "  "\n---\nText without a heading.',
    })
    const { store, index, embedder } = await openWorkbench()
    await index(root)
    const titles = [...(await documentsOf(store))].map(([uri, { title }]) => [uri, title])
    expect(Object.fromEntries(titles)).toEqual({
      'front.md': 'Of the front matter',
      'heading.md': 'Of the heading',
      'page.html': 'Of the page',
      '2024-03_board-meeting.txt': '2024-03 board meeting',
      'blank.md': 'blank',
    })
    expect(embedder.sent.map(({ title }) => title).toSorted()).toEqual([
      '2024-03 board meeting',
      'Of the front matter > A heading',
      'Of the heading',
      'Of the page',
      'blank',
    ])
  })

  test('of passages name the document and the headings above, each once', async () => {
    const root = await tempFolder({
      'a.md': longSections('# Handbook', '## Leave', '### Parental leave', '## handbook'),
    })
    const { store, index, embedder } = await openWorkbench()
    await index(root)
    const titles = new Set(embedder.sent.map(({ title }) => title))
    expect([...titles]).toEqual(['Handbook', 'Handbook > Leave', 'Handbook > Leave > Parental leave'])
    const found = await store.searchKeywords(unitsOf('parent'), 10, {})
    const [chunk] = await store.getChunks(found.map(({ chunkId }) => chunkId))
    expect(chunk?.headings).toEqual(['Handbook', 'Leave', 'Parental leave'])
  })
})

test('with the local embedder a folder is found by vector and by keyword', async () => {
  const root = await tempFolder({
    'apples.md': '# Apples\n\nApple trees want sun and a loamy soil.',
    'boats.md': '# Boats\n\nA sailing boat needs a keel and a mast.',
  })
  const embedder = createHashedEmbedder()
  const { store, index } = await openWorkbench({ embedder })
  expect(await index(root)).toMatchObject({ indexed: 2, embedded: 2 })
  const [query = new Float32Array()] = await embedder.embed([{ text: 'mast of a sailing boat' }], {
    role: 'query',
  })
  const [best] = await store.searchVectors(query, 1, {})
  const [chunk] = await store.getChunks([best?.chunkId ?? -1])
  expect(chunk?.uri).toBe('boats.md')
})
