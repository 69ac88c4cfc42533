import { mkdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addFiles, tempFolder } from '../files/temp-folder.js'
import { documentsOf, findTerm, openWorkbench } from './workbench.js'

const FILES = { 'a.txt': 'Apples are red.', 'deep/b.txt': 'Pears are green.' }

/** A folder in a folder of its own, so that it can be taken away and have neighbours. */
async function folderNamed(name: string, files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const root = join(await tempFolder(), name)
  await mkdir(root)
  await addFiles(root, files)
  return root
}

describe('a root that is gone', () => {
  test('removes nothing, and says what the index keeps', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    await index(root)
    await rename(root, `${root}-unmounted`)
    const missing = { name: 'GemdexError', code: 'ROOT_MISSING', hint: expect.stringContaining('--force') }
    await expect(index(root)).rejects.toMatchObject(missing)
    await expect(index(root)).rejects.toThrow('2 files')
    expect((await documentsOf(store)).size).toBe(2)
    expect(await findTerm(store, 'red')).toEqual(['a.txt'])
    await rename(`${root}-unmounted`, root)
    expect(await index(root)).toMatchObject({ unchanged: 2, removed: 0 })
  })

  test('removes its files with force, and only those', async () => {
    const [root, other] = [await folderNamed('docs'), await folderNamed('other')]
    const { store, index } = await openWorkbench()
    await index(root)
    await index(other)
    await rm(root, { recursive: true })
    expect(await index(root, { force: true })).toMatchObject({ collection: 'docs', removed: 2, indexed: 0 })
    expect((await documentsOf(store, 'docs')).size).toBe(0)
    expect((await documentsOf(store, 'other')).size).toBe(2)
    expect((await store.fileStates('docs')).size).toBe(0)
  })

  test('is known by a relative path too', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    const path = relative(process.cwd(), root)
    expect(await index(path)).toMatchObject({ root, indexed: 2 })
    await rm(root, { recursive: true })
    await expect(index(path)).rejects.toThrow('2 files')
    expect(await index(path, { force: true })).toMatchObject({ root, removed: 2 })
    expect((await documentsOf(store)).size).toBe(0)
  })

  test('that was never indexed is ROOT_MISSING, forced or not, and leaves no collection', async () => {
    const { store, index } = await openWorkbench()
    const root = join(await tempFolder(), 'nowhere')
    for (const force of [false, true])
      await expect(index(root, { force })).rejects.toMatchObject({ code: 'ROOT_MISSING' })
    expect(await store.collections()).toEqual([])
  })
})

describe('a root that is suddenly empty', () => {
  test('removes nothing without force and everything with it', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    await index(root)
    await rm(root, { recursive: true })
    await mkdir(root)
    const empty = { name: 'GemdexError', code: 'ROOT_EMPTY', hint: expect.stringContaining('--force') }
    await expect(index(root)).rejects.toMatchObject(empty)
    expect((await documentsOf(store)).size).toBe(2)
    expect(await index(root, { force: true })).toMatchObject({ removed: 2 })
    expect((await documentsOf(store)).size).toBe(0)
  })

  test('counts as empty when the filters leave nothing', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    await index(root)
    await expect(index(root, { include: ['*.nothing'] })).rejects.toMatchObject({ code: 'ROOT_EMPTY' })
    expect((await documentsOf(store)).size).toBe(2)
  })

  test('is no fault when nothing was there before', async () => {
    const root = await folderNamed('docs', {})
    const { index } = await openWorkbench()
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 0, removed: 0, skipped: 0 })
  })
})

