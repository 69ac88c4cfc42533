import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { type WatchOptions, watchFolder } from '../../src/files/watch.js'
import { addFiles, tempFolder, walkAll } from './temp-folder.js'

const onLinux = test.runIf(process.platform === 'linux')
const onPosix = test.skipIf(process.platform === 'win32')

/** Long enough for a machine that does much else. */
const PATIENCE_MS = 15_000

type Watching = {
  /** What the last run found: `uri:bytes`, blank-separated. */
  readonly found: () => string
  readonly runs: () => number
  readonly notices: readonly string[]
  readonly errors: readonly unknown[]
  /** Waits until a run has found exactly this. */
  sees(found: string): Promise<void>
  /** Aborts and waits for the end. */
  stop(): Promise<void>
}

/** Watches with a walk as what is to be done, and waits for the first one. */
async function startWatch(root: string, options: Partial<WatchOptions> = {}): Promise<Watching> {
  const controller = new AbortController()
  const notices: string[] = []
  const errors: unknown[] = []
  let found = 'nothing yet'
  let runs = 0
  const done = watchFolder(root, {
    signal: controller.signal,
    pollMs: 100,
    onError: (thrown) => errors.push(thrown),
    onNotice: (text) => notices.push(text),
    ...options,
    onChange: async () => {
      runs++
      await options.onChange?.()
      const { files } = await walkAll(root)
      found = files.map(({ uri, sizeBytes }) => `${uri}:${sizeBytes}`).join(' ')
    },
  })
  const stop = async () => {
    controller.abort()
    await done
  }
  onTestFinished(stop)
  const until = (check: () => void) => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 10 })
  await until(() => expect(runs + notices.length).toBeGreaterThan(0))
  if (runs > 0) await until(() => expect(found).not.toBe('nothing yet'))
  return {
    found: () => found,
    runs: () => runs,
    notices,
    errors,
    sees: (wanted) => until(() => expect(found).toBe(wanted)),
    stop,
  }
}

/** Lets a while pass in which a run that should not come would come: several times the quiet of a burst. */
function longEnough(): Promise<void> {
  return wait(900)
}

