import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convexHull, topicRegions } from '../../src/web/map/topic-regions.js'

const spot = fc.record({ x: fc.double({ min: -1, max: 1, noNaN: true }), y: fc.integer({ min: -5, max: 5 }) })

/** Twice the area that the corners turn around: positive where they go round to the left. */
const turn = (a: Spot, b: Spot, c: Spot) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
type Spot = { readonly x: number; readonly y: number }

it('a hull has all spots on its inner side, and corners of them', () => {
  fc.assert(
    fc.property(fc.array(spot, { minLength: 3, maxLength: 30 }), (spots) => {
      const hull = convexHull(spots)
      for (const corner of hull) expect(spots).toContain(corner)
      for (const [i, corner] of hull.entries()) {
        const next = hull[(i + 1) % hull.length] ?? corner
        for (const each of spots) expect(turn(corner, next, each)).toBeGreaterThanOrEqual(-1e-9)
      }
    }),
    { numRuns: 60 },
  )
})

/** Points in a square around a place. */
function around(name: string, x: number, y: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    documentId: `${name}${i}`,
    title: '',
    uri: '',
    collection: '',
    type: '',
    x: x + ((i % 5) - 2) * 0.02,
    y: y + ((Math.floor(i / 5) % 5) - 2) * 0.02,
  }))
}

const topic = (title: string, members: readonly string[]) => ({
  title,
  members: [...members],
  terms: [],
  size: members.length,
  fromMs: 0,
  toMs: 0,
  central: [],
  subtopics: [],
})

describe('the region of a topic', () => {
  const main = around('a', -0.5, 0.2, 100)
  const aside = around('b', 0.8, 0.8, 25)
  const points = [...main, ...aside]
  const ids = points.map(({ documentId }) => documentId)

  it('is where most of its documents are, not where some are by themselves', () => {
    const [region] = topicRegions(points, [topic('radios', ids)])
    expect(region?.title).toBe('radios')
    expect(region?.middle.x).toBeCloseTo(-0.5, 2)
    expect(region?.middle.y).toBeCloseTo(0.2, 2)
    for (const { x } of region?.outline ?? []) expect(x).toBeLessThan(0)
  })

  it('is not there without documents on the map', () => {
    expect(topicRegions(points, [topic('gone', ['x'])])).toEqual([])
    const regions = topicRegions(points, [topic('none', []), topic('one', ['b0'])])
    expect(regions.map(({ title, outline }) => [title, outline.length])).toEqual([['one', 1]])
  })
})
