import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { appendFile, chmod, mkdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readSourceFile } from '../../src/files/read-file.js'
import type { SourceFile } from '../../src/types.js'
import { asUnprivileged, findFile, tempFolder, walkAll } from './temp-folder.js'

const onPosix = test.skipIf(process.platform === 'win32')
const onLinux = test.runIf(process.platform === 'linux')

async function readText(file: SourceFile, root: string, options = {}): Promise<string> {
  const read = await readSourceFile(file, root, options)
  return 'bytes' in read ? Buffer.from(read.bytes).toString() : `${read.skipped}: ${read.message}`
}

/** A signal that does something between the look at the opened file and the first read: when it is asked again. */
function signalThat(action: () => void): AbortSignal {
  const { signal } = new AbortController()
  let asked = 0
  return Object.defineProperty(signal, 'aborted', {
    get: () => {
      if (++asked === 2) action()
      return false
    },
  })
}

describe('reading', () => {
  test('gives bytes, their SHA-256, and the fingerprint that the next walk finds', async () => {
    const root = await tempFolder({ 'docs/a.md': 'hello' })
    await wait(80)
    const file = await findFile(root, 'docs/a.md')
    const read = await readSourceFile(file, root)
    expect(read).toEqual({
      bytes: new Uint8Array(Buffer.from('hello')),
      contentHash: createHash('sha256').update('hello').digest('hex'),
      fingerprint: file.fingerprint,
    })
    expect((await findFile(root, 'docs/a.md')).fingerprint).toBe(file.fingerprint)
  })

  test('files of many read steps come whole, empty ones empty', async () => {
    const root = await tempFolder({ 'empty.md': '' })
    const large = Buffer.alloc(9 * 1024 * 1024 + 3, 'gemdex ')
    await writeFile(join(root, 'large.txt'), large)
    const read = await readSourceFile(await findFile(root, 'large.txt'), root)
    expect(read).toMatchObject({ contentHash: createHash('sha256').update(large).digest('hex') })
    expect('bytes' in read && Buffer.compare(read.bytes, large)).toBe(0)
    expect(await readText(await findFile(root, 'empty.md'), root)).toBe('')
  })

  test('the bytes are in a buffer of their own, so that they can be transferred', async () => {
    const root = await tempFolder({ 'a.md': 'small' })
    const read = await readSourceFile(await findFile(root, 'a.md'), root)
    if (!('bytes' in read)) throw new Error(read.message)
    const { bytes } = structuredClone(read, { transfer: [read.bytes.buffer] })
    expect(Buffer.from(bytes).toString()).toBe('small')
    expect(read.bytes.byteLength).toBe(0)
  })

  test('names with blanks, emoji and line ends; a single file as root; a root behind a link', async () => {
    const name = process.platform === 'win32' ? 'a b 😀.md' : 'a b 😀\n.md'
    const root = await tempFolder({ [`docs/${name}`]: 'x' })
    expect(await readText(await findFile(root, `docs/${name}`), root)).toBe('x')
    const single = join(root, 'docs', name)
    expect(await readText(await findFile(single, name), single)).toBe('x')
    await symlink(join(root, 'docs'), join(root, 'link'), 'junction')
    expect(await readText(await findFile(join(root, 'link'), name), join(root, 'link'))).toBe('x')
  })

  onLinux('a file that says 0 bytes and holds more', async () => {
    const path = '/proc/self/status'
    const file = { uri: 'status', path, sizeBytes: 0, modifiedMs: 0, fingerprint: '' }
    expect(await readText(file, '/proc')).toContain('Name:')
  })
})

