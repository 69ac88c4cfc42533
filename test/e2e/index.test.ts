import { mkdirSync, rmSync, truncateSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ignored, readable, skipped, TOO_LARGE_BYTES } from './documents.js'
import { createSandbox, type Ran } from './run-gemdex.js'

const box = createSandbox()
let first: Ran

beforeAll(async () => {
  box.write({ ...readable, ...skipped, ...ignored })
  first = await box.run(['index', 'docs'])
})

describe('gemdex index without a key', () => {
  it('counts what it did and exits with 0', () => {
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(
      /^docs: 3 indexed, 0 unchanged, 0 removed, 6 skipped.*, 2 ignored in .*\(3 passages written, 3 texts embedded\)$/m,
    )
    expect(first.stdout).toMatch(/^Index .*\/gemdex\/index\.db: 3 documents, 3 passages\.$/m)
  })

  it('lists each skipped file with its reason, and no other', () => {
    const lines = first.stdout.split('\n').filter((line) => line.startsWith('  skipped '))
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}skipped \.hidden: HIDDEN \(.+\)$/),
      expect.stringMatching(/^ {2}skipped blank\.txt: EMPTY \(.+\)$/),
      expect.stringMatching(/^ {2}skipped empty\.md: EMPTY \(.+\)$/),
      expect.stringMatching(/^ {2}skipped login\.md: SECRET \(it holds a private key\)$/),
      expect.stringMatching(/^ {2}skipped print\.ps: UNSUPPORTED \(.+PostScript.*\)$/),
      expect.stringMatching(/^ {2}skipped server\.key: SECRET \(.+private key\)$/),
    ])
  })

  it('says plainly that words are compared, not meaning', () => {
    expect(first.stderr).toMatch(/built-in lexical provider: this index compares words, not meaning/)
  })

  it('does nothing the second time', async () => {
    const second = await box.cli(['index', box.path('docs')])
    expect(second.code).toBe(0)
    expect(second.stdout).toMatch(
      /^docs: 0 indexed, 3 unchanged, 0 removed, 6 skipped.*, 2 ignored in .*\(0 passages written, 0 texts embedded\)$/m,
    )
    expect(second.stdout.match(/^ {2}skipped /gm)).toHaveLength(6)
  })

  it('gives its reports as JSON', async () => {
    const [report, ...rest] = (await box.json(['index', box.path('docs')])) as unknown[]
    expect(rest).toEqual([])
    expect(report).toEqual({
      collection: 'docs',
      root: box.path('docs'),
      indexed: 0,
      unchanged: 3,
      kept: 0,
      skipped: 6,
      removed: 0,
      ignored: 2,
      skippedFiles: Object.keys(skipped)
        .map((name) => name.replace('docs/', ''))
        .concat('.hidden')
        .sort()
        .map((uri) => ({ uri, reason: expect.any(String), message: expect.any(String) })),
      notices: [],
      chunks: 0,
      embedded: 0,
      pictures: 0,
      refused: [],
      tookMs: expect.any(Number),
      notes: [],
    })
  })
})

describe('gemdex index, later', () => {
  it('reads what changed, forgets what vanished, and embeds only new texts', async () => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples and pears\n', 'd/b.txt': 'plums\n', 'd/c.txt': 'cherries\n' })
    await own.cli(['index', own.path('d')])
    own.write({ 'd/a.txt': 'apples and quinces\n', 'd/copy.txt': 'cherries\n' })
    rmSync(own.path('d/b.txt'))
    const [report] = (await own.json(['index', own.path('d')])) as unknown[]
    expect(report).toMatchObject({ indexed: 2, unchanged: 1, removed: 1, chunks: 2 })
    expect((await own.cli(['search', 'quinces', '--mode', 'keyword'])).stdout).toContain('a.txt')
    expect((await own.cli(['search', 'plums', '--mode', 'keyword'])).code).toBe(1)
  })

  it('exits with 3 when a file that should have been readable failed, and keeps the rest', async () => {
    const own = box.fresh()
    own.write({ 'd/good.txt': 'a good text\n', 'd/huge.txt': 'x' })
    truncateSync(own.path('d/huge.txt'), TOO_LARGE_BYTES)
    const ran = await own.run(['index', 'd'])
    expect(ran.code).toBe(3)
    expect(ran.stdout).toMatch(/d: 1 indexed, .* 1 skipped/)
    expect(ran.stdout).toContain(
      `  skipped huge.txt: TOO_LARGE (it has ${TOO_LARGE_BYTES.toLocaleString('en')} bytes; the limit is `,
    )
    expect((await own.cli(['search', 'good'])).code).toBe(0)
  })

  it('takes several folders, a single file, a collection name and filters', async () => {
    const own = box.fresh()
    own.write({ 'a/one.md': 'one', 'a/two.txt': 'two', 'b/three.md': 'three', 'b/four.md': 'four' })
    const both = await own.run(['index', 'a', 'b', '--include', '*.md', '--exclude', 'four.md'])
    expect(both.stdout).toMatch(/^a: 1 indexed.* 1 ignored/m)
    expect(both.stdout).toMatch(/^b: 1 indexed.* 1 ignored/m)
    const single = await own.cli(['index', own.path('b/four.md')])
    expect(single.stdout).toMatch(/^b: 1 indexed, 0 unchanged/m)
    const taken = await own.cli(['index', own.path('a'), '-c', 'b'])
    expect(taken).toMatchObject({ code: 2, stdout: '' })
    expect(taken.stderr).toMatch(/\bb\b.*\n.*-c/)
  })

  it('refuses to empty an index whose folder is suddenly empty, unless forced', async () => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples\n' })
    await own.cli(['index', own.path('d')])
    rmSync(own.path('d/a.txt'))
    const refused = await own.cli(['index', own.path('d')])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--force')
    rmSync(own.path('d'), { recursive: true })
    expect((await own.cli(['index', own.path('d')])).code).toBe(2)
    expect((await own.cli(['search', 'apples', '--mode', 'keyword'])).code).toBe(0)
    mkdirSync(own.path('d'))
    expect((await own.cli(['index', own.path('d'), '--force'])).stdout).toMatch(/1 removed/)
    expect((await own.cli(['search', 'apples', '--mode', 'keyword'])).code).toBe(1)
  })
})
