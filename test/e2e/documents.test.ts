import { rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ignored, readable, skipped } from './documents.js'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()

beforeAll(async () => {
  box.write({ ...readable, ...skipped, ...ignored })
  await box.run(['index', 'docs'])
})

type Listed = { readonly id: string; readonly uri: string }
const list = async () => (await box.json(['list'])) as Listed[]

describe('gemdex status', () => {
  it('counts documents, passages and vectors, and what was skipped, as JSON', async () => {
    expect(await box.json(['status'])).toEqual({
      db: expect.stringMatching(/\/gemdex\/index\.db$/),
      documents: 3,
      chunks: 3,
      embedded: 3,
      expected: 3,
      skipped: { EMPTY: 2, HIDDEN: 1, SECRET: 2, UNSUPPORTED: 1 },
      sizeBytes: expect.any(Number),
      otherVectors: [],
      walBytes: expect.any(Number),
      versions: expect.any(Object),
      embedder: { provider: 'local', modelId: 'local-lexical-v1', dimensions: 1024, roles: 'lexical/1' },
      provider: 'local',
      generator: 'local-extractive-v2',
      collections: [
        {
          name: 'docs',
          root: box.path('docs'),
          documents: 3,
          chunks: 3,
          embedded: 3,
          run: {
            state: 'done',
            beganMs: expect.any(Number),
            endedMs: expect.any(Number),
            files: 9,
            filesDone: 9,
          },
        },
      ],
      usage: expect.any(Array),
      gaps: { keeping: false, questions: 0, asked: 0, topics: [] },
      files: ['heating.md', 'note.txt', 'page.html'].map(() =>
        expect.objectContaining({ collection: 'docs', embedded: 1, expected: 1 }),
      ),
    })
  })

  it('says it in words too, and that the provider is lexical', async () => {
    const { code, stdout } = await box.run(['status'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Passages +3, 3 of 3 embedded$/m)
    expect(stdout).toMatch(/^Embedder +local-lexical-v1, 1024 dimensions \(built-in: words, not meaning\)$/m)
  })
})

describe('gemdex list', () => {
  it('lists every document in order, embedded of expected', async () => {
    const { code, stdout } = await box.run(['list'])
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ['COLLECTION/PATH', 'EMBEDDED', 'TITLE'],
      ['docs/bread.txt', '1/1', 'bread'],
      ['docs/heating.md', '1/1', 'Heating'],
      ['docs/notes/garden.html', '1/1', 'Garden plan'],
      [],
    ])
  })

  it('gives the same as JSON', async () => {
    expect(await list()).toEqual(
      ['bread.txt', 'heating.md', 'notes/garden.html'].map((uri) =>
        expect.objectContaining({
          uri,
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          collection: 'docs',
          embedded: 1,
          expected: 1,
        }),
      ),
    )
  })

  it('exits with 2 for a collection that is not there, and names those that are', async () => {
    const { code, stderr } = await box.cli(['list', '-c', 'nothere'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/no collection named nothere[\s\S]*docs/)
  })
})

