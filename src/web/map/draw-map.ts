import type { Group, Point } from './colour-points.js'
import { stampDiscs } from './stamp-discs.js'
import { type Place, type Size, toScreen, type Viewport } from './viewport.js'

export type Scene = {
  readonly groups: readonly Group[]
  readonly hidden: ReadonlySet<string>
  readonly lit: ReadonlySet<string> | undefined
  readonly chosen: Point | undefined
}

export type Palette = { readonly slots: readonly string[]; readonly lit: string; readonly text: string }

const DIMMED = 0.25
/** Above so many, points are written pixel by pixel: without a graphics card frames of 10,000 circles took 57 ms (p95), these 23. */
const MANY_POINTS = 2_000
const TAU = 2 * Math.PI

/** Draws one frame. */
export function drawMap(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: Viewport,
  size: Size,
  palette: Palette,
): void {
  const count = scene.groups.reduce((sum, { points }) => sum + points.length, 0)
  const radius = radiusOf(view, size, count)
  const drawPoints = count > MANY_POINTS ? stampPoints : fillPoints
  drawPoints(context, scene, view, size, palette, radius)
  drawLit(context, scene, view, size, palette, radius + 1)
  if (scene.chosen === undefined) return
  const [x, y] = toScreen(view, scene.chosen, size)
  context.strokeStyle = palette.text
  context.lineWidth = 2
  context.beginPath()
  context.arc(x, y, radius + 3, 0, TAU)
  context.stroke()
}

/** Points of a colour are one path. */
function fillPoints(
  context: CanvasRenderingContext2D,
  { groups, hidden, lit }: Scene,
  view: Viewport,
  size: Size,
  palette: Palette,
  radius: number,
): void {
  context.clearRect(0, 0, size.width, size.height)
  context.globalAlpha = opacityOf(lit)
  for (const { name, slot, points } of groups) {
    if (hidden.has(name)) continue
    context.fillStyle = palette.slots[slot] ?? palette.text
    context.beginPath()
    for (const point of points) addPoint(context, toScreen(view, point, size), radius, size)
    context.fill()
  }
  context.globalAlpha = 1
}

/** Points are written pixel by pixel. */
function stampPoints(
  context: CanvasRenderingContext2D,
  { groups, hidden, lit }: Scene,
  view: Viewport,
  size: Size,
  palette: Palette,
  radius: number,
): void {
  const { width, height } = context.canvas
  const ratio = width / size.width
  const pixels = context.createImageData(width, height)
  for (const { name, slot, points } of groups) {
    if (hidden.has(name)) continue
    const places = points.map((point): Place => {
      const [x, y] = toScreen(view, point, size)
      return [x * ratio, y * ratio]
    })
    const ink = { ...rgbOf(context, palette.slots[slot] ?? palette.text), opacity: opacityOf(lit) }
    stampDiscs(pixels, places, radius * ratio, ink)
  }
  context.putImageData(pixels, 0, 0)
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

function drawLit(
  context: CanvasRenderingContext2D,
  { groups, hidden, lit }: Scene,
  view: Viewport,
  size: Size,
  palette: Palette,
  radius: number,
): void {
  if (lit === undefined) return
  context.strokeStyle = palette.lit
  context.lineWidth = 1.5
  for (const { name, slot, points } of groups) {
    if (hidden.has(name)) continue
    context.fillStyle = palette.slots[slot] ?? palette.text
    context.beginPath()
    for (const point of points)
      if (lit.has(point.documentId)) addPoint(context, toScreen(view, point, size), radius, size)
    context.fill()
    context.stroke()
  }
}

function addPoint(
  context: CanvasRenderingContext2D,
  [x, y]: Place,
  radius: number,
  { width, height }: Size,
): void {
  if (x < -radius || y < -radius || x > width + radius || y > height + radius) return
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, TAU)
}

/** Points are larger where they are few, and grow a little when they are looked at from near. */
function radiusOf({ scale }: Viewport, { width, height }: Size, count: number): number {
  const zoom = (2 * scale) / Math.min(width, height)
  const plain = Math.max(2.5, Math.min(6, 9 - Math.log10(count + 1) * 1.6))
  return Math.min(9, plain + Math.log2(Math.max(1, zoom)))
}

const REACH = 12

/** The point nearest to a place of the canvas, within a finger's reach. */
export function pointAt({ groups, hidden }: Scene, view: Viewport, size: Size, at: Place): Point | undefined {
  let best: Point | undefined
  let nearest = REACH
  for (const { name, points } of groups) {
    if (hidden.has(name)) continue
    for (const point of points) {
      const [x, y] = toScreen(view, point, size)
      const distance = Math.hypot(x - at[0], y - at[1])
      if (distance >= nearest) continue
      nearest = distance
      best = point
    }
  }
  return best
}

/** The next point that is lit up, or of all where none is; the one before for a step of -1. */
export function nextPoint({ groups, hidden, lit, chosen }: Scene, step: 1 | -1): Point | undefined {
  const points = groups
    .filter(({ name }) => !hidden.has(name))
    .flatMap((group) => group.points)
    .filter(({ documentId }) => lit?.has(documentId) ?? true)
  const at = chosen === undefined ? -1 : points.indexOf(chosen)
  return points[(Math.max(at, step < 0 ? 0 : -1) + step + points.length) % points.length]
}