describe('files that changed since the walk', () => {
  test('removed, or with a file in place of their folder: vanished', async () => {
    const root = await tempFolder({ 'a.md': 'x', 'docs/b.md': 'x' })
    const [a, b] = (await walkAll(root)).files as [SourceFile, SourceFile]
    await rm(join(root, 'a.md'))
    await rm(join(root, 'docs'), { recursive: true })
    await writeFile(join(root, 'docs'), '')
    expect(await readSourceFile(a, root)).toMatchObject({ skipped: 'NOT_FOUND' })
    expect(await readSourceFile(b, root)).toMatchObject({ skipped: 'NOT_FOUND' })
    await rm(root, { recursive: true })
    expect(await readSourceFile(a, root)).toMatchObject({ skipped: 'NOT_FOUND' })
  })

  test('replaced by a folder, a pipe or a socket: not a file, and nothing waits', async () => {
    const root = await tempFolder({ 'a.md': 'x' })
    const file = await findFile(root, 'a.md')
    await rm(file.path)
    await mkdir(file.path)
    expect(await readSourceFile(file, root)).toMatchObject({
      skipped: process.platform === 'win32' ? 'PERMISSION' : 'NOT_REGULAR',
    })
    if (process.platform === 'win32') return
    await rm(file.path, { recursive: true })
    execFileSync('mkfifo', [file.path])
    expect(await readSourceFile(file, root)).toMatchObject({ skipped: 'NOT_REGULAR' })
    await rm(file.path)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(file.path, resolve))
    expect(await readSourceFile(file, root)).toMatchObject({ skipped: 'NOT_REGULAR' })
    await new Promise((resolve) => server.close(resolve))
  })

  onPosix('permission withdrawn: unreadable', async () => {
    const root = await tempFolder({ 'a.md': 'x' })
    const file = await findFile(root, 'a.md')
    await chmod(file.path, 0)
    const read = await asUnprivileged(() => readSourceFile(file, root))
    expect(read).toEqual({ skipped: 'PERMISSION', message: 'permission denied' })
  })

  test('grown over the limit: too large; of exactly the limit: read', async () => {
    const root = await tempFolder({ 'a.md': 'x' })
    const file = await findFile(root, 'a.md')
    await appendFile(file.path, '2345')
    expect(await readText(file, root, { maxFileBytes: 5 })).toBe('x2345')
    expect(await readText(file, root, { maxFileBytes: 4 })).toBe('TOO_LARGE: it has 5 bytes; the limit is 4')
    await truncate(file.path, 51 * 1024 * 1024)
    expect(await readText(file, root)).toBe('TOO_LARGE: it has 53,477,376 bytes; the limit is 52,428,800')
  })

  test('changed while it is read: the fingerprint matches neither what was nor what follows', async () => {
    const root = await tempFolder({ 'a.md': 'one' })
    await wait(80)
    const file = await findFile(root, 'a.md')
    const signal = signalThat(() => writeFileSync(file.path, 'two'))
    const read = await readSourceFile(file, root, { signal })
    await wait(80)
    if (!('fingerprint' in read)) throw new Error(read.message)
    expect(Buffer.from(read.bytes).toString()).toBe('two')
    expect(read.fingerprint).not.toBe(file.fingerprint)
    expect(read.fingerprint).not.toBe((await findFile(root, 'a.md')).fingerprint)
  })

  test('grown while it is read: whole up to the limit, too large beyond', async () => {
    const root = await tempFolder({ 'a.md': 'one' })
    const file = await findFile(root, 'a.md')
    const grow = (bytes: number) => signalThat(() => appendFileSync(file.path, 'x'.repeat(bytes)))
    expect(await readText(file, root, { signal: grow(200_000) })).toBe(`one${'x'.repeat(200_000)}`)
    expect(await readText(file, root, { signal: grow(100_000), maxFileBytes: 250_000 })).toMatch(
      /^TOO_LARGE: it has [\d,]+ bytes; the limit is 250,000$/,
    )
  })

  test('written just before: read, and read once more by the next run', async () => {
    const root = await tempFolder({ 'a.md': 'one' })
    const file = await findFile(root, 'a.md')
    await writeFile(file.path, 'two')
    const read = await readSourceFile(file, root)
    await wait(80)
    expect(await findFile(root, 'a.md')).not.toMatchObject({
      fingerprint: 'fingerprint' in read ? read.fingerprint : '',
    })
  })
})

