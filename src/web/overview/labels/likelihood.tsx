import { useState } from 'preact/hooks'
import type { Classification } from '../../../api/client.js'
import { formatShare } from '../../shared/format.js'

type Item = Classification['items'][number]

/** How likely the label of an item is; of one that got none, which label is likeliest. */
export function Likelihood({ item }: { readonly item: Item }) {
  const { label, probability } = item
  const all = likelihoods(item)
  return (
    <p
      class="likelihood small"
      title={all.map(([name, share]) => `${name} ${formatShare(share)}`).join(', ')}
    >
      {label === null && <bdi>{all[0]?.[0]}</bdi>}
      <span class="likelihood-bar" aria-hidden="true">
        <span style={`width: ${Math.round(probability * 100)}%`} />
      </span>
      <span>{formatShare(probability)}</span>
    </p>
  )
}

/** How likely each label is, for those who want to see it: there may be 50 labels, and 1,000 texts. */
export function AllLikelihoods({ item }: { readonly item: Item }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="small" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>All labels</summary>
      {isOpen && (
        <ul class="muted">
          {likelihoods(item).map(([name, share]) => (
            <li key={name}>
              <bdi>{name}</bdi> {formatShare(share)}
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}

/** The likeliest first. */
function likelihoods({ probabilities }: Item): [name: string, share: number][] {
  return Object.entries(probabilities).toSorted(([, a], [, b]) => b - a)
}
