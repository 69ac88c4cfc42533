import { useEffect, useRef, useState } from 'preact/hooks'
import type { Job } from '../../api/client.js'
import { ErrorNotice } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { JobCard } from './job-card.js'

const FOLLOW_AGAIN_MS = 2_000

/** A job as it goes on. */
export function FollowedJob({ job, onEnd }: { readonly job: Job; readonly onEnd: () => void }) {
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
