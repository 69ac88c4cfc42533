import { useState } from 'preact/hooks'
import { formatAge } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { describeError } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { formatRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'

const LIMIT = 100

/** The conversations that are kept, those with the latest turn first. */
export function SessionList({ shown }: { readonly shown: string | undefined }) {
  const { ask, router } = usePage()
  const [renaming, setRenaming] = useState<string>()
  const [removing, setRemoving] = useState<string>()
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
    setRemoving(undefined)
    await attempt(ask.remove(id))
    if (id === shown) router.replace({ view: 'ask' })
  }
  const rename = async (id: string, title: string) => {
    setRenaming(undefined)
    if (title.trim() !== '') await attempt(ask.rename(id, title.trim()))
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
        {value?.sessions.map(({ id, title, updatedMs, turns }) => (
          <li key={id} data-shown={id === shown}>
            {renaming === id ? (
              <RenameForm title={title} onDone={(next) => void rename(id, next)} />
            ) : (
              <a
                href={formatRoute({ view: 'ask', session: id })}
                {...(id === shown ? { 'aria-current': 'true' as const } : {})}
              >
                <span class="session-title" dir="auto">
                  {title || 'Without a title'}
                </span>
                <span class="muted small">
                  {formatAge(updatedMs, Date.now())} · {turns}
                </span>
              </a>
            )}
            {removing === id ? (
              <span class="session-tools" data-open>
                <button type="button" class="button danger small" onClick={() => void remove(id)}>
                  Remove
                </button>
                <button type="button" class="button small" onClick={() => setRemoving(undefined)}>
                  Keep
                </button>
              </span>
            ) : (
              renaming !== id && (
                <span class="session-tools">
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Rename ${title}`}
                    title="Rename"
                    onClick={() => setRenaming(id)}
                  >
                    <Icon name="pencil" />
                  </button>
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Remove ${title}`}
                    title="Remove"
                    onClick={() => setRemoving(id)}
                  >
                    <Icon name="trash" />
                  </button>
                </span>
              )
            )}
          </li>
        ))}
      </ul>
    </aside>
  )
}

function RenameForm({ title, onDone }: { readonly title: string; readonly onDone: (title: string) => void }) {
  const [text, setText] = useState(title)
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault()
        onDone(text)
      }}
    >
      <input
        value={text}
        dir="auto"
        maxLength={200}
        aria-label="Title of the conversation"
        ref={(input) => input?.focus()}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => onDone(text)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onDone('')
        }}
      />
    </form>
  )
}
