import { useRef } from 'preact/hooks'
import { Icon } from '../../shared/icons.js'
import type { LabelEntry, LabelsRoute } from '../../state/labels-route.js'
import { LEAST_LABELS, labelRows, leastPercent, NEW_LABEL, whatIsMissing } from './classify-body.js'
import { LabelRow } from './label-row.js'
import { LabelScope } from './label-scope.js'

const MAX_LABELS = 50

/** Labels with what is said of them, and what they are to be given to. */
export function LabelForm({
  draft,
  onChange,
  onSubmit,
}: {
  readonly draft: LabelsRoute
  readonly onChange: (draft: LabelsRoute) => void
  readonly onSubmit: () => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const rows = labelRows(draft)
  const missing = whatIsMissing(draft)
  const set = (labels: readonly LabelEntry[]) => onChange({ ...draft, labels })
  const focusName = (at: number) =>
    requestAnimationFrame(() =>
      form.current?.querySelectorAll<HTMLElement>('.label-row [name="label"]')[at]?.focus(),
    )
  const submit = () => {
    if (missing === undefined) onSubmit()
  }
  return (
    <form
      ref={form}
      class="labels-form"
      aria-label="Labels"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
      }}
    >
      <ol class="label-rows">
        {rows.map((label, i) => (
          <li key={i}>
            <LabelRow
              label={label}
              ordinal={i + 1}
              isNeeded={rows.length <= LEAST_LABELS}
              onChange={(changed) => set(rows.with(i, changed))}
              onRemove={() => {
                set(rows.toSpliced(i, 1))
                focusName(Math.max(0, i - 1))
              }}
            />
          </li>
        ))}
      </ol>
      {rows.length < MAX_LABELS && (
        <button
          type="button"
          class="button"
          onClick={() => {
            set([...rows, NEW_LABEL])
            focusName(rows.length)
          }}
        >
          <Icon name="plus" /> Add a label
        </button>
      )}
      <LabelScope draft={draft} onChange={onChange} />
      <label class="labels-least">
        <span>Give a label that is at least this likely</span>
        <span>
          <input
            type="number"
            min={0}
            max={99}
            step={5}
            value={leastPercent(draft)}
            onInput={({ currentTarget: { value } }) => {
              if (/^\d{1,2}$/.test(value)) onChange({ ...draft, least: value })
            }}
            onBlur={({ currentTarget }) => {
              // A field left empty shows what holds.
              currentTarget.value = leastPercent(draft)
            }}
          />{' '}
          %
        </span>
      </label>
      <div class="labels-start">
        <button
          type="submit"
          class="button primary"
          disabled={missing !== undefined}
          aria-describedby="labels-missing"
        >
          Give labels
        </button>
        <p id="labels-missing" class="muted small" dir="auto">
          {missing}
        </p>
      </div>
    </form>
  )
}
