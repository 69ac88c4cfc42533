import { useState } from 'preact/hooks'
import { Icon } from '../shared/icons.js'
import { describeError } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { formatRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { SessionRow } from './session-row.js'

const LIMIT = 100

/** The conversations that are kept, those with the latest turn first. */
export function SessionList({ shown }: { readonly shown: string | undefined }) {
  const { ask, router } = usePage()
  const [problem, setProblem] = useState('')
  const changes = ask.changes.value
  const { value, error } = useLoad(
    'sessions',
    (client, signal) => client.sessions.list({ limit: LIMIT }, { signal }),
    changes,
  )
  const attempt = async (work: Promise<void>) => {
    try {
      await work
      setProblem('')
    } catch (thrown) {
      setProblem(describeError(thrown).message)
    }
  }
  const remove = async (id: string) => {
    await attempt(ask.remove(id))
    if (id === shown) router.replace({ view: 'ask' })
  }
  return (
    <aside class="sessions" aria-label="Conversations">
      <a class="button" href={formatRoute({ view: 'ask' })}>
        <Icon name="plus" /> New conversation
      </a>
      {(problem !== '' || error !== undefined) && (
        <p class="field-error" role="alert">
          {problem || describeError(error).message}
        </p>
      )}
      <ul>
        {value?.sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            isShown={session.id === shown}
            onRename={(title) => void attempt(ask.rename(session.id, title))}
            onRemove={() => void remove(session.id)}
          />
        ))}
      </ul>
    </aside>
  )
}
