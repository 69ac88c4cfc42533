import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempFolder, walkAll } from './temp-folder.js'

async function found(files: Record<string, string>, options = {}): Promise<readonly string[]> {
  return (await walkAll(await tempFolder(files), options)).uris
}

describe('.gitignore', () => {
  test('names at any depth, tied patterns, folders only, comments and CRLF', async () => {
    const files = {
      '.gitignore': '\uFEFF# comment\r\n*.log\r\n/top.md\r\nbuild/\r\n\r\ndocs/*.tmp\r\n\\#odd.md\r\n',
      'a.log': '',
      'x/b.log': '',
      'top.md': '',
      'x/top.md': '',
      'build/a.md': '',
      'x/build/a.md': '',
      'y/build': '',
      'docs/a.tmp': '',
      'x/docs/a.tmp': '',
      '#odd.md': '',
    }
    expect(await found(files)).toEqual(['x/docs/a.tmp', 'x/top.md', 'y/build'])
  })

  test('a nested file holds for its own folder only, and beats those above', async () => {
    const files = {
      '.gitignore': '*.md',
      'a/.gitignore': '!keep.md\n/only-here.txt',
      'a/keep.md': '',
      'a/drop.md': '',
      'a/only-here.txt': '',
      'a/sub/keep.md': '',
      'a/sub/only-here.txt': '',
      'b/keep.md': '',
    }
    expect(await found(files)).toEqual(['a/keep.md', 'a/sub/keep.md', 'a/sub/only-here.txt'])
  })

  test('a folder re-included by a deeper file is walked with all it holds', async () => {
    const files = {
      '.gitignore': 'build/',
      'pkg/.gitignore': '!build/',
      'pkg/build/sub/a.md': '',
      'build/b.md': '',
    }
    expect(await found(files)).toEqual(['pkg/build/sub/a.md'])
  })

  test('nothing is re-included below an ignored folder, but below an ignored content it is', async () => {
    const files = {
      '.gitignore': 'out/\n!out/a.md\ndist/*\n!dist/a.md',
      'out/a.md': '',
      'dist/a.md': '',
      'dist/b.md': '',
    }
    expect(await found(files)).toEqual(['dist/a.md'])
  })

  test('the last rule wins', async () => {
    expect(await found({ '.gitignore': '*.md\n!a.md\na.md\n!b.md', 'a.md': '', 'b.md': '' })).toEqual([
      'b.md',
    ])
  })

  test('names are compared with their case', async () => {
    expect(await found({ '.gitignore': 'readme.md', 'README.md': '' })).toEqual(['README.md'])
  })

  test('folders with pattern characters or blanks in their names hold their own rules', async () => {
    const files = {
      'a [1] !#/.gitignore': '/x.md\n*.log',
      'a [1] !#/x.md': '',
      'a [1] !#/y.md': '',
      'a [1] !#/s/z.log': '',
    }
    expect(await found(files)).toEqual(['a [1] !#/y.md'])
  })

  test.runIf(process.platform === 'linux')(
    'composed rules find decomposed names and the reverse',
    async () => {
      const files = {
        '.gitignore': 'caf\u00e9.md\nre\u0301sume\u0301.md',
        'cafe\u0301.md': '',
        'r\u00e9sum\u00e9.md': '',
        'a.md': '',
      }
      expect(await found(files)).toEqual(['a.md'])
    },
  )

  test.skipIf(process.platform === 'win32')('may be a link to a shared file', async () => {
    const shared = await tempFolder({ rules: 'private.md' })
    const root = await tempFolder({ 'private.md': '', 'public.md': '' })
    await symlink(join(shared, 'rules'), join(root, '.gitignore'))
    expect((await walkAll(root)).uris).toEqual(['public.md'])
  })

  test('a rule of many wildcards does not hang the walk', async () => {
    const files = {
      '.gitignore': `${'*a'.repeat(40)}b\n**/a/**/a/**/b\n${'**/'.repeat(30)}b`,
      [`${'a'.repeat(240)}.md`]: '',
      [`${'a/'.repeat(60)}c`]: '',
      'x/y/b': '',
    }
    expect(await found(files)).toEqual([`${'a/'.repeat(60)}c`, `${'a'.repeat(240)}.md`])
  })

  test('a rule that would hang the walk makes its folder unreadable, rather than going unheeded', async () => {
    const root = await tempFolder({ 'x/.gitignore': `!${'**/a/'.repeat(12)}b`, 'x/a.md': '', 'y.md': '' })
    const walked = await walkAll(root)
    expect(walked.uris).toEqual(['y.md'])
    expect(walked.skipped).toEqual([
      {
        uri: 'x',
        reason: 'PERMISSION',
        message: 'its .gitignore cannot be used: one of its rules has more than 3 parts "**/"',
      },
    ])
  })
})

describe('.gemdexignore', () => {
  test('comes after .gitignore and can bring back what it leaves out', async () => {
    const files = {
      '.gitignore': '*.pdf\nnotes/',
      '.gemdexignore': '!manual.pdf\n!notes/\nchangelog.md',
      'manual.pdf': '',
      'other.pdf': '',
      'notes/deep/a.md': '',
      'changelog.md': '',
    }
    expect(await found(files)).toEqual(['manual.pdf', 'notes/deep/a.md'])
  })

  test("beats a deeper folder's .gitignore, and yields to a deeper .gemdexignore", async () => {
    const files = {
      '.gemdexignore': '!a.md\ndrafts.md',
      'x/.gitignore': '*.md\n!drafts.md',
      'x/a.md': '',
      'x/b.md': '',
      'x/drafts.md': '',
      'y/.gemdexignore': '!drafts.md',
      'y/drafts.md': '',
    }
    expect(await found(files)).toEqual(['x/a.md', 'y/drafts.md'])
  })
})

describe('filters', () => {
  const files = {
    'a.md': '',
    'b.txt': '',
    'docs/c.md': '',
    'docs/d.txt': '',
    'docs/old/e.md': '',
    'src/f.md': '',
  }

  test('include: only files that match any pattern, at any depth or by folder', async () => {
    expect(await found(files, { include: ['*.txt'] })).toEqual(['b.txt', 'docs/d.txt'])
    expect(await found(files, { include: ['docs/'] })).toEqual(['docs/c.md', 'docs/d.txt', 'docs/old/e.md'])
    expect(await found(files, { include: ['./docs/*.md', '/b.txt'] })).toEqual(['b.txt', 'docs/c.md'])
    expect(await found(files, { include: [] })).toHaveLength(6)
  })

  test('exclude wins over include, and leaves out whole folders', async () => {
    expect(await found(files, { include: ['*.md'], exclude: ['docs/old', 'a.*'] })).toEqual([
      'docs/c.md',
      'src/f.md',
    ])
    expect(await found(files, { exclude: ['*', '!*.txt'] })).toEqual(['b.txt'])
  })

  test('include does not bring back what ignore rules leave out', async () => {
    expect(await found({ ...files, '.gitignore': '*.md' }, { include: ['*.md'] })).toEqual([])
  })
})
