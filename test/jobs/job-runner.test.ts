import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import type { IndexRequest } from '../../src/ingest/index-request.js'
import type { IndexReport } from '../../src/ingest/report.js'
import { createJobRunner, type JobRunnerDependencies } from '../../src/jobs/job-runner.js'
import type { Job, JobState } from '../../src/jobs/job-store.js'
import { acquireRunLock } from '../../src/store/sqlite/run-lock.js'
import { openTempStore, tempPath } from '../store/sqlite/temp-store.js'

const report: IndexReport = {
  collection: 'docs',
  root: '/srv/docs',
  indexed: 2,
  unchanged: 1,
  kept: 0,
  skipped: 0,
  removed: 0,
  ignored: 0,
  skippedFiles: [],
  notices: [],
  chunks: 9,
  embedded: 9,
  pictures: 0,
  refused: [],
  tookMs: 12,
  notes: [],
}

/** An indexer that runs until it is told to end, or aborted. */
function gatedIndexer() {
  const begun: IndexRequest[] = []
  const ends: ((outcome: IndexReport | Error) => void)[] = []
  const index = (request: IndexRequest) =>
    new Promise<IndexReport>((resolve, reject) => {
      const end = (outcome: IndexReport | Error) =>
        outcome instanceof Error ? reject(outcome) : resolve(outcome)
      const aborted = () => {
        if (ends.includes(end)) ends.splice(ends.indexOf(end), 1)
        end(new GemdexError('CANCELLED', 'The operation was cancelled'))
      }
      if (request.signal?.aborted) return aborted()
      request.signal?.addEventListener('abort', aborted)
      begun.push(request)
      ends.push(end)
    })
  return { index, begun, end: (outcome: IndexReport | Error = report) => ends.shift()?.(outcome) }
}

function openRunner(path = tempPath(), options: Partial<JobRunnerDependencies> = {}) {
  const store = openTempStore(path)
  const gate = gatedIndexer()
  let ids = 0
  const runner = createJobRunner({
    store: store.jobs,
    index: gate.index,
    allowedPath: async (given) => `/real${given}`,
    acquireLock: () => acquireRunLock(path),
    newId: () => `${options.newId === undefined ? 'job' : options.newId()}-${++ids}`,
    now: Date.now,
    ...options,
  })
  onTestFinished(() => runner.close())
  const stateOf = async (id: string) => (await runner.get(id)).state
  const until = (id: string, state: JobState) => expect.poll(() => stateOf(id)).toBe(state)
  return { runner, store, path, ...gate, stateOf, until }
}