describe('a single file', () => {
  test('in a known root updates that file alone, in that root’s collection', async () => {
    const root = await folderNamed('docs')
    const { store, index, extracted } = await openWorkbench()
    await index(root, { collection: 'library' })
    await addFiles(root, { 'a.txt': 'Apples are yellow.', 'deep/b.txt': 'Pears are brown.', 'c.txt': 'New.' })
    await rm(join(root, 'c.txt'))
    extracted.length = 0
    const report = await index(join(root, 'deep/b.txt'))
    expect(report).toMatchObject({ collection: 'library', root, indexed: 1, unchanged: 0, removed: 0 })
    expect(extracted).toEqual(['deep/b.txt'])
    expect(await findTerm(store, 'brown')).toEqual(['deep/b.txt'])
    expect(await findTerm(store, 'red')).toEqual(['a.txt'])
    expect((await store.collections()).map(({ name }) => name)).toEqual(['library'])
    expect(await index(root)).toMatchObject({ collection: 'library', indexed: 1, unchanged: 1 })
  })

  test('that did not change is left alone', async () => {
    const root = await folderNamed('docs')
    const { index } = await openWorkbench()
    await index(root)
    expect(await index(join(root, 'a.txt'))).toMatchObject({ indexed: 0, unchanged: 1, embedded: 0 })
  })

  test('belongs to the nearest of the roots above it', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    await index(root)
    await index(join(root, 'deep'), { collection: 'inner' })
    await addFiles(root, { 'deep/b.txt': 'Pears are brown.' })
    expect(await index(join(root, 'deep/b.txt'))).toMatchObject({ collection: 'inner', indexed: 1 })
    expect([...(await documentsOf(store, 'inner')).keys()]).toEqual(['b.txt'])
  })

  test('of no known root makes its folder one, without its neighbours', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    expect(await index(join(root, 'a.txt'))).toMatchObject({ collection: 'docs', root, indexed: 1 })
    expect([...(await documentsOf(store)).keys()]).toEqual(['a.txt'])
    expect(await index(root)).toMatchObject({ collection: 'docs', indexed: 1, unchanged: 1 })
  })

  test('with a decomposed name is the same file however it is come by', async () => {
    const decomposed = 'cafe\u0301.txt'
    const composed = 'caf\u00e9.txt'
    const root = await folderNamed('docs', { [decomposed]: 'Coffee is black.' })
    const { store, index } = await openWorkbench()
    expect(await index(join(root, decomposed))).toMatchObject({ indexed: 1 })
    expect([...(await documentsOf(store)).keys()]).toEqual([composed])
    expect(await index(root)).toMatchObject({ indexed: 0, unchanged: 1, removed: 0 })
    expect(await index(join(root, decomposed))).toMatchObject({ unchanged: 1 })
  })

  test('that is gone is ROOT_MISSING and stays in the index until its folder is indexed', async () => {
    const root = await folderNamed('docs')
    const { store, index } = await openWorkbench()
    await index(root)
    await rm(join(root, 'a.txt'))
    await expect(index(join(root, 'a.txt'))).rejects.toMatchObject({ code: 'ROOT_MISSING' })
    expect((await documentsOf(store)).size).toBe(2)
    expect(await index(root)).toMatchObject({ removed: 1 })
  })
})

describe('collections', () => {
  test('a name taken by another root is refused, naming -c, and touches nothing', async () => {
    const [first, second] = [await folderNamed('docs'), await folderNamed('docs')]
    const { store, index } = await openWorkbench()
    await index(first)
    const refused = index(second)
    await expect(refused).rejects.toMatchObject({
      code: 'COLLECTION_TAKEN',
      hint: expect.stringMatching(/ -c\b/),
    })
    await expect(refused).rejects.toThrow(first)
    expect(await store.collections()).toMatchObject([{ name: 'docs', root: first, documents: 2 }])
    expect(await index(second, { collection: 'more' })).toMatchObject({ collection: 'more', indexed: 2 })
    expect(await store.collections()).toMatchObject([
      { name: 'docs', root: first, documents: 2 },
      { name: 'more', root: second, documents: 2 },
    ])
  })

  test('a root keeps the name it was given', async () => {
    const root = await folderNamed('docs')
    const { index } = await openWorkbench()
    await index(root, { collection: 'library' })
    expect(await index(root)).toMatchObject({ collection: 'library', unchanged: 2 })
  })

  test('a link to a root is that root', async () => {
    const root = await folderNamed('docs')
    const link = join(dirname(root), 'link')
    await symlink(root, link)
    const { store, index } = await openWorkbench()
    await index(root)
    expect(await index(link)).toMatchObject({ collection: 'docs', root: await realpath(root), unchanged: 2 })
    expect((await store.collections()).map(({ name }) => name)).toEqual([basename(root)])
  })
})
