import { useState } from 'preact/hooks'
import { ErrorNotice } from '../shared/notices.js'
import { useLoad } from '../state/use-load.js'
import { FollowedJob } from './followed-job.js'
import { JobForm } from './job-form.js'

const SHOWN = 5

/** Indexes a folder of the machine that the service runs on, and shows how far that is. */
export function Jobs({ onChange }: { readonly onChange: () => void }) {
  const [error, setError] = useState<unknown>()
  const jobs = useLoad('jobs', (client, signal) => client.jobs.list({ limit: SHOWN }, { signal }))
  const onStarted = () => {
    setError(undefined)
    jobs.reload()
  }
  const onEnd = () => {
    jobs.reload()
    onChange()
  }
  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs">Index a folder</h2>
      <JobForm onStarted={onStarted} onError={setError} />
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
