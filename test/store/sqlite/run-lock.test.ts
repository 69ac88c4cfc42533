import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { GemdexError } from '../../../src/errors.js'
import { acquireRunLock, runLockHeldSince } from '../../../src/store/sqlite/run-lock.js'

/** The built module; `npx tsc -p tsconfig.build.json` makes it. */
const MODULE = new URL('../../../dist/store/sqlite/run-lock.js', import.meta.url)

/** Waits for a line, asks for the lock, says how that went, and keeps it until the next line: then does as told. */
const PROGRAM = `
import { createInterface } from 'node:readline'
import { acquireRunLock } from ${JSON.stringify(MODULE.href)}
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
console.log('ready')
await lines.next()
try {
  const lock = await acquireRunLock(process.argv[1], { command: 'index' })
  console.log('held')
  const { value } = await lines.next()
  if (value === 'release') lock.release()
  if (value === 'throw') throw new Error('on purpose')
  process.exit(0)
} catch (error) {
  console.log(error.code ?? error.message, error.message)
}
process.exit(3)
`

type Child = {
  readonly process: ChildProcess
  readonly pid: number
  /** The next line it prints; empty after the last. */
  read(): Promise<string>
  write(line: string): void
}

async function startChild(index: string): Promise<Child> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, index], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => (await lines.next()).value ?? ''
  expect(await read(), `${fileURLToPath(MODULE)} must be built`).toBe('ready')
  return { process: child, pid: child.pid ?? 0, read, write: (line) => child.stdin.write(`${line}\n`) }
}

async function startHolder(index: string): Promise<Child> {
  const holder = await startChild(index)
  holder.write('go')
  expect(await holder.read()).toBe('held')
  return holder
}

async function end(child: Child, how: 'SIGKILL' | 'release' | 'exit' | 'throw'): Promise<void> {
  const exit = once(child.process, 'exit')
  if (how === 'SIGKILL') child.process.kill(how)
  else child.write(how)
  await exit
}

async function tempIndex(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'gemdex-lock-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'index.db')
}

async function refusalOf(index: string, now?: Date): Promise<GemdexError> {
  const options = now === undefined ? {} : { now: () => now }
  return acquireRunLock(index, options).then(
    () => expect.fail('the lock was given'),
    (thrown) => thrown,
  )
}

const holderFile = (index: string) => index.replace('index.db', '.index.db.lock.json')

describe('one at a time', () => {
  test('the second one hears at once who holds it and since when', async () => {
    const index = await tempIndex()
    const holder = await startHolder(index)
    const refusal = await refusalOf(index)
    expect(refusal).toMatchObject({ code: 'INDEX_LOCKED', retryable: true })
    expect(refusal.message).toMatch(
      /^Process \d+ \(index\) has been writing to .*index\.db since \d\d:\d\d:\d\d$/,
    )
    expect(refusal.message).toContain(`Process ${holder.pid} `)
    expect(refusal.hint).toContain('Wait')
  })

  test('the same process gets it once, too, and again after the release', async () => {
    const index = await tempIndex()
    const first = await acquireRunLock(index)
    expect((await refusalOf(index)).message).toContain(`Process ${process.pid} has been`)
    first.release()
    const second = await acquireRunLock(index)
    // A late second release of the first one must not let go of the second one's.
    first.release()
    expect((await refusalOf(index)).code).toBe('INDEX_LOCKED')
    expect(existsSync(holderFile(index))).toBe(true)
    second.release()
    expect(existsSync(holderFile(index))).toBe(false)
  })

  test('waits for a holder that is about to end', async () => {
    const index = await tempIndex()
    const first = await acquireRunLock(index)
    const second = acquireRunLock(index)
    first.release()
    const lock = await second
    lock.release()
  })

  test('does not hold up the process while it waits', async () => {
    const index = await tempIndex()
    const lock = await acquireRunLock(index)
    let turns = 0
    const counting = setInterval(() => turns++, 5)
    await refusalOf(index)
    clearInterval(counting)
    lock.release()
    expect(turns).toBeGreaterThan(5)
  })

  test('other indexes are free, and so is one in memory', async () => {
    const index = await tempIndex()
    const locks = [
      await acquireRunLock(index),
      await acquireRunLock(`${index}2`),
      await acquireRunLock(':memory:'),
      await acquireRunLock(':memory:'),
    ]
    for (const lock of locks) lock.release()
    expect(existsSync(':memory:.lock')).toBe(false)
  })

  test.skipIf(process.platform === 'win32')(
    'another path to the same index means the same lock',
    async () => {
      const index = await tempIndex()
      await writeFile(index, '')
      await symlink(index, `${index}-link`)
      const lock = await acquireRunLock(index)
      expect((await refusalOf(`${index}-link`)).code).toBe('INDEX_LOCKED')
      lock.release()
    },
  )

  test('makes the folder of a new index', async () => {
    const index = (await tempIndex()).replace('index.db', 'new/folder/index.db')
    const lock = await acquireRunLock(index)
    expect((await refusalOf(index)).code).toBe('INDEX_LOCKED')
    lock.release()
  })
})

