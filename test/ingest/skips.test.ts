import { chmod, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failedFiles } from '../../src/ingest/report.js'
import { addFiles, asUnprivileged, tempFolder } from '../files/temp-folder.js'
import { documentsOf, extractHere, findTerm, openWorkbench } from './workbench.js'

const PRIVATE_KEY = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq0'.repeat(5)}\n-----END RSA PRIVATE KEY-----\n`

/** One file for each of these reasons, and one that is read. */
async function folderOfSkips(): Promise<string> {
  const root = await tempFolder({
    'empty.txt': '',
    'blank.md': ' \n\n ',
    'letter.ps': '%!PS-Adobe-3.0\n',
    'server.key': 'named like a key',
    'notes.txt': `My key:\n${PRIVATE_KEY}`,
    'good.txt': 'Apples are red.',
  })
  await writeFile(
    join(root, 'photo.txt'),
    Uint8Array.from({ length: 3000 }, (_, i) => (i * 37) % 256),
  )
  await symlink('/etc/hostname', join(root, 'outside.txt'))
  return root
}

const REASONS = {
  'blank.md': 'EMPTY',
  'empty.txt': 'EMPTY',
  'letter.ps': 'UNSUPPORTED',
  'notes.txt': 'SECRET',
  'outside.txt': 'SYMLINK_OUTSIDE',
  'photo.txt': 'BINARY',
  'server.key': 'SECRET',
}

function reasonsOf(files: readonly { readonly uri: string; readonly reason: string }[]): object {
  return Object.fromEntries(files.map(({ uri, reason }) => [uri, reason]))
}

describe('skipped files', () => {
  test('are listed with their reasons, on the first run and on every one after', async () => {
    const root = await folderOfSkips()
    const { store, index, extracted } = await openWorkbench()
    const first = await index(root)
    expect(first).toMatchObject({ indexed: 1, skipped: 7 })
    expect(reasonsOf(first.skippedFiles)).toEqual(REASONS)
    for (const { message } of first.skippedFiles) expect(message).not.toBe('')
    extracted.length = 0
    const second = await index(root)
    expect(second).toMatchObject({ indexed: 0, unchanged: 1, skipped: 7 })
    expect(second.skippedFiles).toEqual(first.skippedFiles)
    expect(extracted).toEqual([])
    expect((await store.counts()).skipped).toEqual({
      BINARY: 1,
      EMPTY: 2,
      SECRET: 2,
      SYMLINK_OUTSIDE: 1,
      UNSUPPORTED: 1,
    })
  })

  test('are told once each as they come', async () => {
    const { indexWithEvents } = await openWorkbench()
    const { report, events } = await indexWithEvents(await folderOfSkips())
    const told = events.filter((event) => event.type === 'skipped')
    expect(reasonsOf(told)).toEqual(REASONS)
    expect(told).toHaveLength(report.skipped)
  })

  test('are forgotten once they are gone, and indexed once they can be', async () => {
    const root = await folderOfSkips()
    const { store, index } = await openWorkbench()
    await index(root)
    await rm(join(root, 'photo.txt'))
    await addFiles(root, { 'empty.txt': 'Pears are green.' })
    const report = await index(root)
    expect(report).toMatchObject({ indexed: 1, unchanged: 1, skipped: 5, removed: 0 })
    expect(Object.keys(reasonsOf(report.skippedFiles))).not.toContain('photo.txt')
    expect([...(await store.fileStates(basename(root))).keys()]).not.toContain('photo.txt')
    expect(await findTerm(store, 'green')).toEqual(['empty.txt'])
  })

  test('are tried again by a program that can read more', async () => {
    const root = await tempFolder({ 'letter.ps': '%!PS-Adobe-3.0\n', 'empty.txt': '' })
    const older = await openWorkbench()
    await older.index(root)
    const extracted: string[] = []
    const newer = await openWorkbench({
      store: older.store,
      embedder: older.embedder,
      extractVersion: 'extract/2',
      extractFile: (bytes, options) => {
        extracted.push(options.name)
        const text = 'Pages about pears.'
        return options.name.endsWith('.ps')
          ? extractHere(Buffer.from(text), { ...options, name: 'letter.txt' })
          : extractHere(bytes, options)
      },
    })
    expect(await newer.index(root)).toMatchObject({ indexed: 1, skipped: 1 })
    expect(extracted.toSorted()).toEqual(['empty.txt', 'letter.ps'])
    extracted.length = 0
    expect(await newer.index(root)).toMatchObject({ unchanged: 1, skipped: 1 })
    expect(extracted).toEqual([])
  })

  test('an extractor that fails for one file does not stop the others', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'b.txt': 'Pears.' })
    const { index } = await openWorkbench({
      extractFile: async (bytes, options) =>
        options.name === 'a.txt' ? { skipped: 'PARSE_ERROR', message: 'torn' } : extractHere(bytes, options),
    })
    const report = await index(root)
    expect(report).toMatchObject({ indexed: 1, skipped: 1 })
    expect(failedFiles(report)).toEqual([{ uri: 'a.txt', reason: 'PARSE_ERROR', message: 'torn' }])
  })
})

