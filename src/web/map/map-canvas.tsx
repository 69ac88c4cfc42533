import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'
import type { Group, Point } from './colour-points.js'
import { drawMap, type Palette, type Scene } from './draw-map.js'
import { formatPlaceOfPoint } from './format-point.js'
import { TopicLabels } from './topic-labels.js'
import type { Region } from './topic-regions.js'
import { TopicShapes } from './topic-shapes.js'
import { usePalette } from './use-palette.js'
import { KEY_ZOOM, onMapKey, type Stage, usePointer, useStage } from './use-stage.js'
import { type Sight, toScreen } from './viewport.js'

/** The points, to move and zoom with mouse, finger or keys. The one that is chosen is named, and read out. */
export function MapCanvas({
  groups,
  hidden,
  lit,
  regions,
}: {
  readonly groups: readonly Group[]
  readonly hidden: ReadonlySet<string>
  readonly lit: ReadonlySet<string> | undefined
  readonly regions: readonly Region[]
}) {
  const { router } = usePage()
  const canvas = useRef<HTMLCanvasElement>(null)
  const { frame, ...stage } = useStage()
  const [chosen, setChosen] = useState<Point>()
  const scene: Scene = { groups, hidden, lit, chosen }
  const open = (point: Point) => router.go({ view: 'document', id: point.documentId })
  const palette = usePalette(frame)
  // At once: browsers give moves and turns of the wheel once a frame, and to wait for the next one would show each a frame late.
  useLayoutEffect(() => {
    if (canvas.current !== null && palette !== undefined) draw(canvas.current, scene, stage, palette)
  })
  return (
    <>
      <div
        ref={frame}
        class="map-stage"
        tabIndex={0}
        role="application"
        aria-label="Map of the documents. Arrow keys move it, plus and minus zoom, N goes through the points, Enter opens one."
        onKeyDown={(event) => onMapKey(event, stage, scene, setChosen, open)}
        {...usePointer(stage, scene, setChosen, open)}
      >
        <TopicShapes regions={regions} sight={stage} />
        <canvas ref={canvas} />
      </div>
      {regions.length > 0 && <TopicLabels regions={regions} sight={stage} />}
      {chosen !== undefined && <PointLabel point={chosen} sight={stage} />}
      <ZoomButtons stage={stage} />
    </>
  )
}

function ZoomButtons({ stage: { zoom, showAll } }: { readonly stage: Stage }) {
  return (
    <div class="map-zoom">
      <button type="button" class="icon-button" aria-label="Nearer" onClick={() => zoom(KEY_ZOOM)}>
        +
      </button>
      <button type="button" class="icon-button" aria-label="Farther" onClick={() => zoom(1 / KEY_ZOOM)}>
        −
      </button>
      <button type="button" class="button small" onClick={showAll}>
        All
      </button>
    </div>
  )
}

function PointLabel({ point, sight }: { readonly point: Point; readonly sight: Sight }) {
  const label = useRef<HTMLDivElement>(null)
  const { size } = sight
  const [x, y] = toScreen(sight, point)
  useLayoutEffect(() => {
    const box = label.current
    if (box === null) return
    const left = Math.max(8, Math.min(size.width - box.offsetWidth - 8, x - box.offsetWidth / 2))
    const above = y - box.offsetHeight - 14
    box.style.left = `${left}px`
    box.style.top = `${above < 8 ? y + 14 : above}px`
  })
  return (
    <div ref={label} class="map-label" role="status">
      <strong dir="auto">{point.title}</strong>
      <span class="muted small" dir="auto">
        {formatPlaceOfPoint(point)}
      </span>
    </div>
  )
}

function draw(canvas: HTMLCanvasElement, scene: Scene, { view, size }: Sight, palette: Palette): void {
  const context = canvas.getContext('2d')
  if (context === null || size.width === 0) return
  const ratio = Math.min(devicePixelRatio, 2)
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  drawMap({ context, scene, view, size, palette })
}
