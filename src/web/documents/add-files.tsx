import { useState } from 'preact/hooks'
import { formatBytes } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { useDrop } from '../shared/use-drop.js'
import { formatRoute } from '../state/route.js'
import { type Upload, useUploads } from './use-uploads.js'

/** Puts files into the index: dropped, or chosen. */
export function AddFiles({ onChange }: { readonly onChange: () => void }) {
  const [collection, setCollection] = useState('')
  const { uploads, add } = useUploads(collection, onChange)
  const drop = useDrop((files) => void add(files))
  return (
    <section aria-labelledby="add-files">
      <h2 id="add-files">Add files</h2>
      <label class="drop" data-over={drop.isOver} {...drop.handlers}>
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