describe('a job', () => {
  test('is queued, runs, tells its progress and ends with a report', async () => {
    const { runner, begun, end, until } = openRunner()
    const job = await runner.start({ path: '/srv/docs', collection: 'docs', exclude: ['*.log'] }, 'key-1')
    expect(job).toMatchObject({ id: 'job-1', owner: 'key-1', state: 'queued' })
    await until(job.id, 'running')
    expect(begun).toMatchObject([{ path: '/real/srv/docs', collection: 'docs', exclude: ['*.log'] }])
    const tell = begun[0]?.onProgress
    tell?.({ type: 'found', files: 3, toRead: 2 })
    tell?.({ type: 'waiting', untilMs: 5, reason: 'rate-limit' })
    expect((await runner.get(job.id)).progress).toMatchObject({ files: 3, toRead: 2, waitingUntilMs: 5 })
    tell?.({ type: 'embedded', texts: 9, tokens: 100, priceUsd: 0.5 })
    tell?.({ type: 'skipped', uri: 'x', reason: 'BINARY', message: '' })
    tell?.({ type: 'indexed', uri: 'a', chunks: 9 })
    const progress = {
      files: 3,
      toRead: 2,
      indexed: 1,
      skipped: 1,
      embedded: 9,
      pictures: 0,
      tokens: 100,
      priceUsd: 0.5,
    }
    expect((await runner.get(job.id)).progress).toEqual(progress)
    end()
    await until(job.id, 'done')
    expect(await runner.get(job.id)).toMatchObject({ progress, report, endedMs: expect.any(Number) })
  })

  test('waits for the one before it', async () => {
    const { runner, begun, end, until, stateOf } = openRunner()
    const [first, second] = [
      await runner.start({ path: '/a' }, null),
      await runner.start({ path: '/b' }, null),
    ]
    await until(first.id, 'running')
    expect([begun.length, await stateOf(second.id)]).toEqual([1, 'queued'])
    end()
    await until(second.id, 'running')
    end()
    await until(second.id, 'done')
    expect((await runner.list(10)).map(({ id }) => id)).toEqual([second.id, first.id])
  })

  test('fails with what went wrong, and the next one runs', async () => {
    const { runner, end, until } = openRunner()
    const first = await runner.start({ path: '/a' }, null)
    const second = await runner.start({ path: '/b' }, null)
    await until(first.id, 'running')
    end(new GemdexError('ROOT_EMPTY', 'The folder is empty', { hint: 'use force' }))
    await until(first.id, 'failed')
    const error = { code: 'ROOT_EMPTY', message: 'The folder is empty', hint: 'use force' }
    expect((await runner.get(first.id)).error).toEqual(error)
    await until(second.id, 'running')
    end(new Error('a bug'))
    await until(second.id, 'failed')
    expect((await runner.get(second.id)).error?.code).toBe('INTERNAL')
  })

  test('on a path that is not allowed is refused, at once or when it is its turn', async () => {
    let isAllowed = true
    const allowedPath = async (path: string) => {
      if (isAllowed) return path
      throw new GemdexError('FORBIDDEN', 'not here')
    }
    const { runner, end, until } = openRunner(tempPath(), { allowedPath })
    const first = await runner.start({ path: '/a' }, null)
    const second = await runner.start({ path: '/b' }, null)
    await until(first.id, 'running')
    isAllowed = false
    await expect(runner.start({ path: '/c' }, null)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    end()
    await until(second.id, 'failed')
  })

  test('waits while another process indexes', async () => {
    const { runner, path, end, stateOf, until } = openRunner()
    const lock = await acquireRunLock(path)
    const job = await runner.start({ path: '/a' }, null)
    await wait(300)
    expect(await stateOf(job.id)).toBe('queued')
    lock.release()
    await until(job.id, 'running')
    end()
    await until(job.id, 'done')
  })

  test('is one too many behind a hundred', async () => {
    const { runner } = openRunner()
    for (let i = 0; i < 100; i++) await runner.start({ path: '/a' }, null)
    await expect(runner.start({ path: '/a' }, null)).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryAfterMs: expect.any(Number),
    })
  })

  test('keeps a report of a folder with many bad files short', async () => {
    const { runner, end, until } = openRunner()
    const { id } = await runner.start({ path: '/a' }, null)
    await until(id, 'running')
    const skippedFiles = Array.from({ length: 5_000 }, (_, i) => ({
      uri: `${i}`,
      reason: 'BINARY' as const,
      message: '',
    }))
    end({ ...report, skipped: 5_000, skippedFiles })
    await until(id, 'done')
    const kept = (await runner.get(id)).report
    expect([kept?.skipped, kept?.skippedFiles.length]).toEqual([5_000, 1_000])
  })

  test('that is not there is an error', async () => {
    const { runner } = openRunner()
    for (const call of [
      runner.get('x'),
      runner.cancel('x'),
      runner.follow('x')[Symbol.asyncIterator]().next(),
    ])
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('cancelling', () => {
  test('ends the job under way, and its turn', async () => {
    const { runner, until, end } = openRunner()
    const first = await runner.start({ path: '/a' }, null)
    const second = await runner.start({ path: '/b' }, null)
    await until(first.id, 'running')
    expect(await runner.cancel(first.id)).toMatchObject({ state: 'cancelled', endedMs: expect.any(Number) })
    await until(second.id, 'running')
    end()
    await until(second.id, 'done')
  })

  test('takes a waiting job out of the line, and leaves an ended one alone', async () => {
    const { runner, begun, end, until } = openRunner()
    const first = await runner.start({ path: '/a' }, null)
    const second = await runner.start({ path: '/b' }, null)
    await runner.cancel(second.id)
    await until(first.id, 'running')
    end()
    await until(first.id, 'done')
    expect((await runner.cancel(first.id)).state).toBe('done')
    expect((await runner.cancel(second.id)).state).toBe('cancelled')
    await wait(20)
    expect(begun).toHaveLength(1)
  })

  test('reaches a job that another process runs', async () => {
    const one = openRunner()
    const two = openRunner(one.path)
    const { id } = await one.runner.start({ path: '/a' }, null)
    await one.until(id, 'running')
    expect((await two.runner.cancel(id)).state).toBe('cancelled')
    // The other notices when it next writes its progress down.
    one.begun[0]?.onProgress?.({ type: 'found', files: 1, toRead: 1 })
    await expect.poll(() => one.begun[0]?.signal?.aborted).toBe(true)
    await one.until(id, 'cancelled')
  })
})

describe('following', () => {
  test('gives each change, and ends with the end', async () => {
    const { runner, begun, end, until } = openRunner()
    const { id } = await runner.start({ path: '/a' }, null)
    const seen: Job[] = []
    const following = (async () => {
      for await (const job of runner.follow(id)) seen.push(job)
    })()
    await until(id, 'running')
    begun[0]?.onProgress?.({ type: 'found', files: 7, toRead: 7 })
    await expect.poll(() => seen.at(-1)?.progress.files).toBe(7)
    end()
    await following
    expect(seen.at(-1)?.state).toBe('done')
    expect(seen.length).toBeGreaterThanOrEqual(2)
  })

  test('ends when nobody listens any more', async () => {
    const { runner } = openRunner()
    const { id } = await runner.start({ path: '/a' }, null)
    const controller = new AbortController()
    const following = (async () => {
      for await (const _ of runner.follow(id, controller.signal)) controller.abort()
    })()
    await expect(following).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  test('says so when the service closes', async () => {
    const { runner } = openRunner()
    const { id } = await runner.start({ path: '/a' }, null)
    const following = (async () => {
      for await (const _ of runner.follow(id)) void runner.close()
    })()
    await expect(following).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('a service that ends and starts again', () => {
  test('goes on with the job under way and with those that waited, in their order', async () => {
    const before = openRunner()
    const first = await before.runner.start({ path: '/a' }, null)
    const second = await before.runner.start({ path: '/b' }, null)
    await before.until(first.id, 'running')
    await before.runner.close()
    expect(await before.stateOf(first.id)).toBe('interrupted')
    expect(await before.stateOf(second.id)).toBe('queued')

    const after = openRunner(before.path)
    await after.runner.resume()
    await after.until(first.id, 'running')
    after.end()
    await after.until(second.id, 'running')
    after.end()
    await after.until(second.id, 'done')
    expect(after.begun.map(({ path }) => path)).toEqual(['/real/a', '/real/b'])
  })

  test('goes on with a job that was running when it was killed', async () => {
    const { store, path } = openRunner()
    const progress = {
      files: 9,
      toRead: 9,
      indexed: 4,
      skipped: 0,
      embedded: 9,
      pictures: 0,
      tokens: 9,
      priceUsd: 0,
    }
    const times = { createdMs: 1, startedMs: 2 }
    await store.jobs.addJob({
      id: 'x',
      owner: 'k',
      state: 'running',
      request: { path: '/a' },
      progress,
      ...times,
    })
    const after = openRunner(path)
    await after.runner.resume()
    await expect.poll(() => after.begun.length).toBe(1)
    after.end()
    await after.until('x', 'done')
    expect(await after.runner.get('x')).toMatchObject({ owner: 'k', progress: { indexed: 0 } })
  })

  test('leaves a job alone that another service is running', async () => {
    const one = openRunner()
    const { id } = await one.runner.start({ path: '/a' }, null)
    await one.until(id, 'running')
    const two = openRunner(one.path)
    await two.runner.resume()
    await wait(300)
    expect([await two.stateOf(id), two.begun.length]).toEqual(['running', 0])
    one.end()
    await two.until(id, 'done')
  })

  test('two of them never run the same job', async () => {
    const before = openRunner()
    const jobs = [
      await before.runner.start({ path: '/a' }, null),
      await before.runner.start({ path: '/b' }, null),
    ]
    await before.until(jobs[0]?.id ?? '', 'running')
    await before.runner.close()
    const done = (request: IndexRequest, list: IndexRequest[]) => {
      list.push(request)
      return Promise.resolve(report)
    }
    const ran: IndexRequest[] = []
    const two = [1, 2].map(() => openRunner(before.path, { index: (request) => done(request, ran) }))
    await Promise.all(two.map(({ runner }) => runner.resume()))
    for (const { id } of jobs) await two[0]?.until(id, 'done')
    expect(ran.map(({ path }) => path).toSorted()).toEqual(['/real/a', '/real/b'])
  })
})
