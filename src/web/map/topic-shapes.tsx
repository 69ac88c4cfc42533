import type { Region } from './topic-regions.js'
import { type Size, toScreen, type Viewport } from './viewport.js'

/** Where topics lie, beneath the points. As one picture that is seen through, so that edges and overlaps are no darker. */
export function TopicShapes({
  regions,
  view,
  size,
}: {
  readonly regions: readonly Region[]
  readonly view: Viewport
  readonly size: Size
}) {
  return (
    <svg class="map-regions" aria-hidden="true">
      {regions.map(({ outline }, i) => (
        <polygon key={i} points={outline.map((spot) => toScreen(view, spot, size).join()).join(' ')} />
      ))}
    </svg>
  )
}
