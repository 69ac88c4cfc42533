import { useState } from 'preact/hooks'
import type { Classification } from '../../../api/client.js'
import { DocumentLink } from '../../shared/document-link.js'
import { countOf, formatCount } from '../../shared/format.js'
import { Likelihood } from './likelihood.js'

type Item = Classification['items'][number]

/** Documents of a label that are shown at first, and with every step. */
const SHOWN = 10
const MORE = 50

/** The documents by their label, the surest first; at the end those that got none. */
export function LabelledDocuments({
  names,
  items,
}: {
  readonly names: readonly string[]
  readonly items: readonly Item[]
}) {
  const groups = [...names, null].map((label) => ({
    label,
    own: items.filter((item) => item.label === label).toSorted((a, b) => b.probability - a.probability),
  }))
  return (
    <>
      {groups.map(
        ({ label, own }, i) =>
          (own.length > 0 || label !== null) && <Group key={i} label={label} items={own} />,
      )}
    </>
  )
}

function Group({ label, items }: { readonly label: string | null; readonly items: readonly Item[] }) {
  const [shown, setShown] = useState(SHOWN)
  const left = items.length - shown
  return (
    <section class="label-group" data-label={label === null ? 'none' : 'given'}>
      <h2>
        {label === null ? 'No label' : <bdi>{label}</bdi>}{' '}
        <span class="muted small">{countOf(items.length, 'document')}</span>
      </h2>
      {label === null && <p class="muted small">No label was likely enough. Which one was likeliest:</p>}
      <ul>
        {items.slice(0, shown).map((item) => (
          <li key={item.documentId}>
            <div class="passage-link">
              <DocumentLink
                id={item.documentId ?? ''}
                title={item.title ?? ''}
                collection={item.collection ?? ''}
                uri={item.uri ?? ''}
              />
            </div>
            <Likelihood item={item} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="link-button small" onClick={() => setShown(shown + MORE)}>
          {formatCount(left)} more
        </button>
      )}
    </section>
  )
}
