import { useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'

/** Asks for a key when the service wants one. */
export function KeyPrompt() {
  const { service } = usePage()
  const dialog = useRef<HTMLDialogElement>(null)
  const [key, setKey] = useState('')
  const [remember, setRemember] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="key-title"
      onCancel={(event) => event.preventDefault()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '') service.useKey(key.trim(), remember)
        }}
      >
        <h2 id="key-title">This service needs a key</h2>
        {service.isKeyRefused.value && (
          <p class="field-error" role="alert">
            The service does not know the key that was given.
          </p>
        )}
        <label class="field">
          <span>API key</span>
          <input
            type="password"
            value={key}
            autocomplete="off"
            spellcheck={false}
            placeholder="gemdex_…"
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={remember}
            onChange={({ currentTarget }) => setRemember(currentTarget.checked)}
          />
          Remember it in this browser
        </label>
        <p class="muted small">
          Whoever runs the service makes one with <code>gemdex keys add &lt;name&gt;</code>. Without
          “remember” it is forgotten when this tab is closed.
        </p>
        <div class="dialog-actions">
          <button type="submit" class="button primary" disabled={key.trim() === ''}>
            Continue
          </button>
        </div>
      </form>
    </dialog>
  )
}
