import { useState } from 'preact/hooks'
import type { Gaps } from '../../api/client.js'
import { countOf } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { EmptyState, ErrorNotice, Loading, Note } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { EMPTY_SEARCH, formatRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'

type Question = Gaps['topics'][number]['questions'][number]

const OUTCOMES: Readonly<Record<Question['outcome'], string>> = {
  refused: 'refused',
  nothing: 'found nothing',
}

/** What people asked and the documents did not answer, where that is kept. */
export function GapsTab() {
  const { service } = usePage()
  const client = service.client.value
  const { value, error, reload } = useLoad('gaps', (client, signal) => client.gaps.list({ signal }))
  const [failure, setFailure] = useState<unknown>()
  const forget = (question?: string) =>
    client.gaps.forget(question === undefined ? {} : { question }).then(() => {
      setFailure(undefined)
      reload()
    }, setFailure)
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />
  if (value === undefined) return <Loading what="Reading the questions …" />
  if (value.questions === 0) return <NoGaps keeping={value.keeping} />
  return (
    <>
      <p class="muted small">
        {countOf(value.questions, 'question')}, asked {countOf(value.asked, 'time')}
      </p>
      {!value.keeping && <Note>Questions are not kept any more: these are from before.</Note>}
      {failure !== undefined && <ErrorNotice error={failure} />}
      <ol class="gap-topics">
        {value.topics.map(({ title, asked, questions }, i) => (
          <li key={i}>
            {title !== null && (
              <h2 dir="auto">
                {title} <span class="muted small">asked {countOf(asked, 'time')}</span>
              </h2>
            )}
            <ul>
              {questions.map((question) => (
                <QuestionRow key={question.question} question={question} onForget={forget} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <ForgetAll onForget={() => void forget()} />
    </>
  )
}

function NoGaps({ keeping }: { readonly keeping: boolean }) {
  return keeping ? (
    <EmptyState title="No unanswered questions so far">
      <p>Questions that are refused, and searches that find nothing, will be listed here.</p>
    </EmptyState>
  ) : (
    <EmptyState title="Questions are not kept">
      <p>
        Whoever runs the service may have the text of questions kept that the documents do not answer, without
        who asked: <code>GEMDEX_KEEP_GAPS=yes</code>.
      </p>
    </EmptyState>
  )
}

function QuestionRow({
  question: { question, asked, outcome, fromDay, toDay },
  onForget,
}: {
  readonly question: Question
  readonly onForget: (question: string) => Promise<void>
}) {
  return (
    <li class="gap">
      <div>
        <a href={formatRoute({ ...EMPTY_SEARCH, query: question })} dir="auto" title="Search for it now">
          {question}
        </a>
        <p class="muted small">
          {OUTCOMES[outcome]}, {countOf(asked, 'time')},{' '}
          {fromDay === toDay ? toDay : `${fromDay} to ${toDay}`}
        </p>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={`Forget “${question}”`}
        title="Forget this question"
        onClick={() => void onForget(question)}
      >
        <Icon name="trash" />
      </button>
    </li>
  )
}

function ForgetAll({ onForget }: { readonly onForget: () => void }) {
  const [isAsked, setAsked] = useState(false)
  if (!isAsked)
    return (
      <button type="button" class="link-button small" onClick={() => setAsked(true)}>
        Forget all questions
      </button>
    )
  return (
    <p class="document-tools">
      <button type="button" class="button danger small" onClick={onForget}>
        Forget all
      </button>
      <button type="button" class="button small" onClick={() => setAsked(false)}>
        Keep
      </button>
    </p>
  )
}
