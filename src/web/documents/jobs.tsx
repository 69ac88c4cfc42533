import { useEffect, useRef, useState } from 'preact/hooks'
import type { Job } from '../../api/client.js'
import { ErrorNotice } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { useLoad } from '../state/use-load.js'
import { JobCard } from './job-card.js'

const SHOWN = 5
const FOLLOW_AGAIN_MS = 2_000

/** Indexes a folder of the machine that the service runs on, and shows how far that is. */
export function Jobs({ onChange }: { readonly onChange: () => void }) {
  const client = usePage().service.client.value
  const [path, setPath] = useState('')
  const [collection, setCollection] = useState('')
  const [force, setForce] = useState(false)
  const [error, setError] = useState<unknown>()
  const jobs = useLoad('jobs', (each, signal) => each.jobs.list({ limit: SHOWN }, { signal }))

  const start = async () => {
    setError(undefined)
    try {
      await client.jobs.start({
        path: path.trim(),
        ...(collection.trim() === '' ? {} : { collection: collection.trim() }),
        ...(force ? { force } : {}),
      })
      setPath('')
      jobs.reload()
    } catch (thrown) {
      setError(thrown)
    }
  }
  const onEnd = () => {
    jobs.reload()
    onChange()
  }

  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs">Index a folder</h2>
      <form
        class="job-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (path.trim() !== '') void start()
        }}
      >
        <label class="field">
          <span>Folder of the server</span>
          <input
            value={path}
            placeholder="/srv/documents"
            spellcheck={false}
            onInput={({ currentTarget }) => setPath(currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Collection</span>
          <input
            value={collection}
            placeholder="the folder's name"
            dir="auto"
            maxLength={255}
            onInput={({ currentTarget }) => setCollection(currentTarget.value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={force}
            onChange={({ currentTarget }) => setForce(currentTarget.checked)}
          />
          Read unchanged files again
        </label>
        <button type="submit" class="button primary" disabled={path.trim() === ''}>
          Start
        </button>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {jobs.error !== undefined && <ErrorNotice error={jobs.error} onRetry={jobs.reload} />}
      <ul class="jobs">
        {jobs.value?.jobs.slice(0, SHOWN).map((job) => (
          <li key={job.id}>
            <FollowedJob job={job} onEnd={onEnd} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A job as it goes on. */
function FollowedJob({ job, onEnd }: { readonly job: Job; readonly onEnd: () => void }) {
  const { service } = usePage()
  const client = service.client.value
  const epoch = service.epoch.value
  const [followed, setFollowed] = useState(job)
  const [attempt, setAttempt] = useState(0)
  const [error, setError] = useState<unknown>()
  const end = useRef(onEnd)
  end.current = onEnd
  const current = isOver(job) ? job : followed
  const goesOn = !isOver(job)

  useEffect(() => {
    if (!goesOn) return
    const abort = new AbortController()
    const follow = async () => {
      for await (const next of client.jobs.follow(job.id, { signal: abort.signal })) setFollowed(next)
      end.current()
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    follow().catch(() => {
      // A stream that breaks off, as when the service ends, is followed again.
      if (!abort.signal.aborted) timer = setTimeout(() => setAttempt((count) => count + 1), FOLLOW_AGAIN_MS)
    })
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [job.id, goesOn, client, epoch, attempt])

  return (
    <>
      <JobCard job={current} onCancel={() => void client.jobs.cancel(job.id).catch(setError)} />
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  )
}

function isOver({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
