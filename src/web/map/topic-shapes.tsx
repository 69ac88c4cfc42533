import type { Region } from './topic-regions.js'
import { type Sight, toScreen } from './viewport.js'

/** Where topics lie, beneath the points. As one picture that is seen through, so that edges and overlaps are no darker. */
export function TopicShapes({
  regions,
  sight,
}: {
  readonly regions: readonly Region[]
  readonly sight: Sight
}) {
  return (
    <svg class="map-regions" aria-hidden="true">
      {regions.map(({ outline }, i) => (
        <polygon key={i} points={outline.map((spot) => toScreen(sight, spot).join()).join(' ')} />
      ))}
    </svg>
  )
}
