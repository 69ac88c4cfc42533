import { useState } from 'preact/hooks'
import type { SessionSummary } from '../../api/client.js'
import { formatAge } from '../shared/format.js'
import { Icon, type IconName } from '../shared/icons.js'
import { formatRoute } from '../state/route.js'

/** A conversation to go on with, to rename, or to remove: that is asked again. */
export function SessionRow({
  session: { id, title, updatedMs, turns },
  isShown,
  onRename,
  onRemove,
}: {
  readonly session: SessionSummary
  readonly isShown: boolean
  readonly onRename: (title: string) => void
  readonly onRemove: () => void
}) {
  const [state, setState] = useState<'plain' | 'renaming' | 'removing'>('plain')
  if (state === 'renaming')
    return (
      <li data-shown={isShown}>
        <RenameForm
          title={title}
          onDone={(next) => {
            setState('plain')
            if (next.trim() !== '') onRename(next.trim())
          }}
        />
      </li>
    )
  return (
    <li data-shown={isShown}>
      <a
        href={formatRoute({ view: 'ask', session: id })}
        {...(isShown ? { 'aria-current': 'true' as const } : {})}
      >
        <span class="session-title" dir="auto">
          {title || 'Without a title'}
        </span>
        <span class="muted small">
          {formatAge(updatedMs, Date.now())} · {turns}
        </span>
      </a>
      {state === 'removing' ? (
        <span class="session-tools" data-open>
          <button type="button" class="button danger small" onClick={onRemove}>
            Remove
          </button>
          <button type="button" class="button small" onClick={() => setState('plain')}>
            Keep
          </button>
        </span>
      ) : (
        <span class="session-tools">
          <ToolButton icon="pencil" name="Rename" title={title} onClick={() => setState('renaming')} />
          <ToolButton icon="trash" name="Remove" title={title} onClick={() => setState('removing')} />
        </span>
      )}
    </li>
  )
}

function ToolButton({
  icon,
  name,
  title,
  onClick,
}: {
  readonly icon: IconName
  readonly name: string
  readonly title: string
  readonly onClick: () => void
}) {
  return (
    <button type="button" class="icon-button" aria-label={`${name} ${title}`} title={name} onClick={onClick}>
      <Icon name={icon} />
    </button>
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
