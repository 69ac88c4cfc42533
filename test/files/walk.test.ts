import { execFileSync } from 'node:child_process'
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { walkFolder } from '../../src/files/walk.js'
import { asUnprivileged, tempFolder, walkAll } from './temp-folder.js'

const onPosix = test.skipIf(process.platform === 'win32')
const onLinux = test.runIf(process.platform === 'linux')

describe('what is found', () => {
  test('files come with what their stat says', async () => {
    const root = await tempFolder({ 'docs/a.md': 'hello' })
    const [file] = (await walkAll(root)).files
    expect(file).toMatchObject({ uri: 'docs/a.md', path: join(root, 'docs/a.md'), sizeBytes: 5 })
    expect(Math.abs(Date.now() - (file?.modifiedMs ?? 0))).toBeLessThan(60_000)
    expect(Number.isInteger(file?.modifiedMs)).toBe(true)
  })

  test('depth first, names by code unit, folders among files, whatever the order of creation', async () => {
    const root = await tempFolder({
      'b.md': '',
      'a/z.md': '',
      'a/B.md': '',
      'a.md': '',
      'Z.md': '',
      'a-b.md': '',
      'é.md': '',
    })
    const expected = ['Z.md', 'a/B.md', 'a/z.md', 'a-b.md', 'a.md', 'b.md', 'é.md']
    expect((await walkAll(root)).uris).toEqual(expected)
    expect((await walkAll(root)).uris).toEqual(expected)
  })

  test('a folder of many files keeps its order across batches', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `f${String(i).padStart(3, '0')}.md`)
    const root = await tempFolder(Object.fromEntries([...names].reverse().map((name) => [name, ''])))
    expect((await walkAll(root)).uris).toEqual(names)
  })

  test('a deep tree is no deeper call stack', async () => {
    const deep = 'd/'.repeat(500)
    const root = await tempFolder({ [`${deep}f.md`]: '' })
    expect((await walkAll(root)).uris).toEqual([`${deep}f.md`])
  })

  test('an empty folder has nothing in it', async () => {
    expect(await walkAll(await tempFolder())).toEqual({ files: [], uris: [], skipped: [], ignored: [] })
  })

  onPosix('the root itself may be a link: its real path is used', async () => {
    const root = await tempFolder({ 'real/a.md': '' })
    await symlink(join(root, 'real'), join(root, 'link'))
    const { files } = await walkAll(join(root, 'link'))
    expect(files.map((file) => [file.uri, file.path])).toEqual([['a.md', join(root, 'real/a.md')]])
  })

  test('a root that is a hidden folder is walked', async () => {
    const root = await tempFolder({ '.notes/a.md': '' })
    expect((await walkAll(join(root, '.notes'))).uris).toEqual(['a.md'])
  })
})

describe('a single file as root', () => {
  test('is found under its base name, next to nothing else', async () => {
    const root = await tempFolder({ 'docs/a.md': 'x', 'docs/b.md': 'x', 'docs/.gitignore': 'a.md' })
    expect((await walkAll(join(root, 'docs/a.md'))).uris).toEqual(['a.md'])
  })

  test('is held to secrets, size and filters', async () => {
    const root = await tempFolder({ '.env': 'A=1', 'big.md': '12345', 'a.md': '' })
    expect((await walkAll(join(root, '.env'))).skipped).toMatchObject([{ uri: '.env', reason: 'SECRET' }])
    expect((await walkAll(join(root, 'big.md'), { maxFileBytes: 4 })).skipped).toMatchObject([
      { reason: 'TOO_LARGE' },
    ])
    expect(await walkAll(join(root, 'a.md'), { include: ['*.txt'] })).toMatchObject({
      uris: [],
      ignored: ['a.md'],
    })
  })

  onPosix('is skipped when it is a named pipe', async () => {
    const root = await tempFolder()
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect((await walkAll(join(root, 'pipe'))).skipped).toMatchObject([
      { uri: 'pipe', reason: 'NOT_REGULAR' },
    ])
  })
})

describe('what is ignored', () => {
  test('node_modules, while hidden names are skipped, a folder once', async () => {
    const root = await tempFolder({
      'a.md': '',
      '.hidden.md': '',
      '.git/config': '',
      'node_modules/x/readme.md': '',
      'sub/node_modules/y.md': '',
      'sub/.env': '',
    })
    const walked = await walkAll(root)
    expect(walked.uris).toEqual(['a.md'])
    expect(walked.skipped.map(({ uri, reason }) => [uri, reason])).toEqual([
      ['.git', 'HIDDEN'],
      ['.hidden.md', 'HIDDEN'],
      ['sub/.env', 'HIDDEN'],
    ])
    expect(walked.ignored).toEqual(['node_modules/', 'sub/node_modules/'])
  })

  test('no rule brings back what is hidden', async () => {
    const root = await tempFolder({ '.gemdexignore': '!.secret/\n!.secret/a.md', '.secret/a.md': '' })
    expect((await walkAll(root, { include: ['.secret/**', '*.md'] })).uris).toEqual([])
  })
})

