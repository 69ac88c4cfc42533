import type { CorpusProgress } from '../corpus-passage.js'
import type { CorpusTask } from '../corpus-task.js'
import { alignDrawing } from './align-drawing.js'
import { placeAmong } from './place-among.js'
import { projectOntoPrincipalComponents } from './principal-components.js'
import type { Layout } from './projector.js'
import { reducePoints } from './reduce-points.js'
import { drawNeighbours } from './umap-drawing.js'

type Report = (progress: CorpusProgress) => void

/** Draws points as `Projector` says. */
export function layOut(layout: Layout, report: Report = () => {}): Float32Array {
  const { points, projection, former, onlyNew } = layout
  if (former !== undefined && onlyNew) return placeAmong(reducePoints(points), former)
  const drawn = projection === 'pca' ? projectOntoPrincipalComponents(points) : drawByUmap(layout, report)
  return scaled(former === undefined ? drawn : alignDrawing(drawn, former))
}

/** The same as a step of a thread, which has the points from its start. */
export function createLayout(layout: Layout): CorpusTask<Float32Array> {
  return { add: () => undefined, finish: (report) => layOut(layout, report) }
}

function drawByUmap({ points, former }: Layout, report: Report): Float32Array {
  report({ stage: 'comparing', done: 0, total: points.rows })
  const rows = reducePoints(points)
  const start = former === undefined ? undefined : placeAmong(rows, former)
  return drawNeighbours(rows, start, (done, total) => report({ stage: 'drawing', done, total }))
}

/** The middle of the drawing at 0, its longer side from -1 to 1. */
function scaled(drawn: Float32Array): Float32Array {
  const edges = [0, 1].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = axis; at < drawn.length; at += 2) {
      low = Math.min(low, drawn[at] ?? 0)
      high = Math.max(high, drawn[at] ?? 0)
    }
    return { middle: (low + high) / 2, half: (high - low) / 2 }
  })
  const half = Math.max(...edges.map((edge) => edge.half)) || 1
  return drawn.map((value, at) => Math.max(-1, Math.min(1, (value - (edges[at % 2]?.middle ?? 0)) / half)))
}
