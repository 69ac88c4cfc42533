import { setTimeout as wait } from 'node:timers/promises'
import { GemdexError, toGemdexError } from '../errors.js'
import type { IndexRequest } from '../ingest/index-request.js'
import type { IndexProgress, IndexReport } from '../ingest/report.js'
import type { Job, JobChange, JobProgress, JobRequest, JobState, JobStore } from './job-store.js'

/** Jobs that may wait for their turn. */
const MAX_QUEUED = 100
/** Ended jobs that are remembered. */
const KEPT_JOBS = 1_000
/** Items of each list of a report that are kept. */
const MAX_LISTED = 1_000
const SAVE_EVERY_MS = 500
const TELL_EVERY_MS = 200
const RETRY_LOCKED_MS = 1_000
const LOOK_AGAIN_MS = 1_000
/** How soon jobs that some process left running are looked for again while another one indexes. */
const LOOK_FOR_ORPHANS_MS = 10_000
const ENDED: readonly JobState[] = ['done', 'failed', 'cancelled']
const UNENDED: readonly JobState[] = ['queued', 'running', 'interrupted']
const NONE: JobProgress = {
  files: 0,
  toRead: 0,
  indexed: 0,
  skipped: 0,
  embedded: 0,
  pictures: 0,
  tokens: 0,
  priceUsd: 0,
}