describe('names', () => {
  test('blanks, emoji and pattern characters', async () => {
    const names = [
      ' lead.md',
      'a b.md',
      '[x]*?.md',
      'back\\slash.md',
      'new\nline.md',
      '😀/ü.md',
      'caf\u00e9.md',
    ]
    const usable = process.platform === 'win32' ? names.filter((name) => !/[*?\\\n]/.test(name)) : names
    const root = await tempFolder(Object.fromEntries(usable.map((name) => [name, ''])))
    expect([...(await walkAll(root)).uris].sort()).toEqual([...usable].sort())
  })

  onLinux('decomposed names get a composed URI and keep their path', async () => {
    const root = await tempFolder({ 'cafe\u0301/re\u0301sume\u0301.md': 'x' })
    const [file] = (await walkAll(root)).files
    expect(file?.uri).toBe('caf\u00e9/r\u00e9sum\u00e9.md')
    expect(file?.path).toBe(join(root, 'cafe\u0301/re\u0301sume\u0301.md'))
  })

  onLinux(
    'of two names that differ only in normalisation, the composed one has the URI and the other its own name',
    async () => {
      const root = await tempFolder({ 'e\u0301.md': 'decomposed', '\u00e9.md': 'composed' })
      const walked = await walkAll(root)
      expect(walked.files.map((file) => [file.uri, file.sizeBytes])).toEqual([
        ['\u00e9.md', 8],
        ['e\u0301.md', 10],
      ])
      expect(walked.skipped).toEqual([])
    },
  )

  onLinux('a name that is not UTF-8 is reported in a readable form', async () => {
    const root = await tempFolder({ 'ok.md': '' })
    const bad = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.md')])
    await writeFile(bad, 'x')
    await mkdir(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xff])]))
    const walked = await walkAll(root)
    expect(walked.uris).toEqual(['ok.md'])
    expect(walked.skipped).toEqual([
      { uri: 'caf\\xe9.md', reason: 'NAME_ENCODING', message: 'its name is not valid UTF-8; rename it' },
      { uri: 'd\\xff', reason: 'NAME_ENCODING', message: 'its name is not valid UTF-8; rename it' },
    ])
  })
})

describe('roots that cannot be walked', () => {
  test('a missing root is named, with the next step', async () => {
    const root = await tempFolder({ 'file.md': '' })
    for (const missing of [join(root, 'gone'), join(root, 'file.md/below'), 'nul\0byte', '']) {
      await expect(walkAll(missing)).rejects.toMatchObject({
        code: 'ROOT_MISSING',
        message: `There is no file or folder "${missing.replace('\0', '\\0')}"`,
        hint: expect.stringContaining('Check the path'),
      })
    }
  })

  onPosix('a root that may not be read', async () => {
    const root = await tempFolder({ 'locked/a.md': '' })
    await chmod(join(root, 'locked'), 0)
    await expect(asUnprivileged(() => walkAll(join(root, 'locked')))).rejects.toMatchObject({
      code: 'ROOT_MISSING',
      message: `"${join(root, 'locked')}" cannot be read: permission denied`,
    })
    await chmod(join(root, 'locked'), 0o755)
  })
})

describe('cancellation', () => {
  test('before the start and between files', async () => {
    const root = await tempFolder({ 'a.md': '', 'b.md': '', 'c.md': '' })
    await expect(walkAll(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' })

    const controller = new AbortController()
    const seen: string[] = []
    const walk = async () => {
      for await (const event of walkFolder(root, { signal: controller.signal })) {
        seen.push(event.type)
        controller.abort()
      }
    }
    await expect(walk()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(seen).toEqual(['file'])
  })
})

describe('fingerprints of a walk', () => {
  test('stay while a file stays, and change with it', async () => {
    const root = await tempFolder({ 'same.md': 'x', 'touched.md': 'x', 'replaced.md': 'x' })
    await wait(80)
    const before = await walkAll(root)
    expect(before.files.map((file) => file.fingerprint)).toEqual(
      (await walkAll(root)).files.map((file) => file.fingerprint),
    )
    await writeFile(join(root, 'touched.md'), 'y')
    await writeFile(join(root, 'other'), 'x')
    await rename(join(root, 'other'), join(root, 'replaced.md'))
    await wait(80)
    const after = await walkAll(root)
    const changed = after.files.filter((file, i) => file.fingerprint !== before.files[i]?.fingerprint)
    expect(changed.map((file) => file.uri)).toEqual(['replaced.md', 'touched.md'])
  })
})
