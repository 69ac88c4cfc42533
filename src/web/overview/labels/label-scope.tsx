import { useRef } from 'preact/hooks'
import { CollectionSelect } from '../../shared/collection-select.js'
import { optional } from '../../state/fragment.js'
import type { LabelsRoute } from '../../state/labels-route.js'

/** What labels are given to: documents of the index, or texts of one's own. */
export function LabelScope({
  draft,
  onChange,
}: {
  readonly draft: LabelsRoute
  readonly onChange: (draft: LabelsRoute) => void
}) {
  const { texts, ...ofDocuments } = draft
  const { collection: chosen, ...ofAll } = ofDocuments
  // Whoever looks at the documents and comes back finds what was written.
  const written = useRef(texts ?? '')
  written.current = texts ?? written.current
  const choose = (isOwn: boolean) => onChange(isOwn ? { ...draft, texts: written.current } : ofDocuments)
  return (
    <div class="labels-scope">
      <fieldset class="segmented">
        <legend class="visually-hidden">What gets labels</legend>
        {[false, true].map((isOwn) => (
          <label key={String(isOwn)}>
            <input
              type="radio"
              name="labels-scope"
              checked={isOwn === (texts !== undefined)}
              onChange={() => choose(isOwn)}
            />
            <span>{isOwn ? 'My own texts' : 'Documents'}</span>
          </label>
        ))}
      </fieldset>
      {texts === undefined ? (
        <>
          <CollectionSelect
            chosen={chosen}
            onChoose={(name) => onChange({ ...ofAll, ...optional('collection', name ?? '') })}
          />
          <label class="field">
            <span>Only where the path is like</span>
            <input
              value={draft.path ?? ''}
              placeholder="**/2024/*.pdf"
              spellcheck={false}
              autocomplete="off"
              onInput={({ currentTarget: { value } }) => onChange({ ...draft, path: value })}
            />
          </label>
        </>
      ) : (
        <label class="field">
          <span>Texts, with an empty line between them</span>
          <textarea
            value={texts}
            rows={6}
            dir="auto"
            onInput={({ currentTarget: { value } }) => onChange({ ...draft, texts: value })}
          />
        </label>
      )}
    </div>
  )
}
