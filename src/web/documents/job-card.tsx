import type { Job } from '../../api/client.js'
import { countOf, formatAge, formatDuration, formatPrice } from '../shared/format.js'

const STATES: Readonly<Record<Job['state'], string>> = {
  queued: 'waiting for its turn',
  running: 'being indexed',
  interrupted: 'interrupted; it goes on when the service starts again',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}
const MAX_FILES = 50

/** One job: how far it is, or what came of it. */
export function JobCard({ job, onCancel }: { readonly job: Job; readonly onCancel: () => void }) {
  const { state, collection, progress, report, error } = job
  const isUnderWay = state === 'queued' || state === 'running'
  const treated = progress.indexed + progress.skipped
  return (
    <article class="job" data-state={state}>
      <p class="job-head">
        <strong dir="auto">{report?.collection ?? collection ?? 'A folder'}</strong>
        <span class="muted small">
          {STATES[state]} · {formatAge(job.endedMs ?? job.startedMs ?? job.createdMs, Date.now())}
        </span>
        {isUnderWay && (
          <button type="button" class="link-button small" onClick={onCancel}>
            Cancel
          </button>
        )}
      </p>
      {state === 'running' && (
        <>
          <progress
            {...(progress.toRead === 0 ? {} : { max: progress.toRead, value: treated })}
            aria-label="Files read"
          />
          <p class="muted small" role="status">
            {treated} of {countOf(progress.toRead, 'file')} read, {countOf(progress.embedded, 'passage')}{' '}
            embedded
            {progress.priceUsd > 0 && `, ${formatPrice(progress.priceUsd)}`}
            {progress.waitingUntilMs !== undefined &&
              `; waits for the provider until ${new Date(progress.waitingUntilMs).toLocaleTimeString()}`}
          </p>
        </>
      )}
      {report !== undefined && <Report report={report} />}
      {error !== undefined && (
        <p class="field-error" dir="auto">
          {error.message}. {error.hint}
        </p>
      )}
    </article>
  )
}

function Report({ report }: { readonly report: NonNullable<Job['report']> }) {
  const { indexed, unchanged, skipped, removed, embedded, tookMs, skippedFiles, notices, notes } = report
  const troubles = [
    ...skippedFiles.map(({ uri, reason, message }) => ({ uri, message: message || reason })),
    ...notices.map(({ uri, message }) => ({ uri, message })),
  ]
  return (
    <>
      <p class="small">
        {countOf(indexed, 'file')} indexed, {unchanged} unchanged, {skipped} skipped, {removed} removed ·{' '}
        {countOf(embedded, 'passage')} embedded · {formatDuration(tookMs)}
      </p>
      {notes.map((note) => (
        <p key={note} class="muted small" dir="auto">
          {note}
        </p>
      ))}
      {troubles.length > 0 && (
        <details class="small">
          <summary>{countOf(troubles.length, 'file needs', 'files need')} a look</summary>
          <ul>
            {troubles.slice(0, MAX_FILES).map(({ uri, message }, i) => (
              <li key={i}>
                <bdi class="path">{uri}</bdi>: <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
