import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createThreadPool, type ThreadPoolOptions } from '../../../../src/store/sqlite/threads/thread-pool.js'
import { type Compiled, compile } from '../compile.js'

const PROGRAM = 'test/store/sqlite/threads/pool-thread.ts'

const call = (method: string, ...args: readonly unknown[]) => ({ target: 'store', method, args }) as const

describe('a pool of threads', () => {
  let compiled: Compiled
  beforeAll(() => {
    compiled = compile(PROGRAM)
  })
  afterAll(() => compiled.discard())

  function openPool(options: Partial<ThreadPoolOptions> = {}) {
    const script = join(compiled.folder, PROGRAM.replace(/ts$/, 'js'))
    const pool = createThreadPool({
      script,
      size: 2,
      setup: (thread) => thread,
      maxWaiting: 4,
      ...options,
    })
    onTestFinished(() => pool.close())
    return pool
  }

  /** Calls that occupy all threads until released. */
  function occupy(pool: ReturnType<typeof openPool>, number: number) {
    const cell = new Int32Array(new SharedArrayBuffer(4))
    const calls = Array.from({ length: number }, () => pool.call(call('wait', cell)))
    const release = () => {
      Atomics.store(cell, 0, 1)
      Atomics.notify(cell, 0)
      return Promise.all(calls)
    }
    return { release }
  }

  test('starts no more threads than it needs, nor than it may', async () => {
    const pool = openPool()
    for (let i = 0; i < 3; i++) expect(await pool.call(call('number'))).toBe(0)
    const { release } = occupy(pool, 4)
    expect(new Set(await release())).toEqual(new Set([0, 1]))
  })

  test('asks what a thread is to work with at its first call, not when it is started before', async () => {
    const asked: number[] = []
    const setup = (thread: number) => `${asked.push(thread)} for ${thread}`
    const pool = openPool({ setup })
    pool.warm()
    expect(asked).toEqual([])
    for (let i = 0; i < 2; i++) expect(await pool.call(call('number'))).toBe('1 for 0')
  })

  test('refuses a call when too many wait, and answers all the others', async () => {
    const pool = openPool()
    const { release } = occupy(pool, 2)
    const waiting = Array.from({ length: 4 }, () => pool.call(call('number')))
    await expect(pool.call(call('number'))).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
      message: expect.stringContaining('4 calls wait'),
    })
    await release()
    expect(await Promise.all(waiting)).toHaveLength(4)
    expect(await pool.call(call('number'))).toBeTypeOf('number')
  })

  test('drops a call that is cancelled while it waits, and none that is cancelled before', async () => {
    const pool = openPool({ size: 1 })
    const { release } = occupy(pool, 1)
    const controller = new AbortController()
    const cancelled = pool.call(call('die'), { signal: controller.signal })
    const after = pool.call(call('number'))
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(pool.call(call('die'), { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    await release()
    expect(await after).toBe(0)
  })

  test('throws what was thrown in the thread, with its facts', async () => {
    const pool = openPool()
    await expect(pool.call(call('refuse'))).rejects.toMatchObject({
      name: 'GemdexError',
      code: 'NOT_FOUND',
      message: 'There is none',
      hint: 'Look elsewhere.',
      retryable: false,
      cause: expect.stringContaining('deep'),
    })
    await expect(pool.call(call('throw'))).rejects.toMatchObject({
      code: 'INTERNAL',
      cause: expect.stringContaining('TypeError: a fault'),
    })
  })

  test('goes on with another thread of the same number when one dies', async () => {
    const died: number[] = []
    const pool = openPool({ size: 1, onDeath: (thread) => died.push(thread) })
    const dying = pool.call(call('die'))
    const after = pool.call(call('number'))
    await expect(dying).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    expect(await after).toBe(0)
    expect(died).toEqual([0])
  })

  test('answers what it was asked before it closes', async () => {
    const pool = openPool({ size: 1 })
    const { release } = occupy(pool, 1)
    const last = pool.call(call('number'))
    const closed = pool.close()
    await release()
    await closed
    expect(await last).toBe(0)
  })
})
