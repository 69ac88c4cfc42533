import type { Place, Size } from './viewport.js'

/** A label and the place of the canvas that it should be around; pixels. */
export type Label = { readonly at: Place; readonly size: Size }

/** Pixels between labels, and to the edge. */
const MARGIN = 4
/** Heights that a label may be moved by, the least first. */
const SHIFTS = [0, -1, 1, -2, 2]

/**
 * The upper left corner of each label, the first ones first: around its place or a little above or below, where it overlaps no label
 * before it. Undefined for one that finds no room, or whose place is not seen.
 */
export function placeLabels(labels: readonly Label[], canvas: Size): (Place | undefined)[] {
  const taken: { readonly corner: Place; readonly size: Size }[] = []
  return labels.map(({ at: [x, y], size }) => {
    if (x < 0 || y < 0 || x > canvas.width || y > canvas.height) return undefined
    const left = clamp(x - size.width / 2, canvas.width - size.width)
    for (const shift of SHIFTS) {
      const top = clamp(y - size.height / 2 + shift * (size.height + MARGIN), canvas.height - size.height)
      const corner: Place = [left, top]
      if (taken.some((other) => overlap(corner, size, other.corner, other.size))) continue
      taken.push({ corner, size })
      return corner
    }
    return undefined
  })
}

function clamp(value: number, most: number): number {
  return Math.max(MARGIN, Math.min(most - MARGIN, value))
}

function overlap([ax, ay]: Place, a: Size, [bx, by]: Place, b: Size): boolean {
  const meet = (from: number, length: number, other: number, otherLength: number) =>
    from < other + otherLength + MARGIN && other < from + length + MARGIN
  return meet(ax, a.width, bx, b.width) && meet(ay, a.height, by, b.height)
}
