import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Point } from './colour-points.js'
import { nextPoint, pointAt, type Scene } from './draw-map.js'
import { moved, type Place, type Sight, type Size, type Viewport, wholeMap, zoomed } from './viewport.js'

const KEY_STEP = 60
export const KEY_ZOOM = 1.4
/** A press that moves less is a click. */
const CLICK_PIXELS = 4
const KEYS: Readonly<Record<string, Place>> = {
  ArrowLeft: [KEY_STEP, 0],
  ArrowRight: [-KEY_STEP, 0],
  ArrowUp: [0, KEY_STEP],
  ArrowDown: [0, -KEY_STEP],
}

/** What is seen of the map, and how it changes. */
export type Stage = Sight & {
  move(dx: number, dy: number): void
  /** Nearer by a factor, around a place of the canvas or its middle. */
  zoom(factor: number, at?: Place): void
  showAll(): void
}

/** A view of the map that fills an element, however large that becomes. */
export function useStage(): Stage & { readonly frame: { current: HTMLDivElement | null } } {
  const frame = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const [view, setView] = useState<Viewport>()
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return {
    frame,
    size,
    view: view ?? wholeMap(size),
    // Several events may come before the next frame: each goes on from the one before.
    move: (dx, dy) => setView((before) => moved(before ?? wholeMap(size), dx, dy)),
    zoom: (factor, at = [size.width / 2, size.height / 2]) =>
      setView((before) => zoomed(before ?? wholeMap(size), factor, at, size)),
    showAll: () => setView(undefined),
  }
}

type Press = { readonly at: Place; readonly travelled: number }

/** Mouse and finger: the map is dragged and zoomed, a point is named under the pointer and opened by a click. */
export function usePointer(
  { move, zoom, ...sight }: Stage,
  scene: Scene,
  choose: (point: Point | undefined) => void,
  open: (point: Point) => void,
) {
  const press = useRef<Press>(undefined)
  const under = (event: MouseEvent) => pointAt(scene, sight, placeOf(event))
  return {
    onPointerDown(event: PointerEvent) {
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
      press.current = { at: placeOf(event), travelled: 0 }
    },
    onPointerMove(event: PointerEvent) {
      const pressed = press.current
      if (pressed === undefined) return choose(under(event))
      const at = placeOf(event)
      const [dx, dy] = [at[0] - pressed.at[0], at[1] - pressed.at[1]]
      press.current = { at, travelled: pressed.travelled + Math.hypot(dx, dy) }
      move(dx, dy)
    },
    onPointerUp(event: PointerEvent) {
      const travelled = press.current?.travelled ?? 0
      press.current = undefined
      const point = travelled < CLICK_PIXELS ? under(event) : undefined
      if (point === undefined) return
      // A finger cannot hover: its first touch names the point, its second one opens it.
      if (event.pointerType === 'touch' && point !== scene.chosen) choose(point)
      else open(point)
    },
    onPointerLeave() {
      if (press.current === undefined) choose(undefined)
    },
    onWheel(event: WheelEvent) {
      event.preventDefault()
      zoom(Math.exp(-event.deltaY / 400), placeOf(event))
    },
    onDblClick: (event: MouseEvent) => zoom(2, placeOf(event)),
  }
}

/** The same by keys. */
export function onMapKey(
  event: KeyboardEvent,
  { move, zoom, showAll }: Stage,
  scene: Scene,
  choose: (point: Point | undefined) => void,
  open: (point: Point) => void,
): void {
  const step = KEYS[event.key]
  const key = event.key.toLowerCase()
  if (step !== undefined) move(...step)
  else if (key === '+' || key === '=') zoom(KEY_ZOOM)
  else if (key === '-') zoom(1 / KEY_ZOOM)
  else if (key === '0') showAll()
  else if (key === 'n') choose(nextPoint(scene, event.shiftKey ? -1 : 1))
  else if (key === 'enter' && scene.chosen !== undefined) open(scene.chosen)
  else return
  event.preventDefault()
}

function placeOf({ offsetX, offsetY }: MouseEvent): Place {
  return [offsetX, offsetY]
}
