import type { ComponentChildren } from 'preact'
import type { Progress } from '../../api/client.js'
import { EmptyState, ErrorNotice } from '../shared/notices.js'
import type { Survey } from './use-survey.js'

const STAGES: Readonly<Record<string, string>> = {
  reading: 'Reading the passages',
  embedding: 'Waiting for the model',
  comparing: 'Comparing',
  grouping: 'Grouping',
}

/** What takes long: how far it is, what went wrong, or what came of it. */
export function SurveyFrame<T>({
  survey,
  what,
  isAskedElsewhere = false,
  children,
}: {
  readonly survey: Survey<T>
  readonly what: string
  /** Whether there is a button for it already. */
  readonly isAskedElsewhere?: boolean
  readonly children: (value: T) => ComponentChildren
}) {
  const { value, error, isLoading, isCancelled, progress, cancel, reload } = survey
  if (isLoading) return <SurveyProgress what={what} progress={progress} onCancel={cancel} />
  if (isCancelled)
    return (
      <EmptyState title="Cancelled">
        <button type="button" class="button" onClick={reload}>
          Start again
        </button>
      </EmptyState>
    )
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />
  if (value === undefined) return null
  return (
    <>
      {children(value)}
      {!isAskedElsewhere && (
        <p class="survey-foot">
          <button type="button" class="link-button small" onClick={reload}>
            Look again
          </button>
        </p>
      )}
    </>
  )
}

function SurveyProgress({
  what,
  progress,
  onCancel,
}: {
  readonly what: string
  readonly progress: Progress | undefined
  readonly onCancel: () => void
}) {
  const { stage = '', done = 0, total = 0 } = progress ?? {}
  return (
    <div class="survey-progress">
      <p role="status">{STAGES[stage] ?? what} …</p>
      <progress {...(total === 0 ? {} : { max: total, value: done })} aria-label={what} />
      <button type="button" class="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  )
}
