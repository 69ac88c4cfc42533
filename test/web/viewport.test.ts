import fc from 'fast-check'
import { expect, it } from 'vitest'
import { moved, toScreen, wholeMap, zoomed } from '../../src/web/map/viewport.js'

const size = { width: 900, height: 600 }
const place = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 600 }))

it('all of the map is within the canvas', () => {
  for (const x of [-1, 1])
    for (const y of [-1, 1]) {
      const [px, py] = toScreen({ view: wholeMap(size), size }, { x, y })
      expect(px).toBeGreaterThan(0)
      expect(px).toBeLessThan(size.width)
      expect(py).toBeGreaterThan(0)
      expect(py).toBeLessThan(size.height)
    }
})

it('what the pointer is on stays there when it comes nearer', () => {
  fc.assert(
    fc.property(place, fc.double({ min: 1.01, max: 4, noNaN: true }), (at, factor) => {
      const view = zoomed(wholeMap(size), 2, [450, 300], size)
      const under = {
        x: view.x + (at[0] - size.width / 2) / view.scale,
        y: view.y + (at[1] - size.height / 2) / view.scale,
      }
      const [x, y] = toScreen({ view: zoomed(view, factor, at, size), size }, under)
      expect(x).toBeCloseTo(at[0], 6)
      expect(y).toBeCloseTo(at[1], 6)
    }),
    { seed: 5 },
  )
})

it('neither moves away from the map nor leaves its bounds of nearness', () => {
  const whole = wholeMap(size)
  expect(moved(whole, -1e6, 1e6)).toMatchObject({ x: 1.2, y: -1.2 })
  expect(zoomed(whole, 0.1, [0, 0], size)).toEqual(whole)
  expect(zoomed(whole, 1e9, [0, 0], size).scale).toBe(60 * whole.scale)
})
