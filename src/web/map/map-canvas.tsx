import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'
import type { Group, Point } from './colour-points.js'
import { drawMap, pointAt, type Scene } from './draw-map.js'
import { formatPlaceOfPoint } from './format-point.js'
import { readPalette } from './read-palette.js'
import { moved, type Size, toScreen, type Viewport, wholeMap, zoomed } from './viewport.js'

type Props = {
  readonly groups: readonly Group[]
  readonly hidden: ReadonlySet<string>
  readonly lit: ReadonlySet<string> | undefined
}

const KEY_STEP = 60
const KEY_ZOOM = 1.4
/** A press that moves less is a click. */
const CLICK_PIXELS = 4

/** The points, to move and zoom with mouse, finger or keys. A list of the same stands beside it for those who do not see it. */
export function MapCanvas({ groups, hidden, lit }: Props) {
  const { router, theme } = usePage()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const [view, setView] = useState<Viewport>()
  const [chosen, setChosen] = useState<Point>()
  const press = useRef<Press>(undefined)
  const scene: Scene = { groups, hidden, lit, chosen }
  const shown = view ?? wholeMap(size)

  useLayoutEffect(() => {
    const frame = canvas.current?.parentElement
    if (frame == null) return
    const observer = new ResizeObserver(() => {
      setSize({ width: frame.clientWidth, height: frame.clientHeight })
    })
    observer.observe(frame)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const request = requestAnimationFrame(() => {
      if (canvas.current !== null) draw(canvas.current, scene, shown, size)
    })
    return () => cancelAnimationFrame(request)
  })
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => setSize((before) => ({ ...before }))
    scheme.addEventListener('change', redraw)
    return () => scheme.removeEventListener('change', redraw)
  }, [])
  // Drawn in the colours of the theme that is chosen.
  theme.theme.value

  const open = (point: Point) => router.go({ view: 'document', id: point.documentId })
  const zoom = (factor: number, at: readonly [number, number] = [size.width / 2, size.height / 2]) =>
    setView(zoomed(shown, factor, at, size))

  return (
    <>
      <div
        class="map-stage"
        tabIndex={0}
        role="application"
        aria-label="Map of the documents. Arrow keys move it, plus and minus zoom, N goes through the points, Enter opens one."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          press.current = { at: placeOf(event), travelled: 0 }
        }}
        onPointerMove={(event) => {
          const at = placeOf(event)
          const pressed = press.current
          if (pressed === undefined) return setChosen(pointAt(scene, shown, size, at))
          const [dx, dy] = [at[0] - pressed.at[0], at[1] - pressed.at[1]]
          press.current = { at, travelled: pressed.travelled + Math.hypot(dx, dy) }
          setView(moved(shown, dx, dy))
        }}
        onPointerUp={(event) => {
          const travelled = press.current?.travelled ?? 0
          press.current = undefined
          const point = travelled < CLICK_PIXELS ? pointAt(scene, shown, size, placeOf(event)) : undefined
          if (point === undefined) return
          // A finger cannot hover: its first touch names the point, its second one opens it.
          if (event.pointerType === 'touch' && point !== chosen) setChosen(point)
          else open(point)
        }}
        onPointerLeave={() => press.current === undefined && setChosen(undefined)}
        onWheel={(event) => {
          event.preventDefault()
          zoom(Math.exp(-event.deltaY / 400), placeOf(event))
        }}
        onDblClick={(event) => zoom(2, placeOf(event))}
        onKeyDown={(event) => {
          const step = KEYS[event.key]
          if (step !== undefined) setView(moved(shown, step[0] * KEY_STEP, step[1] * KEY_STEP))
          else if (event.key === '+' || event.key === '=') zoom(KEY_ZOOM)
          else if (event.key === '-') zoom(1 / KEY_ZOOM)
          else if (event.key === '0') setView(undefined)
          else if (event.key === 'n' || event.key === 'N')
            setChosen(nextPoint(scene, chosen, event.shiftKey ? -1 : 1))
          else if (event.key === 'Enter' && chosen !== undefined) open(chosen)
          else return
          event.preventDefault()
        }}
      >
        <canvas ref={canvas} />
      </div>
      {chosen !== undefined && (
        <PointLabel point={chosen} place={toScreen(shown, chosen, size)} size={size} />
      )}
      <div class="map-zoom">
        <button type="button" class="icon-button" aria-label="Nearer" onClick={() => zoom(KEY_ZOOM)}>
          +
        </button>
        <button type="button" class="icon-button" aria-label="Farther" onClick={() => zoom(1 / KEY_ZOOM)}>
          −
        </button>
        <button type="button" class="button small" onClick={() => setView(undefined)}>
          All
        </button>
      </div>
    </>
  )
}

type Press = { readonly at: readonly [number, number]; readonly travelled: number }

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

function placeOf({ offsetX, offsetY }: MouseEvent): readonly [number, number] {
  return [offsetX, offsetY]
}

/** The next point that is lit up, or of all where none is. */
function nextPoint({ groups, hidden, lit }: Scene, from: Point | undefined, step: 1 | -1): Point | undefined {
  const points = groups
    .filter(({ name }) => !hidden.has(name))
    .flatMap((group) => group.points)
    .filter(({ documentId }) => lit?.has(documentId) ?? true)
  const at = from === undefined ? -1 : points.indexOf(from)
  return points[(Math.max(at, step < 0 ? 0 : -1) + step + points.length) % points.length]
}

function PointLabel({
  point,
  place: [x, y],
  size,
}: {
  readonly point: Point
  readonly place: readonly [number, number]
  readonly size: Size
}) {
  const label = useRef<HTMLDivElement>(null)
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

function draw(canvas: HTMLCanvasElement, scene: Scene, view: Viewport, size: Size): void {
  const context = canvas.getContext('2d')
  if (context === null || size.width === 0) return
  const ratio = Math.min(devicePixelRatio, 2)
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  drawMap(context, scene, view, size, readPalette(canvas))
}
