import type { ErrorCode } from '../errors.js'
import type { IndexReport } from '../ingest/report.js'

/**
 * `queued` waits for its turn, `interrupted` for the next start of a service; `done`, `failed` and `cancelled` are final.
 */
export type JobState = 'queued' | 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'

/** What is to be indexed. */
export type JobRequest = {
  readonly path: string
  readonly collection?: string
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly force?: boolean
  readonly images?: boolean
}

export type JobProgress = {
  /** Files found, and how many of them are to be read. */
  readonly files: number
  readonly toRead: number
  readonly indexed: number
  readonly skipped: number
  /** Texts sent to the embedder, pictures that a model described, the tokens of both and their price where it is known. */
  readonly embedded: number
  readonly pictures: number
  readonly tokens: number
  readonly priceUsd: number
  /** Set while a quota or a failing service is waited for: until when, in milliseconds since 1970. */
  readonly waitingUntilMs?: number
}

export type JobError = { readonly code: ErrorCode; readonly message: string; readonly hint?: string }

export type Job = {
  readonly id: string
  /** Id of the key that asked for it; null where none is asked for. */
  readonly owner: string | null
  readonly state: JobState
  readonly request: JobRequest
  readonly progress: JobProgress
  /** Milliseconds since 1970. */
  readonly createdMs: number
  readonly startedMs?: number
  readonly endedMs?: number
  /** Of a job that is done. */
  readonly report?: IndexReport
  /** Of a job that failed. */
  readonly error?: JobError
}

export type JobChange = Partial<
  Pick<Job, 'state' | 'progress' | 'startedMs' | 'endedMs' | 'report' | 'error'>
>

/** Keeps jobs, so that they outlive the process. Methods throw GemdexError with a STORE_ code. */
export interface JobStore {
  addJob(job: Job): Promise<void>
  getJob(id: string): Promise<Job | undefined>
  /** The newest first. */
  listJobs(limit: number): Promise<Job[]>
  /** Changes a job that is in one of these states. Gives whether it was. */
  changeJob(id: string, from: readonly JobState[], change: JobChange): Promise<boolean>
  /** Drops ended jobs but the newest. */
  pruneJobs(keep: number): Promise<void>
}
