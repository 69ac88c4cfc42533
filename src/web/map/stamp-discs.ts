/** Pixels as `ImageData` has them: red, green, blue and alpha of 0 to 255, row by row. */
export type Pixels = { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }

/** Red, green and blue of 0 to 255; opacity of 0 to 1. */
export type Ink = {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly opacity: number
}

/**
 * Puts a disc at each place; places and radius in pixels. Where discs overlap, the one that covers a pixel most is seen: to mix
 * colours takes three times as long.
 */
export function stampDiscs(
  { data, width, height }: Pixels,
  places: Iterable<readonly [x: number, y: number]>,
  radius: number,
  { red, green, blue, opacity }: Ink,
): void {
  const { dx, dy, cover } = discCells(radius)
  for (const place of places) {
    const left = Math.round(place[0])
    const top = Math.round(place[1])
    for (let i = 0; i < cover.length; i++) {
      const x = left + (dx[i] as number)
      const y = top + (dy[i] as number)
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      const at = 4 * (y * width + x)
      const alpha = (cover[i] as number) * opacity * 255
      if ((data[at + 3] as number) >= alpha) continue
      data[at] = red
      data[at + 1] = green
      data[at + 2] = blue
      data[at + 3] = alpha
    }
  }
}

/** The pixels that a disc around the middle of one reaches, and how much of each it covers, 0 to 1: its edge is smoothed. */
function discCells(radius: number) {
  const reach = Math.ceil(radius + 0.5)
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach)
  const cells = steps
    .flatMap((y) => steps.map((x) => ({ x, y, cover: Math.min(1, radius + 0.5 - Math.hypot(x, y)) })))
    .filter(({ cover }) => cover > 0)
  return {
    dx: Int32Array.from(cells, ({ x }) => x),
    dy: Int32Array.from(cells, ({ y }) => y),
    cover: Float64Array.from(cells, ({ cover }) => cover),
  }
}
