import { formatType } from '../shared/format.js'
import type { Point } from './colour-points.js'

/** `handbook / leave.md · Markdown`. */
export function formatPlaceOfPoint({ collection, uri, type }: Point): string {
  return `${collection} / ${uri} · ${formatType(type)}`
}
