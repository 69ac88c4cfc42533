import type { Database } from 'better-sqlite3'
import type { Job, JobChange, JobState } from '../../jobs/job-store.js'

type JobRow = {
  id: string
  owner: string | null
  state: JobState
  request: string
  progress: string
  createdMs: number
  startedMs: number | null
  endedMs: number | null
  report: string | null
  error: string | null
}

const COLUMNS = `id, owner, state, request, progress, created_ms AS createdMs, started_ms AS startedMs,
  ended_ms AS endedMs, report, error`

export type JobTables = ReturnType<typeof createJobTables>

/** Jobs; what is a matter of the job's own is kept as JSON. Writes expect to run inside the caller's transaction. */
export function createJobTables(database: Database) {
  const insert = database.prepare<JobRow>(
    `INSERT INTO jobs (id, owner, state, request, progress, created_ms, started_ms, ended_ms, report, error)
     VALUES ($id, $owner, $state, $request, $progress, $createdMs, $startedMs, $endedMs, $report, $error)`,
  )
  const byId = database.prepare<[string], JobRow>(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`)
  const newest = database.prepare<[number], JobRow>(
    `SELECT ${COLUMNS} FROM jobs ORDER BY created_ms DESC, rowid DESC LIMIT ?`,
  )
  const update = database.prepare<JobRow>(
    `UPDATE jobs SET state = $state, progress = $progress, started_ms = $startedMs, ended_ms = $endedMs,
       report = $report, error = $error WHERE id = $id`,
  )
  const prune = database.prepare<[number]>(
    `DELETE FROM jobs WHERE state IN ('done', 'failed', 'cancelled') AND rowid NOT IN
       (SELECT rowid FROM jobs ORDER BY created_ms DESC, rowid DESC LIMIT ?)`,
  )

  return {
    add(job: Job): void {
      insert.run(toRow(job))
    },

    get(id: string): Job | undefined {
      const row = byId.get(id)
      return row && toJob(row)
    },

    list(limit: number): Job[] {
      return newest.all(limit).map(toJob)
    },

    change(id: string, from: readonly JobState[], change: JobChange): boolean {
      const row = byId.get(id)
      if (row === undefined || !from.includes(row.state)) return false
      update.run(toRow({ ...toJob(row), ...change }))
      return true
    },

    prune(keep: number): void {
      prune.run(keep)
    },
  }
}

function toRow({ request, progress, report, error, startedMs, endedMs, ...rest }: Job): JobRow {
  return {
    ...rest,
    request: JSON.stringify(request),
    progress: JSON.stringify(progress),
    startedMs: startedMs ?? null,
    endedMs: endedMs ?? null,
    report: report === undefined ? null : JSON.stringify(report),
    error: error === undefined ? null : JSON.stringify(error),
  }
}

function toJob({ request, progress, startedMs, endedMs, report, error, ...rest }: JobRow): Job {
  return {
    ...rest,
    request: JSON.parse(request) as Job['request'],
    progress: JSON.parse(progress) as Job['progress'],
    ...(startedMs === null ? {} : { startedMs }),
    ...(endedMs === null ? {} : { endedMs }),
    ...(report === null ? {} : { report: JSON.parse(report) as NonNullable<Job['report']> }),
    ...(error === null ? {} : { error: JSON.parse(error) as NonNullable<Job['error']> }),
  }
}
