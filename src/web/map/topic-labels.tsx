import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { placeLabels } from './place-labels.js'
import type { Region } from './topic-regions.js'
import { type Sight, type Size, toScreen } from './viewport.js'

/** The titles of topics, each in the middle of its region; those of the largest topics where not all have room. */
export function TopicLabels({
  regions,
  sight,
}: {
  readonly regions: readonly Region[]
  readonly sight: Sight
}) {
  const { size } = sight
  const list = useRef<HTMLUListElement>(null)
  const [sizes, setSizes] = useState<readonly Size[]>([])
  // Measured once, and not in every frame.
  useLayoutEffect(() => {
    const items = [...(list.current?.children ?? [])] as HTMLElement[]
    setSizes(items.map(({ offsetWidth, offsetHeight }) => ({ width: offsetWidth, height: offsetHeight })))
  }, [regions, size.width])
  const labels = regions.map(({ middle }, i) => ({
    at: toScreen(sight, middle),
    size: sizes[i] ?? { width: 0, height: 0 },
  }))
  const places = placeLabels(labels, size)
  return (
    <ul ref={list} class="map-topics" aria-label="Topics">
      {regions.map(({ title }, i) => {
        const place = places[i]
        const style = place && `transform: translate(${Math.round(place[0])}px, ${Math.round(place[1])}px)`
        return (
          <li key={i} dir="auto" class={place === undefined ? 'is-hidden' : ''} style={style}>
            {title}
          </li>
        )
      })}
    </ul>
  )
}
