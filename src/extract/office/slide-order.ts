/** Tops that differ by less than this share of the slide's height count as one row. */
const rowShare = 0.05
/** Height of a slide in the usual format, in English Metric Units. */
const slideHeight = 6_858_000

type Placed = { readonly position?: { readonly x: number; readonly y: number } }

/**
 * Shapes in the order in which they are read: by rows from the top, from the left within a row. What has no place of its own
 * keeps its turn: it comes before the shape that follows it in the file.
 */
export function inReadingOrder<Shape extends Placed>(
  shapes: readonly Shape[],
  height = slideHeight,
): Shape[] {
  const placed = withPlaces(shapes).toSorted((a, b) => a.y - b.y)
  const ordered: Shape[] = []
  let row: typeof placed = []
  const closeRow = () => {
    ordered.push(...row.toSorted((a, b) => a.x - b.x).map(({ shape }) => shape))
    row = []
  }
  for (const each of placed) {
    const top = row[0]?.y ?? each.y
    if (each.y - top > height * rowShare) closeRow()
    row.push(each)
  }
  closeRow()
  return ordered
}

function withPlaces<Shape extends Placed>(shapes: readonly Shape[]) {
  let next = { x: Number.POSITIVE_INFINITY, y: Number.POSITIVE_INFINITY }
  return shapes
    .toReversed()
    .map((shape) => {
      next = shape.position ?? next
      return { shape, x: next.x, y: next.y }
    })
    .toReversed()
}
