import type { Group, Point } from './colour-points.js'
import { stampDiscs } from './stamp-discs.js'
import { type Place, type Sight, toScreen } from './viewport.js'

export type Scene = {
  readonly groups: readonly Group[]
  readonly hidden: ReadonlySet<string>
  readonly lit: ReadonlySet<string> | undefined
  readonly chosen: Point | undefined
}

export type Palette = { readonly slots: readonly string[]; readonly text: string }

/** What a frame is drawn of. */
export type Frame = Sight & {
  readonly context: CanvasRenderingContext2D
  readonly scene: Scene
  readonly palette: Palette
}
/** The same with the radius of its points, in pixels. */
type DottedFrame = Frame & { readonly radius: number }

const DIMMED = 0.25
/** Above so many, points are written pixel by pixel: without a graphics card frames of 10,000 circles took 57 ms (p95), these 23. */
const MANY_POINTS = 2_000
const TAU = 2 * Math.PI

export function drawMap(frame: Frame): void {
  const { context, scene, palette } = frame
  const count = scene.groups.reduce((sum, { points }) => sum + points.length, 0)
  const radius = radiusOf(frame, count)
  const drawPoints = count > MANY_POINTS ? stampPoints : fillPoints
  drawPoints({ ...frame, radius })
  drawLit({ ...frame, radius: radius + 1 })
  if (scene.chosen === undefined) return
  const [x, y] = toScreen(frame, scene.chosen)
  context.strokeStyle = palette.text
  context.lineWidth = 2
  context.beginPath()
  context.arc(x, y, radius + 3, 0, TAU)
  context.stroke()
}

/** Points of a colour are one path. */
function fillPoints(frame: DottedFrame): void {
  const { context, scene, size, palette } = frame
  context.clearRect(0, 0, size.width, size.height)
  context.globalAlpha = opacityOf(scene.lit)
  for (const { slot, points } of shownGroups(scene)) {
    context.fillStyle = palette.slots[slot] ?? palette.text
    context.beginPath()
    for (const point of points) addPoint(frame, point)
    context.fill()
  }
  context.globalAlpha = 1
}

/** Points are written pixel by pixel. */
function stampPoints(frame: DottedFrame): void {
  const { context, scene, size, palette, radius } = frame
  const { width, height } = context.canvas
  const ratio = width / size.width
  const pixels = context.createImageData(width, height)
  for (const { slot, points } of shownGroups(scene)) {
    const places = points.map((point): Place => {
      const [x, y] = toScreen(frame, point)
      return [x * ratio, y * ratio]
    })
    const ink = { ...rgbOf(context, palette.slots[slot] ?? palette.text), opacity: opacityOf(scene.lit) }
    stampDiscs(pixels, places, radius * ratio, ink)
  }
  context.putImageData(pixels, 0, 0)
}

function shownGroups({ groups, hidden }: Scene): readonly Group[] {
  return groups.filter(({ name }) => !hidden.has(name))
}

function opacityOf(lit: Scene['lit']): number {
  return lit === undefined ? 0.8 : DIMMED
}

/** An opaque colour of CSS in numbers: the context gives it back as `#rrggbb`. */
function rgbOf(context: CanvasRenderingContext2D, colour: string) {
  context.fillStyle = colour
  const hex = Number.parseInt(String(context.fillStyle).slice(1), 16)
  return { red: hex >> 16, green: (hex >> 8) & 255, blue: hex & 255 }
}

function drawLit(frame: DottedFrame): void {
  const { context, scene, palette } = frame
  const { lit } = scene
  if (lit === undefined) return
  context.strokeStyle = palette.text
  context.lineWidth = 1.5
  for (const { slot, points } of shownGroups(scene)) {
    context.fillStyle = palette.slots[slot] ?? palette.text
    context.beginPath()
    for (const point of points) if (lit.has(point.documentId)) addPoint(frame, point)
    context.fill()
    context.stroke()
  }
}

/** A disc of the path, where it is within the canvas. */
function addPoint(frame: DottedFrame, point: Point): void {
  const {
    context,
    radius,
    size: { width, height },
  } = frame
  const [x, y] = toScreen(frame, point)
  if (x < -radius || y < -radius || x > width + radius || y > height + radius) return
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, TAU)
}

/** Points are larger where they are few, and grow a little when they are looked at from near. */
function radiusOf({ view: { scale }, size: { width, height } }: Sight, count: number): number {
  const zoom = (2 * scale) / Math.min(width, height)
  const plain = Math.max(2.5, Math.min(6, 9 - Math.log10(count + 1) * 1.6))
  return Math.min(9, plain + Math.log2(Math.max(1, zoom)))
}

const REACH = 12

/** The point nearest to a place of the canvas, within a finger's reach. */
export function pointAt(scene: Scene, sight: Sight, at: Place): Point | undefined {
  let best: Point | undefined
  let nearest = REACH
  for (const { points } of shownGroups(scene)) {
    for (const point of points) {
      const [x, y] = toScreen(sight, point)
      const distance = Math.hypot(x - at[0], y - at[1])
      if (distance >= nearest) continue
      nearest = distance
      best = point
    }
  }
  return best
}

/** The next point that is lit up, or of all where none is; the one before for a step of -1. */
export function nextPoint(scene: Scene, step: 1 | -1): Point | undefined {
  const { lit, chosen } = scene
  const points = shownGroups(scene)
    .flatMap((group) => group.points)
    .filter(({ documentId }) => lit?.has(documentId) ?? true)
  const at = chosen === undefined ? -1 : points.indexOf(chosen)
  return points[(Math.max(at, step < 0 ? 0 : -1) + step + points.length) % points.length]
}