describe('secrets', () => {
  test('a file that comes to hold one loses its passages', async () => {
    const root = await tempFolder({ 'notes.txt': 'The server is in room nine.', 'b.txt': 'Pears.' })
    const { store, index, embedder } = await openWorkbench()
    await index(root)
    embedder.sent.length = 0
    await addFiles(root, { 'notes.txt': `The server is in room nine.\n${PRIVATE_KEY}` })
    const report = await index(root)
    expect(report).toMatchObject({ indexed: 0, unchanged: 1, skipped: 1 })
    expect(report.skippedFiles).toMatchObject([{ uri: 'notes.txt', reason: 'SECRET' }])
    expect(await findTerm(store, 'server')).toEqual([])
    expect([...(await documentsOf(store)).keys()]).toEqual(['b.txt'])
    expect(embedder.sent).toEqual([])
  })

  test('are never sent, nor told in the report', async () => {
    const root = await tempFolder({ 'notes.txt': PRIVATE_KEY, id_rsa: PRIVATE_KEY })
    const { index, embedder, extracted } = await openWorkbench()
    const report = await index(root)
    expect(report).toMatchObject({ indexed: 0, skipped: 2 })
    expect(JSON.stringify(report)).not.toContain('MIIEpA')
    expect(embedder.requests).toBe(0)
    expect(extracted).toEqual([])
  })
})

describe('files that cannot be read this time', () => {
  test('keep their passages, are named, and count as kept', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples are red.', 'b.txt': 'Pears are green.' })
    const { store, index } = await openWorkbench()
    await index(root)
    await addFiles(root, { 'a.txt': 'Apples are yellow.' })
    await chmod(join(root, 'a.txt'), 0)
    const report = await asUnprivileged(() => index(root))
    expect(report).toMatchObject({ indexed: 0, unchanged: 1, kept: 1, skipped: 0, removed: 0 })
    expect(failedFiles(report)).toMatchObject([{ uri: 'a.txt', reason: 'PERMISSION' }])
    expect(await findTerm(store, 'red')).toEqual(['a.txt'])
    expect((await documentsOf(store)).size).toBe(2)
    await chmod(join(root, 'a.txt'), 0o644)
    expect(await index(root)).toMatchObject({ indexed: 1, unchanged: 1, kept: 0, skippedFiles: [] })
    expect(await findTerm(store, 'yellow')).toEqual(['a.txt'])
  })

  test('are skipped when they never were read, and tried again each time', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples are red.' })
    await chmod(join(root, 'a.txt'), 0)
    const { store, index } = await openWorkbench()
    for (let run = 0; run < 2; run++) {
      const report = await asUnprivileged(() => index(root))
      expect(report).toMatchObject({ indexed: 0, kept: 0, skipped: 1 })
      expect(failedFiles(report)).toMatchObject([{ uri: 'a.txt', reason: 'PERMISSION' }])
    }
    await chmod(join(root, 'a.txt'), 0o644)
    expect(await index(root)).toMatchObject({ indexed: 1, skipped: 0, skippedFiles: [] })
    expect(await findTerm(store, 'red')).toEqual(['a.txt'])
  })

  test('a folder that cannot be looked into keeps all that is known below it', async () => {
    const root = await tempFolder({ 'a.txt': 'Apples.', 'deep/b.txt': 'Pears.', 'deep/er/c.txt': 'Plums.' })
    const { store, index } = await openWorkbench()
    await index(root)
    await chmod(join(root, 'deep'), 0)
    for (const force of [false, true]) {
      const report = await asUnprivileged(() => index(root, { force }))
      expect(report).toMatchObject({ kept: 2, skipped: 1, removed: 0 })
      expect(failedFiles(report)).toMatchObject([{ uri: 'deep', reason: 'PERMISSION' }])
    }
    expect((await documentsOf(store)).size).toBe(3)
    await chmod(join(root, 'deep'), 0o755)
    expect(await index(root)).toMatchObject({ unchanged: 3, kept: 0, skippedFiles: [], removed: 0 })
    expect((await documentsOf(store)).size).toBe(3)
  })
})
