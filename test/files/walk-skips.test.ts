import { execFileSync } from 'node:child_process'
import { chmod, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { walkFolder } from '../../src/files/walk.js'
import { asUnprivileged, tempFolder, walkAll } from './temp-folder.js'

const onPosix = test.skipIf(process.platform === 'win32')
const onLinux = test.runIf(process.platform === 'linux')

describe('links', () => {
  onPosix('are never followed: in, out, dangling and in circles', async () => {
    const outside = await tempFolder({ 'secret.md': 'outside' })
    const root = await tempFolder({ 'a.md': '', 'docs/b.md': '' })
    await symlink(join(root, 'a.md'), join(root, 'in-file'))
    await symlink('docs', join(root, 'in-folder'))
    await symlink('..', join(root, 'docs/up'))
    await symlink(join(outside, 'secret.md'), join(root, 'out-file'))
    await symlink(outside, join(root, 'out-folder'))
    await symlink('nowhere', join(root, 'dangling'))
    await symlink('circle', join(root, 'circle'))
    const walked = await walkAll(root)
    expect(walked.uris).toEqual(['a.md', 'docs/b.md'])
    expect(walked.ignored).toEqual([])
    expect(walked.skipped.map(({ uri, reason }) => [uri, reason])).toEqual([
      ['circle', 'SYMLINK_LOOP'],
      ['dangling', 'NOT_FOUND'],
      ['docs/up', 'SYMLINK'],
      ['in-file', 'SYMLINK'],
      ['in-folder', 'SYMLINK'],
      ['out-file', 'SYMLINK_OUTSIDE'],
      ['out-folder', 'SYMLINK_OUTSIDE'],
    ])
    for (const { message } of walked.skipped) expect(message).not.toContain(outside)
  })

  onPosix('a folder whose path merely starts like the root is outside it', async () => {
    const parent = await tempFolder({ 'docs/a.md': '', 'docs-private/b.md': '' })
    await symlink(join(parent, 'docs-private'), join(parent, 'docs/link'))
    expect((await walkAll(join(parent, 'docs'))).skipped).toMatchObject([
      { uri: 'link', reason: 'SYMLINK_OUTSIDE' },
    ])
  })

  onPosix('an ignored link is not even reported', async () => {
    const root = await tempFolder({ '.gitignore': 'out' })
    await symlink('/', join(root, 'out'))
    expect(await walkAll(root)).toMatchObject({ skipped: [], ignored: ['.gitignore', 'out'] })
  })
})

describe('what is skipped', () => {
  onPosix('named pipes, without waiting for a writer', async () => {
    const root = await tempFolder({ 'a.md': '' })
    execFileSync('mkfifo', [join(root, 'pipe.md')])
    expect((await walkAll(root)).skipped).toEqual([
      { uri: 'pipe.md', reason: 'NOT_REGULAR', message: 'it is a named pipe, not a file' },
    ])
  })

  test('files over the limit, with both numbers; a file of exactly the limit is found', async () => {
    const root = await tempFolder({ 'over.md': '123456', 'just.md': '12345' })
    const walked = await walkAll(root, { maxFileBytes: 5 })
    expect(walked.uris).toEqual(['just.md'])
    expect(walked.skipped).toEqual([
      {
        uri: 'over.md',
        reason: 'TOO_LARGE',
        message: 'it has 6 bytes; the limit is 5',
        fingerprint: expect.any(String),
      },
    ])
  })

  test('files named like secrets, unless a rule ignores them anyway', async () => {
    const root = await tempFolder({
      id_rsa: '',
      'id_rsa.pub': '',
      'keys/server.pem': '',
      '.gitignore': '/keys',
    })
    const walked = await walkAll(root)
    expect(walked.uris).toEqual(['id_rsa.pub'])
    expect(walked.skipped).toMatchObject([
      { uri: 'id_rsa', reason: 'SECRET', message: 'its name is that of an SSH private key' },
    ])
  })

  onPosix('a folder that may not be read, and the walk goes on', async () => {
    const root = await tempFolder({ 'a.md': '', 'locked/b.md': '', 'z.md': '' })
    await chmod(join(root, 'locked'), 0)
    const walked = await asUnprivileged(() => walkAll(root))
    await chmod(join(root, 'locked'), 0o755)
    expect(walked.uris).toEqual(['a.md', 'z.md'])
    expect(walked.skipped).toEqual([{ uri: 'locked', reason: 'PERMISSION', message: 'permission denied' }])
  })

  onLinux('a folder whose path is too long for the system', async () => {
    const root = await tempFolder({ 'z.md': '' })
    const name = 'd'.repeat(200)
    // Beyond 4,096 bytes a path can only be made step by step.
    execFileSync('bash', ['-c', `for i in {1..22}; do mkdir ${name} && cd ${name}; done; touch f.md`], {
      cwd: root,
    })
    const walked = await walkAll(root)
    execFileSync('rm', ['-rf', join(root, name)])
    expect(walked.uris).toEqual(['z.md'])
    expect(walked.skipped).toMatchObject([
      { reason: 'PATH_TOO_LONG', message: 'its path is longer than the system allows' },
    ])
  })

  onPosix(
    'a folder whose ignore file cannot be used: it would give away what the rules keep out',
    async () => {
      const root = await tempFolder({ 'a.md': '', 'docs/private.md': '', 'docs/.gitignore': 'private.md' })
      await chmod(join(root, 'docs/.gitignore'), 0)
      const walked = await asUnprivileged(() => walkAll(root))
      expect(walked.uris).toEqual(['a.md'])
      expect(walked.skipped).toEqual([
        { uri: 'docs', reason: 'PERMISSION', message: 'its .gitignore cannot be used: permission denied' },
      ])
    },
  )

  onPosix('a folder whose ignore file is a named pipe, without waiting for a writer', async () => {
    const root = await tempFolder({ 'docs/a.md': '' })
    execFileSync('mkfifo', [join(root, 'docs/.gemdexignore')])
    expect((await walkAll(root)).skipped).toMatchObject([{ uri: 'docs', reason: 'PERMISSION' }])
  })

  test('a file or folder that goes away while the walk is under way', async () => {
    const root = await tempFolder({ 'a.md': '', 'b/c.md': '', 'd.md': '' })
    const seen: unknown[] = []
    for await (const event of walkFolder(root)) {
      if (seen.length === 0) await rm(join(root, 'b'), { recursive: true })
      seen.push(event.type === 'skipped' ? [event.uri, event.reason] : event.type)
    }
    expect(seen).toEqual(['file', ['b', 'NOT_FOUND'], 'file'])
  })
})