describe('since when it is held', () => {
  test('is told of a holder here or in another process, and of none when there is none', async () => {
    const index = await tempIndex()
    expect([runLockHeldSince(index), runLockHeldSince(':memory:')]).toEqual([undefined, undefined])
    expect(existsSync(index.replace('index.db', '.index.db.lock'))).toBe(false)
    const now = new Date(2026, 10, 22, 14, 3, 5)
    const own = await acquireRunLock(index, { now: () => now })
    expect(runLockHeldSince(index)).toBe(now.getTime())
    // To look takes nothing from who holds it.
    expect((await refusalOf(index)).code).toBe('INDEX_LOCKED')
    await rm(holderFile(index))
    expect(runLockHeldSince(index)).toBe(0)
    own.release()
    expect(runLockHeldSince(index)).toBeUndefined()
    const holder = await startHolder(index)
    const since = runLockHeldSince(index) ?? 0
    expect(Math.abs(Date.now() - since)).toBeLessThan(60_000)
    holder.process.kill('SIGKILL')
    await once(holder.process, 'exit')
    expect(runLockHeldSince(index)).toBeUndefined()
    const next = await acquireRunLock(index)
    next.release()
  })
})

describe('what the message says', () => {
  test('the holder is kept beside the lock', async () => {
    const index = await tempIndex()
    const now = new Date(2026, 10, 22, 14, 3, 5)
    const lock = await acquireRunLock(index, { now: () => now, command: 'serve' })
    expect(JSON.parse(await readFile(holderFile(index), 'utf8'))).toEqual({
      pid: process.pid,
      host: hostname(),
      since: now.toISOString(),
      command: 'serve',
    })
    expect((await refusalOf(index, now)).message).toMatch(/ since 14:03:05$/)
    const nextDay = new Date(2026, 10, 23, 0, 1)
    expect((await refusalOf(index, nextDay)).message).toMatch(/ since 2026-11-22 14:03:05$/)
    lock.release()
  })

  test('another machine is named', async () => {
    const index = await tempIndex()
    const lock = await acquireRunLock(index)
    const since = '2026-11-22T14:03:05Z'
    await writeFile(holderFile(index), JSON.stringify({ pid: 7, host: 'build-7', since }))
    expect((await refusalOf(index)).message).toMatch(/^Process 7 on build-7 has been writing/)
    lock.release()
  })

  test('a holder file that says nothing is no trouble', async () => {
    const texts = ['', '{', 'null', '[]', '{"pid":"7"}', '{"pid":7,"host":"h","since":"yesterday"}']
    const messages = texts.map(async (text) => {
      const index = await tempIndex()
      const lock = await acquireRunLock(index)
      await writeFile(holderFile(index), text)
      const { message } = await refusalOf(index)
      lock.release()
      return message.replace(index, 'INDEX')
    })
    expect(await Promise.all(messages)).toEqual(texts.map(() => 'Another process is writing to INDEX'))
  })

  test('a file that is no lock is said to be none', async () => {
    const index = await tempIndex()
    await writeFile(index.replace('index.db', '.index.db.lock'), 'this is not for SQLite '.repeat(50))
    expect((await refusalOf(index)).code).toBe('STORE_CORRUPT')
  })
})

describe('when the holder ends', () => {
  test.each(['SIGKILL', 'release', 'exit', 'throw'] as const)('by %s the lock is free', async (how) => {
    const index = await tempIndex()
    const holder = await startHolder(index)
    expect((await refusalOf(index)).code).toBe('INDEX_LOCKED')
    await end(holder, how)
    const lock = await acquireRunLock(index)
    // What a killed holder left of itself is replaced.
    expect((await refusalOf(index)).message).toContain(`Process ${process.pid} `)
    lock.release()
  })

  test('of eight that want the lock of a killed one, exactly one gets it', async () => {
    const index = await tempIndex()
    await end(await startHolder(index), 'SIGKILL')
    expect(existsSync(holderFile(index))).toBe(true)
    const children = await Promise.all(Array.from({ length: 8 }, () => startChild(index)))
    for (const child of children) child.write('go')
    const answers = await Promise.all(children.map((child) => child.read()))
    const winners = children.filter((_, i) => answers[i] === 'held')
    expect(winners).toHaveLength(1)
    const pid = winners[0]?.pid
    const losers = answers.filter((answer) => answer !== 'held')
    expect(losers).toEqual(Array(7).fill(expect.stringMatching(`^INDEX_LOCKED Process ${pid} `)))
  })

  test('in turn, each of many gets it, and none while another has it', async () => {
    const index = await tempIndex()
    let holders = 0
    const takeTurns = async () => {
      for (let done = 0; done < 5; ) {
        const lock = await acquireRunLock(index).catch((thrown: GemdexError) => {
          expect(thrown.code).toBe('INDEX_LOCKED')
        })
        if (lock === undefined) continue
        holders++
        expect(holders).toBe(1)
        await new Promise(setImmediate)
        holders--
        lock.release()
        done++
      }
    }
    await Promise.all(Array.from({ length: 4 }, takeTurns))
    const left = await readdir(index.replace('/index.db', ''))
    expect(left).toEqual(['.index.db.lock'])
  })
})