describe('links swapped in since the walk', () => {
  onPosix('for a folder on the way: nothing outside the root is read', async () => {
    const outside = await tempFolder({ 'b.md': 'private' })
    const root = await tempFolder({ 'docs/sub/b.md': 'public' })
    const file = await findFile(root, 'docs/sub/b.md')
    await rename(join(root, 'docs/sub'), join(root, 'docs/old'))
    await symlink(outside, join(root, 'docs/sub'))
    const read = await readSourceFile(file, root)
    expect(read).toMatchObject({ skipped: 'SYMLINK_OUTSIDE' })
    expect(JSON.stringify(read)).not.toContain(outside)
  })

  onPosix('for a folder on the way, to a sibling whose path starts like the root', async () => {
    const parent = await tempFolder({ 'root/docs/b.md': 'public', 'root-2/b.md': 'private' })
    const root = join(parent, 'root')
    const file = await findFile(root, 'docs/b.md')
    await rm(join(root, 'docs'), { recursive: true })
    await symlink(join(parent, 'root-2'), join(root, 'docs'))
    expect(await readSourceFile(file, root)).toMatchObject({ skipped: 'SYMLINK_OUTSIDE' })
  })

  onPosix('for the file itself: never followed, wherever it leads', async () => {
    const outside = await tempFolder({ 'b.md': 'private' })
    const root = await tempFolder({ 'a.md': 'x', 'c.md': 'y' })
    const file = await findFile(root, 'a.md')
    await rm(file.path)
    await symlink(join(outside, 'b.md'), file.path)
    expect(await readSourceFile(file, root)).toMatchObject({ skipped: 'SYMLINK_OUTSIDE' })
    await rm(file.path)
    await symlink('c.md', file.path)
    expect(await readSourceFile(file, root)).toMatchObject({ skipped: 'NOT_REGULAR' })
  })

  onPosix('a single file as root is not followed either', async () => {
    const outside = await tempFolder({ 'b.md': 'private' })
    const root = join(await tempFolder({ 'a.md': 'x' }), 'a.md')
    const file = await findFile(root, basename(root))
    await rm(root)
    await symlink(join(outside, 'b.md'), root)
    expect(await readSourceFile(file, root)).toMatchObject({
      skipped: expect.stringMatching(/SYMLINK_OUTSIDE|NOT_REGULAR/),
    })
  })

  onLinux('swapped back and forth all the while: only the public file is ever read', async () => {
    const outside = await tempFolder({ 'b.md': 'private' })
    const root = await tempFolder({ 'docs/b.md': 'public' })
    const file = await findFile(root, 'docs/b.md')
    await symlink(outside, join(root, 'link'))
    let swaps = 0
    let stop = false
    const swapping = (async () => {
      while (!stop) {
        for (const [from, to] of [
          ['docs', 'away'],
          ['link', 'docs'],
          ['docs', 'link'],
          ['away', 'docs'],
        ] as const) {
          await rename(join(root, from), join(root, to))
        }
        swaps++
      }
    })()
    const seen = new Set<string>()
    for (let i = 0; i < 400; i++) seen.add((await readText(file, root)).replace(/:.*/, ''))
    stop = true
    await swapping
    expect(swaps).toBeGreaterThan(10)
    expect([...seen].filter((text) => !['public', 'SYMLINK_OUTSIDE', 'NOT_FOUND'].includes(text))).toEqual([])
    expect(await stat(join(outside, 'b.md'))).toBeDefined()
  })
})

test('cancellation is an error and not a skip', async () => {
  const root = await tempFolder({ 'a.md': 'x' })
  const file = await findFile(root, 'a.md')
  await expect(readSourceFile(file, root, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CANCELLED',
  })

  await writeFile(file.path, Buffer.alloc(40 * 1024 * 1024))
  const controller = new AbortController()
  const reading = readSourceFile(file, root, { signal: controller.signal })
  controller.abort()
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' })
})
