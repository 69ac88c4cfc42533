import type { Topics } from '../../api/client.js'
import type { Point } from './colour-points.js'

/** A place of the map, in its unit. */
type Spot = { readonly x: number; readonly y: number }

/** Where most documents of a topic are. */
export type Region = {
  readonly title: string
  /** Its corners in turn; a point or a line where there are few. */
  readonly outline: readonly Spot[]
  /** The middle of its documents. */
  readonly middle: Spot
}

/** Points of a topic that are looked at, evenly drawn. */
const SAMPLE = 400
/** Share of the points that lie densest. */
const DENSEST = 0.8
/** Distance at which a point adds little to how dense it is; half the map is 1. */
const SPREAD = 0.1
/** Points farther apart than this belong to different islands. */
const GAP = 0.2

/**
 * The regions of topics, in their order: around the densest four fifths of a topic's points, and of these around the island of the
 * densest one, since a topic may lie in several places. Topics without points have none.
 */
export function topicRegions(points: readonly Point[], topics: Topics['topics']): Region[] {
  const byId = new Map(points.map((point) => [point.documentId, point]))
  return topics.flatMap(({ title, members = [] }) => {
    const own = members.flatMap((id) => byId.get(id) ?? [])
    const step = Math.max(1, own.length / SAMPLE)
    const sample = Array.from({ length: Math.min(own.length, SAMPLE) }, (_, i) => own[Math.floor(i * step)])
    const island = islandOf(densest(sample.filter((point) => point !== undefined)))
    if (island.length === 0) return []
    const mean = (of: (spot: Spot) => number) =>
      island.reduce((sum, spot) => sum + of(spot), 0) / island.length
    return [{ title, outline: convexHull(island), middle: { x: mean(({ x }) => x), y: mean(({ y }) => y) } }]
  })
}

/** The densest first. */
function densest(spots: readonly Spot[]): Spot[] {
  const density = (spot: Spot) =>
    spots.reduce((sum, other) => sum + Math.exp(-((distance(spot, other) / SPREAD) ** 2)), 0)
  return spots
    .map((spot) => ({ spot, weight: density(spot) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, Math.ceil(DENSEST * spots.length))
    .map(({ spot }) => spot)
}

/** The first spot, and those that can be reached from it without a wide step. */
function islandOf([first, ...others]: readonly Spot[]): Spot[] {
  if (first === undefined) return []
  const island = [first]
  let left = others
  for (const spot of island) {
    island.push(...left.filter((other) => distance(spot, other) <= GAP))
    left = left.filter((other) => distance(spot, other) > GAP)
  }
  return island
}

/** The corners of the smallest convex shape around spots (monotone chain: Andrew 1979). */
export function convexHull(spots: readonly Spot[]): Spot[] {
  const sorted = spots.toSorted((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (order: readonly Spot[]) => {
    const chain: Spot[] = []
    for (const spot of order) {
      while (chain.length > 1 && !turnsLeft(chain.at(-2) as Spot, chain.at(-1) as Spot, spot)) chain.pop()
      chain.push(spot)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}

function turnsLeft(a: Spot, b: Spot, c: Spot): boolean {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0
}

function distance(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
