import { Icon } from '../../shared/icons.js'
import type { LabelEntry } from '../../state/labels-route.js'

/** One label: its name, and a description, examples, or both. */
export function LabelRow({
  label,
  ordinal,
  isNeeded,
  onChange,
  onRemove,
}: {
  readonly label: LabelEntry
  readonly ordinal: number
  /** Whether there would be too few without it. */
  readonly isNeeded: boolean
  readonly onChange: (label: LabelEntry) => void
  readonly onRemove: () => void
}) {
  return (
    <fieldset class="label-row">
      <legend class="visually-hidden">Label {ordinal}</legend>
      <div class="label-name">
        <label class="field">
          <span>Name</span>
          <input
            name="label"
            value={label.name}
            maxLength={255}
            dir="auto"
            autocomplete="off"
            {...(ordinal === 1 ? { 'data-search': true } : {})}
            onInput={({ currentTarget: { value } }) => onChange({ ...label, name: value })}
          />
        </label>
        {!isNeeded && (
          <button
            type="button"
            class="icon-button"
            aria-label={`Remove label ${ordinal}${label.name === '' ? '' : `, “${label.name}”`}`}
            title="Remove this label"
            onClick={onRemove}
          >
            <Icon name="trash" />
          </button>
        )}
      </div>
      <label class="field">
        <span>Description</span>
        <input
          value={label.description}
          maxLength={8_000}
          dir="auto"
          autocomplete="off"
          onInput={({ currentTarget: { value } }) => onChange({ ...label, description: value })}
        />
      </label>
      <label class="field">
        <span>Examples, one a line</span>
        <textarea
          value={label.examples}
          rows={2}
          dir="auto"
          onInput={({ currentTarget: { value } }) => onChange({ ...label, examples: value })}
        />
      </label>
    </fieldset>
  )
}
