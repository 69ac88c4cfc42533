/** What of the map is seen: the point in the middle, and pixels for a unit of the map. */
export type Viewport = { readonly x: number; readonly y: number; readonly scale: number }

/** Pixels from the upper left corner of the canvas. */
export type Place = readonly [x: number, y: number]

export type Size = { readonly width: number; readonly height: number }

/** What is seen, and how large the canvas is. */
export type Sight = { readonly view: Viewport; readonly size: Size }

const MAX_ZOOM = 60
const MARGIN = 0.92

/** All of the map. */
export function wholeMap(size: Size): Viewport {
  return { x: 0, y: 0, scale: (MARGIN * Math.min(size.width, size.height)) / 2 }
}

/** The same with the middle moved by so many pixels. */
export function moved({ x, y, scale }: Viewport, dx: number, dy: number): Viewport {
  const within = (value: number) => Math.max(-1.2, Math.min(1.2, value))
  return { x: within(x - dx / scale), y: within(y - dy / scale), scale }
}

/** Nearer by a factor; what is at this place of the canvas stays there. */
export function zoomed(view: Viewport, factor: number, at: Place, size: Size): Viewport {
  const least = wholeMap(size).scale
  const scale = Math.max(least, Math.min(least * MAX_ZOOM, view.scale * factor))
  const [px, py] = [at[0] - size.width / 2, at[1] - size.height / 2]
  const x = view.x + px / view.scale - px / scale
  const y = view.y + py / view.scale - py / scale
  return scale === least ? wholeMap(size) : { x, y, scale }
}

export function toScreen(
  { view: { x, y, scale }, size: { width, height } }: Sight,
  point: { readonly x: number; readonly y: number },
): Place {
  return [(point.x - x) * scale + width / 2, (point.y - y) * scale + height / 2]
}
