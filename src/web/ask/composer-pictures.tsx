import { Icon } from '../shared/icons.js'
import type { Pictures } from './use-pictures.js'

/** The pictures of a question that is being written. */
export function ComposerPictures({ pictures: { list, problem, remove } }: { readonly pictures: Pictures }) {
  return (
    <>
      {problem !== '' && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      {list.length > 0 && (
        <ul class="pictures">
          {list.map((picture, i) => (
            <li key={picture.url}>
              <img src={picture.url} alt={`No. ${i + 1}`} />
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove picture ${i + 1}`}
                onClick={() => remove(picture)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

export function AddPicture({ onAdd }: { readonly onAdd: Pictures['add'] }) {
  return (
    <label class="icon-button" title="Add a picture (or drop or paste one)">
      <Icon name="picture" />
      <input
        type="file"
        class="visually-hidden"
        accept="image/png,image/jpeg,image/webp,image/heic,image/heif"
        multiple
        aria-label="Add pictures"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          currentTarget.value = ''
          void onAdd(files)
        }}
      />
    </label>
  )
}