describe('gemdex get', () => {
  it('finds a document by id, by path in its folder and by absolute path', async () => {
    const heating = (await list()).find(({ uri }) => uri === 'heating.md')
    for (const reference of [heating?.id ?? '', 'heating.md', box.path('docs/heating.md')]) {
      const { code, stdout } = await box.cli(['get', reference])
      expect({ code, stdout }).toEqual({ code: 0, stdout: readable['docs/heating.md'] })
    }
  })

  it('gives title, type and text as JSON', async () => {
    expect(await box.json(['get', 'notes/garden.html'])).toMatchObject({
      title: 'Garden plan',
      type: 'text/html',
      text: expect.stringContaining('after the ice saints in May'),
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('shows the passage of a search result in its context, without the file', async () => {
    const own = box.fresh()
    const filler = Array.from({ length: 60 }, (_, i) => `Paragraph ${i} is about nothing in particular.\n\n`)
    own.write({
      'd/a.md': `# Roof\n\n${filler.join('')}The gutter is cleaned in October.\n\n${filler.join('')}`,
    })
    await own.cli(['index', own.path('d')])
    rmSync(own.path('d/a.md'))
    const { hits } = (await own.json(['search', 'gutter October'])) as { hits: { id: string }[] }
    const id = hits[0]?.id ?? ''
    const shown = await own.cli(['get', id])
    expect(shown.code).toBe(0)
    expect(shown.stderr).toMatch(/^Roof\nd\/a\.md · text\/markdown[\s\S]*lines \d+-\d+ > Roof/)
    expect(shown.stdout).toContain('The gutter is cleaned in October.')
    expect(shown.stdout.length).toBeLessThan(8_000)
    expect(await own.json(['get', id])).toMatchObject({
      document: { uri: 'a.md' },
      passage: { id },
      text: expect.stringContaining('gutter'),
      before: expect.stringContaining('Paragraph'),
    })
    const gone = await own.cli(['get', id.replace(/-\d+$/, '-999')])
    expect(gone).toMatchObject({ code: 2, stdout: '' })
  })

  it('exits with 2 for what is not there, and for a path that several collections have', async () => {
    const missing = await box.cli(['get', 'nothere.md'])
    expect(missing).toMatchObject({ code: 2, stdout: '' })
    expect(missing.stderr).toMatch(/"nothere\.md"[\s\S]*`gemdex list`/)
    const own = box.fresh()
    own.write({ 'a/readme.md': 'the first', 'b/readme.md': 'the second' })
    await own.cli(['index', own.path('a'), own.path('b')])
    const ambiguous = await own.cli(['get', 'readme.md'])
    expect(ambiguous).toMatchObject({ code: 2, stdout: '' })
    const [, id = ''] = /([0-9a-f]{16}) \(b\)/.exec(ambiguous.stderr) ?? []
    expect((await own.cli(['get', id])).stdout).toBe('the second\n')
    expect((await own.cli(['get', own.path('a/readme.md')])).stdout).toBe('the first\n')
  })
})

describe('gemdex remove', () => {
  it('removes documents from the index but not from the disk; the next index adds them again', async () => {
    const own = box.fresh()
    own.write(readable)
    await own.cli(['index', own.path('docs')])
    const removed = await own.run(['remove', 'heating.md', own.path('docs/bread.txt')])
    expect(removed.stdout).toBe(
      'Removed docs/heating.md from the index.\nRemoved docs/bread.txt from the index.\n',
    )
    expect(removed.code).toBe(0)
    expect((await own.cli(['search', 'pump', '--mode', 'keyword'])).code).toBe(1)
    expect(await own.json(['status'])).toMatchObject({ documents: 1, chunks: 1, embedded: 1 })
    expect((await own.cli(['remove', 'heating.md'])).code).toBe(2)
    expect(await own.json(['index', own.path('docs')])).toMatchObject([{ indexed: 2, unchanged: 1 }])
    expect((await own.cli(['search', 'pump', '--mode', 'keyword'])).code).toBe(0)
  })

  /** Two collections that have a folder in common. */
  async function indexTwo() {
    const own = box.fresh()
    own.write({
      'one/a.md': 'apple',
      'one/sub/b.md': 'banana',
      'one/sub/deep/c.md': 'cherry',
      'one/subway.md': 'damson',
      'two/sub/e.md': 'elder',
    })
    expect((await own.cli(['index', own.path('one'), own.path('two')])).code).toBe(0)
    const left = async () => ((await own.json(['list'])) as Listed[]).map(({ uri }) => uri)
    return { own, left }
  }

  it('removes what lies below a folder, by its path on disk or in its collection', async () => {
    const { own, left } = await indexTwo()
    const trial = await own.cli(['remove', 'one/sub/', '--dry-run'])
    expect(trial).toMatchObject({
      code: 0,
      stdout: 'Would remove 2 documents (2 passages) below one/sub from the index.\n',
    })
    expect(await left()).toHaveLength(5)
    expect(await own.json(['remove', 'deep', '--yes'], { cwd: 'one/sub' })).toEqual([
      { collection: 'one', folder: 'sub/deep', documents: 1, chunks: 1 },
    ])
    const removed = await own.run(['remove', own.path('one/sub'), '--yes'])
    expect(removed).toMatchObject({
      code: 0,
      stdout: 'Removed 1 document (1 passage) below one/sub from the index.\n',
    })
    expect(await left()).toEqual(['a.md', 'subway.md', 'sub/e.md'])
    expect(await own.json(['index', own.path('one')])).toMatchObject([{ indexed: 2, unchanged: 2 }])
  })

  it('removes a collection, whose name is free then for another folder', async () => {
    const { own, left } = await indexTwo()
    own.write({ 'other/one/x.md': 'xylophone' })
    const taken = await own.cli(['index', own.path('other/one')])
    expect(taken.code).toBe(2)
    expect(taken.stderr).toContain('gemdex remove -c one')
    const removed = await own.run(['remove', '-c', 'one', '--yes'])
    expect(removed).toMatchObject({
      code: 0,
      stdout: 'Removed the collection one with 4 documents (4 passages) from the index.\n',
    })
    expect(await left()).toEqual(['sub/e.md'])
    expect((await own.cli(['search', 'apple', '--mode', 'keyword'])).code).toBe(1)
    expect((await own.cli(['index', own.path('other/one')])).code).toBe(0)
    expect((await own.cli(['verify'])).code).toBe(0)
    expect((await own.cli(['remove', '-c', 'nothere'])).stderr).toMatch(
      /no collection named nothere[\s\S]*two/,
    )
  })

  it('removes the collection with its folder, but none with a folder above or an empty path', async () => {
    const { own, left } = await indexTwo()
    expect(await own.json(['remove', own.path('two'), '--yes'])).toEqual([
      { collection: 'two', documents: 1, chunks: 1 },
    ])
    await own.cli(['index', own.path('two')])
    for (const [path, message] of [
      ['.', /holds the folders of collections: one, two[\s\S]*-c/],
      ['/', /holds the folders of collections: one, two[\s\S]*-c/],
      ['', /An empty path names nothing/],
    ] as const) {
      const refused = await own.cli(['remove', path, '--yes'])
      expect({ path, ...refused }).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toMatch(message)
    }
    expect(await left()).toHaveLength(5)
  })

  it('reads a mailbox again after messages of it were removed', async () => {
    const own = box.fresh()
    const message = (n: number) =>
      `From a@b Mon Mar  4 10:00:00 2024\nFrom: a@b.org\nSubject: S${n}\n\nThe number is ${n}.\n\n`
    own.write({ 'docs/in.mbox': message(1) + message(2) })
    await own.cli(['index', own.path('docs')])
    const all = (await own.json(['list'])) as Listed[]
    expect(all).toHaveLength(2)
    expect((await own.cli(['remove', 'docs/in.mbox', '--yes'])).code).toBe(0)
    expect(await own.json(['index', own.path('docs')])).toMatchObject([{ indexed: 1, unchanged: 0 }])
    expect((await own.cli(['remove', all[0]?.uri ?? ''])).code).toBe(0)
    expect(await own.json(['index', own.path('docs')])).toMatchObject([{ indexed: 1, unchanged: 0 }])
    expect(await own.json(['list'])).toHaveLength(2)
  })

  it('keeps to one collection with -c', async () => {
    const { own, left } = await indexTwo()
    expect(await own.json(['remove', '-c', 'two', 'sub', '--yes'])).toEqual([
      { collection: 'two', folder: 'sub', documents: 1, chunks: 1 },
    ])
    expect((await own.cli(['remove', '-c', 'two', 'a.md'])).code).toBe(2)
    expect(await left()).toHaveLength(4)
  })

  it('removes nothing when any of it is not there or may mean several things', async () => {
    const { own, left } = await indexTwo()
    own.write({ 'sub/readme.md': 'a third' })
    await own.cli(['index', own.path('sub')])
    for (const [args, message] of [
      [['one'], /`gemdex remove -c one`/],
      [['a.md', 'nothere'], /no document or folder "nothere"/],
      [['a.md', 'sub'], /2 collections have the folder sub: one, two[\s\S]*-c/],
      [['-c', 'one', 'a.md', '/nothere'], /no document or folder "\/nothere"/],
      [[], /Name what is to be removed/],
    ] as const) {
      const refused = await own.cli(['remove', ...args], { cwd: '..' })
      expect({ args, ...refused }).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toMatch(message)
    }
    await own.cli(['remove', '-c', 'two', '--yes'])
    const both = await own.cli(['remove', 'sub'])
    expect(both).toMatchObject({ code: 2, stdout: '' })
    expect(both.stderr).toMatch(/sub may mean one\/sub, or the collection sub/)
    expect(await left()).toHaveLength(5)
  })
})
