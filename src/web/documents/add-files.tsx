import { useState } from 'preact/hooks'
import { formatBytes } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { describeError } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { formatRoute } from '../state/route.js'

type Upload = {
  readonly name: string
  readonly sizeBytes: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  readonly documentId?: string
  readonly message?: string
}

/** Puts files into the index: dropped, or chosen. One after the other, as the service takes few at once. */
export function AddFiles({ onChange }: { readonly onChange: () => void }) {
  const client = usePage().service.client.value
  const [collection, setCollection] = useState('')
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const [isOver, setOver] = useState(false)

  const add = async (files: readonly File[]) => {
    const first = uploads.length
    const change = (i: number, change: Partial<Upload>) =>
      setUploads((all) => all.map((upload, at) => (at === first + i ? { ...upload, ...change } : upload)))
    setUploads([
      ...uploads,
      ...files.map(({ name, size }) => ({ name, sizeBytes: size, state: 'waiting' as const })),
    ])
    for (const [i, file] of files.entries()) {
      change(i, { state: 'sending' })
      const query = {
        uri: uriOf(file),
        ...(collection.trim() === '' ? {} : { collection: collection.trim() }),
      }
      try {
        const { documents, notices } = await client.documents.put(file, query)
        const message = notices.map((notice) => notice.message).join(' ')
        const documentId = documents[0]?.id
        change(i, { state: 'done', message, ...(documentId === undefined ? {} : { documentId }) })
      } catch (error) {
        const { message, hint = '' } = describeError(error)
        change(i, { state: 'failed', message: `${message}. ${hint}`.trim() })
      }
    }
    onChange()
  }

  return (
    <section aria-labelledby="add-files">
      <h2 id="add-files">Add files</h2>
      <label
        class="drop"
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void add([...(event.dataTransfer?.files ?? [])])
        }}
      >
        <Icon name="plus" />
        <span>Drop files here, or choose some</span>
        <input
          type="file"
          multiple
          class="visually-hidden"
          aria-label="Choose files to add"
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])]
            currentTarget.value = ''
            void add(files)
          }}
        />
      </label>
      <label class="field">
        <span>Into the collection</span>
        <input
          value={collection}
          placeholder="pushed"
          dir="auto"
          maxLength={255}
          onInput={({ currentTarget }) => setCollection(currentTarget.value)}
        />
      </label>
      {uploads.length > 0 && (
        <ul class="uploads" aria-live="polite">
          {uploads.map((upload, i) => (
            <UploadRow key={i} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  )
}

const STATES = { waiting: 'waiting', sending: 'being added …', done: 'added', failed: 'not added' } as const

function UploadRow({ upload }: { readonly upload: Upload }) {
  const { name, sizeBytes, state, documentId, message = '' } = upload
  return (
    <li data-state={state}>
      {documentId === undefined ? (
        <bdi>{name}</bdi>
      ) : (
        <a href={formatRoute({ view: 'document', id: documentId })} dir="auto">
          {name}
        </a>
      )}{' '}
      <span class="muted small">
        {formatBytes(sizeBytes)}, {STATES[state]}
      </span>
      {message !== '' && (
        <p class={state === 'failed' ? 'field-error' : 'muted small'} dir="auto">
          {message}
        </p>
      )}
    </li>
  )
}

/** The service takes no backslashes and control characters in a name. */
function uriOf({ name }: File): string {
  return name.replace(/[\p{Cc}\\]/gu, '_').replace(/^\.+$/, '_')
}
