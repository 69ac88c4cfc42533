import type { Classification } from '../../../api/client.js'
import { formatShare } from '../../shared/format.js'

/** How likely the label of an item is; of one that got none, which label is likeliest. */
export function Likelihood({ item }: { readonly item: Classification['items'][number] }) {
  const { label, probability, probabilities } = item
  const [likeliest = ''] = Object.entries(probabilities).reduce(
    (best, each) => (each[1] > best[1] ? each : best),
    ['', -1],
  )
  return (
    <p class="likelihood small" title={describe(probabilities)}>
      {label === null && <bdi>{likeliest}</bdi>}
      <span class="likelihood-bar" aria-hidden="true">
        <span style={`width: ${Math.round(probability * 100)}%`} />
      </span>
      <span>{formatShare(probability)}</span>
    </p>
  )
}

/** All labels and how likely each is, the likeliest first. */
function describe(probabilities: Readonly<Record<string, number>>): string {
  return Object.entries(probabilities)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, share]) => `${name} ${formatShare(share)}`)
    .join(', ')
}
