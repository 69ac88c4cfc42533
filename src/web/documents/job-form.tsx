import { useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'

/** Names the folder that is to be indexed. `onStarted` and `onError` are told what came of it. */
export function JobForm({
  onStarted,
  onError,
}: {
  readonly onStarted: () => void
  readonly onError: (error: unknown) => void
}) {
  const client = usePage().service.client.value
  const [path, setPath] = useState('')
  const [collection, setCollection] = useState('')
  const [force, setForce] = useState(false)
  const start = async () => {
    const request = {
      path: path.trim(),
      ...(collection.trim() === '' ? {} : { collection: collection.trim() }),
      ...(force ? { force } : {}),
    }
    try {
      await client.jobs.start(request)
      setPath('')
      onStarted()
    } catch (error) {
      onError(error)
    }
  }
  return (
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
  )
}