export type JobRunnerDependencies = {
  readonly store: JobStore
  /** Indexes under the lock that is held. */
  readonly index: (request: IndexRequest) => Promise<IndexReport>
  /** Keeps other processes from indexing until released; throws INDEX_LOCKED while one does. */
  readonly acquireLock: () => Promise<{ release(): void }>
  /** The real path of what may be indexed; throws FORBIDDEN. */
  readonly allowedPath: (path: string) => Promise<string>
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The job under way, with its progress by the latest count. */
type Running = { readonly id: string; readonly abort: AbortController; job: Job }

export interface JobRunner {
  /** Queues a job. Throws FORBIDDEN for a path that is not allowed, OVERLOADED when too many wait. */
  start(request: JobRequest, owner: string | null): Promise<Job>
  /** NOT_FOUND for an unknown id. */
  get(id: string): Promise<Job>
  /** The newest first. */
  list(limit: number): Promise<Job[]>
  /** Cancels a job that has not ended; what it has done stays. Gives the job as it is then. */
  cancel(id: string): Promise<Job>
  /** The job as it is, then again whenever something has changed, until it has ended or the service closes. */
  follow(id: string, signal?: AbortSignal): AsyncIterable<Job>
  /** Goes on with the jobs that ended with their process. */
  resume(): Promise<void>
  /** Interrupts the job under way between two documents; it goes on after the next `resume`. */
  close(): Promise<void>
}

/** The same as whoever removes collections knows it. */
export interface CancellingJobRunner extends JobRunner {
  /**
   * Cancels the jobs that wait and are about this. The caller has the lock of the index, so that none begins meanwhile, and one that
   * is said to run ended with its process.
   */
  cancelWaiting(isAbout: (request: JobRequest) => Promise<boolean>): Promise<void>
}

/**
 * Runs indexing jobs one after another and writes down how far they are, so that a service that was stopped, or killed, goes
 * on with them when it starts again: indexing is idempotent, and what was embedded is kept. While another process indexes,
 * jobs wait. A job is begun and ended under the lock of the index, so that two services never run the same one, and one that is
 * said to run while nobody has the lock ended with its process.
 */
export function createJobRunner(dependencies: JobRunnerDependencies): CancellingJobRunner {
  const { store, now } = dependencies
  const closing = new AbortController()
  /** Ids in the order they are run. */
  const queue: string[] = []
  const changed = new Set<() => void>()
  let current: Running | undefined
  let running: Promise<void> | undefined
  let watching: Promise<void> | undefined

  const tell = () => {
    for (const wake of changed) wake()
  }

  function pump(): void {
    running ??= runAll().finally(() => {
      running = undefined
      if (queue.length > 0 && !closing.signal.aborted) pump()
    })
  }

  async function runAll(): Promise<void> {
    for (let id = queue[0]; id !== undefined && !closing.signal.aborted; id = queue[0]) {
      // A fault of the store must not end the others' turn; the job stays as it is there.
      const isOver = await run(id).catch(() => true)
      tell()
      if (isOver) queue.shift()
      else await pause(RETRY_LOCKED_MS)
    }
  }

  const pause = (ms: number) => wait(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  /** The lock; undefined while some process indexes. */
  async function tryLock(): Promise<{ release(): void } | undefined> {
    return dependencies.acquireLock().catch((error: unknown) => {
      if (toGemdexError(error).code !== 'INDEX_LOCKED') throw error
      return undefined
    })
  }

  /** False when it is to be tried again, since another process indexes. */
  async function run(id: string): Promise<boolean> {
    const lock = await tryLock()
    if (lock === undefined) return false
    try {
      const begun = { state: 'running', startedMs: now(), progress: NONE } as const
      if (!(await store.changeJob(id, ['queued'], begun))) return true
      current = { id, abort: new AbortController(), job: await find(id) }
      tell()
      await settle(current)
      await store.pruneJobs(KEPT_JOBS)
      return true
    } finally {
      current = undefined
      lock.release()
    }
  }

  /** Runs a job to its end, and writes down which that was. */
  async function settle(running: Running): Promise<void> {
    const { id } = running
    let change: JobChange
    try {
      change = { state: 'done', report: shortened(await indexFor(running)) }
    } catch (thrown) {
      change = changeOf(toGemdexError(thrown))
    }
    const ended = change.state === 'interrupted' ? {} : { endedMs: now() }
    await store.changeJob(id, ['running'], { ...change, ...ended, progress: running.job.progress })
  }

  function changeOf({ code, message, hint }: GemdexError): JobChange {
    if (code === 'CANCELLED') return { state: closing.signal.aborted ? 'interrupted' : 'cancelled' }
    return { state: 'failed', error: { code, message, ...(hint === undefined ? {} : { hint }) } }
  }

  async function indexFor(running: Running): Promise<IndexReport> {
    const { id, abort, job } = running
    const { request } = job
    let savedMs = 0
    const path = await dependencies.allowedPath(request.path)
    return dependencies.index({
      ...request,
      path,
      signal: AbortSignal.any([abort.signal, closing.signal]),
      onProgress(event) {
        const progress = advance(running.job.progress, event)
        running.job = { ...running.job, progress }
        tell()
        if (now() - savedMs < SAVE_EVERY_MS) return
        savedMs = now()
        // Whoever changed its state meanwhile, in whatever process, has cancelled it.
        store.changeJob(id, ['running'], { progress }).then(
          (isMine) => isMine || abort.abort(),
          () => undefined,
        )
      },
    })
  }

  async function find(id: string): Promise<Job> {
    if (current?.id === id) return current.job
    const job = await store.getJob(id)
    if (job === undefined) throw new GemdexError('NOT_FOUND', 'There is no job of this id')
    return job
  }

  /** Jobs that a process left running when it was killed are queued again, as soon as it is sure that it was. */
  async function adoptOrphans(): Promise<void> {
    while (!closing.signal.aborted) {
      const orphans = (await store.listJobs(KEPT_JOBS)).filter(
        ({ id, state }) => state === 'running' && id !== current?.id,
      )
      if (orphans.length === 0) return
      const lock = await tryLock()
      if (lock !== undefined) {
        try {
          for (const { id } of orphans.reverse())
            if (await store.changeJob(id, ['running'], { state: 'queued' })) queue.push(id)
        } finally {
          lock.release()
        }
        pump()
        return
      }
      await wait(LOOK_FOR_ORPHANS_MS, undefined, { signal: closing.signal, ref: false }).catch(
        () => undefined,
      )
    }
  }

  return {
    async start(request, owner) {
      await dependencies.allowedPath(request.path)
      if (queue.length >= MAX_QUEUED) {
        throw new GemdexError('OVERLOADED', `${MAX_QUEUED} jobs wait already`, {
          hint: 'Try again when some have ended.',
          retryable: true,
          retryAfterMs: 60_000,
        })
      }
      const job: Job = {
        id: dependencies.newId(),
        owner,
        state: 'queued',
        request,
        progress: NONE,
        createdMs: now(),
      }
      await store.addJob(job)
      queue.push(job.id)
      pump()
      return job
    },

    get: find,
    async list(limit) {
      const jobs = await store.listJobs(limit)
      return jobs.map((job) => (job.id === current?.id ? current.job : job))
    },

    async cancel(id) {
      const job = await find(id)
      if (ENDED.includes(job.state)) return job
      const change = { state: 'cancelled', endedMs: now(), progress: job.progress } as const
      await store.changeJob(id, UNENDED, change)
      tell()
      // What it has begun to write is written when this resolves.
      while (current?.id === id) {
        current.abort.abort()
        await waitForChange(closing.signal)
      }
      return find(id)
    },

    async cancelWaiting(isAbout) {
      for (const { id, state, request } of await store.listJobs(KEPT_JOBS)) {
        if (ENDED.includes(state) || !(await isAbout(request))) continue
        await store.changeJob(id, UNENDED, { state: 'cancelled', endedMs: now() })
      }
      tell()
    },

    async *follow(id, signal) {
      const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
      let last: Job | undefined
      for (;;) {
        const woken = waitForChange(stop)
        const job = await find(id)
        if (last === undefined || JSON.stringify(job) !== JSON.stringify(last)) yield job
        last = job
        if (ENDED.includes(job.state)) return
        if (closing.signal.aborted) throw new GemdexError('UNAVAILABLE', 'The service is closing')
        if (stop.aborted) throw new GemdexError('CANCELLED', 'The job is not followed any longer')
        await Promise.all([woken, pause(TELL_EVERY_MS)])
      }
    },

    async resume() {
      const waiting = (await store.listJobs(KEPT_JOBS))
        .filter(({ state }) => state === 'queued' || state === 'interrupted')
        .reverse()
      for (const { id } of waiting) {
        await store.changeJob(id, ['interrupted'], { state: 'queued' })
        queue.push(id)
      }
      pump()
      watching ??= adoptOrphans().catch(() => undefined)
    },

    async close() {
      closing.abort()
      tell()
      await running
      await watching
    },
  }

  /** Resolves when something has changed here; now and then, since other processes change jobs too; or when aborted. */
  function waitForChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        changed.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, LOOK_AGAIN_MS)
      changed.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}

function advance(progress: JobProgress, event: IndexProgress): JobProgress {
  const { waitingUntilMs: _, ...rest } = progress
  switch (event.type) {
    case 'found':
      return { ...rest, files: event.files, toRead: event.toRead }
    case 'embedded':
      return {
        ...rest,
        embedded: rest.embedded + event.texts,
        tokens: rest.tokens + event.tokens,
        priceUsd: rest.priceUsd + event.priceUsd,
      }
    case 'described':
      return {
        ...rest,
        pictures: rest.pictures + 1,
        tokens: rest.tokens + event.tokens,
        priceUsd: rest.priceUsd + event.priceUsd,
      }
    case 'waiting':
      return { ...rest, waitingUntilMs: event.untilMs }
    case 'indexed':
      return { ...rest, indexed: rest.indexed + 1 }
    case 'skipped':
      return { ...rest, skipped: rest.skipped + 1 }
  }
}

/** A folder may hold any number of files that are skipped. */
function shortened(report: IndexReport): IndexReport {
  return {
    ...report,
    skippedFiles: report.skippedFiles.slice(0, MAX_LISTED),
    notices: report.notices.slice(0, MAX_LISTED),
    refused: report.refused.slice(0, MAX_LISTED),
  }
}