/** How many places this process watches, as the kernel counts them. */
function watchCount(): number {
  const infos = readdirSync('/proc/self/fdinfo').map((name) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${name}`, 'utf8')
    } catch {
      return ''
    }
  })
  return infos.reduce((count, info) => count + (info.match(/^inotify/gm)?.length ?? 0), 0)
}

describe('what is seen', () => {
  test('runs once as soon as it watches', async () => {
    const watching = await startWatch(await tempFolder({ 'a.md': '1' }))
    expect(watching.found()).toBe('a.md:1')
    await longEnough()
    expect(watching.runs()).toBe(1)
  })

  test('new, changed, renamed and removed files', async () => {
    const root = await tempFolder({ 'a.md': '1', 'docs/b.md': '1' })
    const watching = await startWatch(root)
    await writeFile(join(root, 'docs/c.md'), '22')
    await watching.sees('a.md:1 docs/b.md:1 docs/c.md:2')
    await writeFile(join(root, 'docs/b.md'), '333')
    await watching.sees('a.md:1 docs/b.md:3 docs/c.md:2')
    await rename(join(root, 'docs/c.md'), join(root, 'd.md'))
    await watching.sees('a.md:1 d.md:2 docs/b.md:3')
    await unlink(join(root, 'a.md'))
    await watching.sees('d.md:2 docs/b.md:3')
  })

  test('after the last of many writes', async () => {
    const root = await tempFolder({ 'a.md': '' })
    const watching = await startWatch(root)
    for (let i = 1; i <= 30; i++) {
      await writeFile(join(root, 'a.md'), 'x'.repeat(i))
      await wait(10)
    }
    await watching.sees('a.md:30')
  })

  test("editors' atomic saves, again and again", async () => {
    const root = await tempFolder({ 'docs/a.md': '' })
    const watching = await startWatch(root)
    for (let size = 1; size <= 3; size++) {
      await writeFile(join(root, 'docs/.a.md.tmp'), 'x'.repeat(size))
      await rename(join(root, 'docs/.a.md.tmp'), join(root, 'docs/a.md'))
      await watching.sees(`docs/a.md:${size}`)
    }
    // A plain write into the file that came by rename.
    await writeFile(join(root, 'docs/a.md'), 'xxxxx')
    await watching.sees('docs/a.md:5')
  })

  test('files deep in folders that were just made, moved, swapped, removed and made again', async () => {
    const root = await tempFolder()
    const watching = await startWatch(root)
    await addFiles(root, { 'n/a/b/x.md': '1' })
    await watching.sees('n/a/b/x.md:1')
    await writeFile(join(root, 'n/a/b/x.md'), '22')
    await watching.sees('n/a/b/x.md:2')
    await rename(join(root, 'n/a'), join(root, 'm'))
    await watching.sees('m/b/x.md:2')
    await writeFile(join(root, 'm/b/x.md'), '333')
    await watching.sees('m/b/x.md:3')
    await rm(join(root, 'm'), { recursive: true })
    await addFiles(root, { 'm/b/x.md': '4444' })
    await watching.sees('m/b/x.md:4')
    await writeFile(join(root, 'm/b/x.md'), '55555')
    await watching.sees('m/b/x.md:5')
    // Another folder takes its place, and then changes.
    await addFiles(root, { 'new/b/x.md': '' })
    await watching.sees('m/b/x.md:5 new/b/x.md:0')
    await rename(join(root, 'm'), join(root, 'old'))
    await rename(join(root, 'new'), join(root, 'm'))
    await watching.sees('m/b/x.md:0 old/b/x.md:5')
    await writeFile(join(root, 'm/b/x.md'), '666666')
    await watching.sees('m/b/x.md:6 old/b/x.md:5')
    await writeFile(join(root, 'old/b/x.md'), '7777777')
    await watching.sees('m/b/x.md:6 old/b/x.md:7')
  })

  onPosix('thousands of files while the process is busy', async () => {
    const root = await tempFolder({ 'a.md': '', 'many/.keep': '' })
    const watching = await startWatch(root)
    // More events than the kernel keeps for a process (16,384), which drops the rest: here those of the last folder.
    const script = `cd many && for i in $(seq 6000); do echo > $i.md; done && rm *.md && mkdir -p ../y/z && echo > ../y/z/last.md`
    execFileSync('/bin/sh', ['-c', script], { cwd: root })
    await watching.sees('a.md:0 y/z/last.md:1')
    await writeFile(join(root, 'y/z/last.md'), '22')
    await watching.sees('a.md:0 y/z/last.md:2')
  })

  test('what changes while a run is under way, by another run', async () => {
    const root = await tempFolder({ 'a.md': '' })
    const open: (() => void)[] = []
    let running = 0
    let mostRunning = 0
    let isHeld = false
    const watching = await startWatch(root, {
      onChange: async () => {
        mostRunning = Math.max(mostRunning, ++running)
        if (isHeld) await new Promise<void>((resolve) => open.push(resolve))
        running--
      },
    })
    isHeld = true
    await writeFile(join(root, 'a.md'), '1')
    await vi.waitFor(() => expect(open).toHaveLength(1), PATIENCE_MS)
    await writeFile(join(root, 'b.md'), '1')
    await longEnough()
    expect(running).toBe(1)
    open[0]?.()
    await vi.waitFor(() => expect(open).toHaveLength(2), PATIENCE_MS)
    open[1]?.()
    await watching.sees('a.md:1 b.md:1')
    expect(mostRunning).toBe(1)
  })

  test('a single file as root', async () => {
    const root = await tempFolder({ 'a.md': '1', 'b.md': '' })
    const watching = await startWatch(join(root, 'a.md'))
    expect(watching.found()).toBe('a.md:1')
    await writeFile(join(root, 'b.md'), '1')
    await longEnough()
    expect(watching.runs()).toBe(1)
    await writeFile(join(root, 'new'), '22')
    await rename(join(root, 'new'), join(root, 'a.md'))
    await watching.sees('a.md:2')
  })
})

describe('bursts', () => {
  test('are one run when they end', async () => {
    const root = await tempFolder()
    const watching = await startWatch(root, { debounceMs: 400, maxWaitMs: 60_000 })
    for (let i = 0; i < 50; i++) {
      await writeFile(join(root, 'a.md'), 'x'.repeat(i))
      await wait(5)
    }
    await watching.sees('a.md:49')
    expect(watching.runs()).toBe(2)
  })

  test('that do not end are looked at all the same', async () => {
    const root = await tempFolder()
    const watching = await startWatch(root, { debounceMs: 60_000, maxWaitMs: 700 })
    let isWriting = true
    const writing = (async () => {
      for (let i = 0; isWriting; i++) {
        await writeFile(join(root, 'a.md'), `${i}`)
        await wait(20)
      }
    })()
    await vi.waitFor(() => expect(watching.runs()).toBeGreaterThan(2), PATIENCE_MS)
    isWriting = false
    await writing
  })
})

describe('what is not looked at', () => {
  test('hidden, node_modules, ignored and excluded names start no run', async () => {
    const files = {
      '.git/HEAD': '',
      'node_modules/p/i.js': '',
      'out/a.js': '',
      'tmp/a.md': '',
      'docs/a.md': '',
      '.gitignore': 'out/\n*.log\n',
    }
    const root = await tempFolder(files)
    const watching = await startWatch(root, {
      exclude: ['tmp'],
      ignorePaths: [join(root, 'docs/index.db'), join(root, 'docs/index.db-wal')],
    })
    for (const name of [
      '.git/HEAD',
      '.git/new/x',
      '.hidden',
      'docs/.a.md.swp',
      'node_modules/p/i.js',
      'node_modules/q/i.js',
      'out/a.js',
      'out/new/b.js',
      'tmp/a.md',
      'docs/x.log',
      'docs/index.db',
      'docs/index.db-wal',
    ]) {
      await addFiles(root, { [name]: 'changed' })
    }
    await longEnough()
    expect(watching.runs()).toBe(1)
    await writeFile(join(root, 'docs/a.md'), '1')
    // What the walk itself finds is not the watch's: it has no filters here.
    await watching.sees('docs/a.md:1 docs/index.db:7 docs/index.db-wal:7 tmp/a.md:7')
    expect(watching.runs()).toBe(2)
  })

  onLinux('only folders that a walk enters are watched, and none by file', async () => {
    const before = watchCount()
    const deep = { '.git/o/1': '', 'node_modules/p/q/i.js': '', 'out/x/y/a.js': '', '.gitignore': 'out/' }
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`docs/${i}.md`, '']))
    const watching = await startWatch(await tempFolder({ ...deep, ...many, 'docs/in/a.md': '' }))
    expect(watchCount() - before).toBe(3)
    await watching.stop()
    await vi.waitFor(() => expect(watchCount()).toBe(before), PATIENCE_MS)
  })

  test('a changed ignore file lets other folders in and out', async () => {
    const root = await tempFolder({ 'out/a.md': '1', 'b.md': '', '.gitignore': 'out/' })
    const watching = await startWatch(root)
    expect(watching.found()).toBe('b.md:0')
    await writeFile(join(root, '.gitignore'), 'b.md')
    await watching.sees('out/a.md:1')
    await writeFile(join(root, 'out/a.md'), '22')
    await watching.sees('out/a.md:2')
    await writeFile(join(root, '.gemdexignore'), 'out/')
    await watching.sees('')
  })
})

describe('a root that goes away', () => {
  test('is waited for, and watched again when it is back', async () => {
    const root = join(await tempFolder({ 'root/a.md': '1' }), 'root')
    const watching = await startWatch(root)
    await rm(root, { recursive: true })
    await vi.waitFor(() => expect(watching.notices).toHaveLength(1), PATIENCE_MS)
    expect(watching.notices[0]).toBe(`"${root}" is not there, or cannot be read; waiting for it`)
    const runs = watching.runs()
    await longEnough()
    expect(watching.runs()).toBe(runs)
    expect(watching.notices).toHaveLength(1)
    await addFiles(root, { 'docs/b.md': '22' })
    await watching.sees('docs/b.md:2')
    expect(watching.notices[1]).toBe(`"${root}" is there again`)
    await writeFile(join(root, 'docs/b.md'), '333')
    await watching.sees('docs/b.md:3')
    expect(watching.errors).toEqual([])
  })

  test('and that is not there yet', async () => {
    const root = join(await tempFolder(), 'later')
    const watching = await startWatch(root)
    expect(watching.notices).toHaveLength(1)
    await mkdir(root)
    await watching.sees('')
    await addFiles(root, { 'a/b.md': '1' })
    await watching.sees('a/b.md:1')
  })

  test('and another that takes its place are told apart', async () => {
    const parent = await tempFolder({ 'root/a.md': '1', 'new/b.md': '1' })
    const root = join(parent, 'root')
    const watching = await startWatch(root)
    await rename(root, join(parent, 'old'))
    await rename(join(parent, 'new'), root)
    await watching.sees('b.md:1')
    await writeFile(join(root, 'b.md'), '22')
    await watching.sees('b.md:2')
    const runs = watching.runs()
    await writeFile(join(parent, 'old/a.md'), '22')
    await longEnough()
    expect(watching.runs()).toBe(runs)
  })

  onPosix('a link that leads elsewhere now is followed', async () => {
    const parent = await tempFolder({ 'one/a.md': '1', 'two/b.md': '1' })
    const root = join(parent, 'root')
    await symlink(join(parent, 'one'), root)
    const watching = await startWatch(root)
    await symlink(join(parent, 'two'), join(parent, 'next'))
    await rename(join(parent, 'next'), root)
    await watching.sees('b.md:1')
    await writeFile(join(parent, 'two/b.md'), '22')
    await watching.sees('b.md:2')
  })
})

describe('failures and the end', () => {
  test('a run that fails is told of, and the watch goes on', async () => {
    const root = await tempFolder({ 'a.md': '' })
    let fails = false
    const watching = await startWatch(root, {
      onChange: async () => {
        if (fails) throw new GemdexError('ROOT_EMPTY', 'on purpose')
      },
    })
    fails = true
    await writeFile(join(root, 'a.md'), '1')
    await vi.waitFor(() => expect(watching.errors).toHaveLength(1), PATIENCE_MS)
    expect(watching.errors[0]).toMatchObject({ code: 'ROOT_EMPTY' })
    fails = false
    await writeFile(join(root, 'a.md'), '22')
    await watching.sees('a.md:2')
  })

  test('a run that may succeed later is tried again without a change', async () => {
    let tries = 0
    const watching = await startWatch(await tempFolder({ 'a.md': '' }), {
      onChange: async () => {
        if (++tries < 3) throw new GemdexError('RATE_LIMITED', 'wait', { retryable: true, retryAfterMs: 50 })
      },
    })
    await watching.sees('a.md:0')
    expect(watching.errors).toHaveLength(2)
    expect(watching.runs()).toBe(3)
  })

  test('without anybody to tell, a failure ends the watch', async () => {
    const failing = watchFolder(await tempFolder(), {
      signal: new AbortController().signal,
      onChange: () => Promise.reject(new Error('on purpose')),
    })
    await expect(failing).rejects.toThrow('on purpose')
  })

  test('whoever is told may end the watch', async () => {
    const failing = watchFolder(await tempFolder(), {
      signal: new AbortController().signal,
      onChange: () => Promise.reject(new Error('on purpose')),
      onError: () => {
        throw new Error('enough')
      },
    })
    await expect(failing).rejects.toThrow('enough')
  })

  test('an abort ends it at once, and lets a run under way end', async () => {
    const controller = new AbortController()
    let isOver = false
    const { promise: begun, resolve: begin } = deferred()
    const watching = watchFolder(await tempFolder(), {
      signal: controller.signal,
      onChange: async () => {
        begin()
        await wait(200)
        isOver = true
        throw new GemdexError('CANCELLED', 'as it was told')
      },
    })
    await begun
    controller.abort()
    await watching
    expect(isOver).toBe(true)
  })

  test('aborted before it begins, it does nothing', async () => {
    const onChange = vi.fn()
    await watchFolder(await tempFolder(), { signal: AbortSignal.abort(), onChange })
    expect(onChange).not.toHaveBeenCalled()
  })

  test('while it sleeps it is soon over', async () => {
    const watching = await startWatch(await tempFolder(), { pollMs: 60_000 })
    // The limit of the test is half of the sleep.
    await watching.stop()
  })
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
