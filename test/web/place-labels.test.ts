import fc from 'fast-check'
import { expect, it } from 'vitest'
import { placeLabels } from '../../src/web/map/place-labels.js'

const canvas = { width: 360, height: 500 }
const label = fc.record({
  at: fc.tuple(fc.integer({ min: -50, max: 400 }), fc.integer({ min: -50, max: 550 })),
  size: fc.record({ width: fc.integer({ min: 20, max: 160 }), height: fc.constant(20) }),
})

it('labels are whole on the canvas and none covers another', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 14 }), (labels) => {
      const shown = placeLabels(labels, canvas).flatMap((place, i) => {
        const size = labels[i]?.size ?? canvas
        return place === undefined ? [] : [{ left: place[0], top: place[1], ...size }]
      })
      for (const [i, a] of shown.entries()) {
        expect(a.left).toBeGreaterThanOrEqual(0)
        expect(a.top).toBeGreaterThanOrEqual(0)
        expect(a.left + a.width).toBeLessThanOrEqual(canvas.width)
        expect(a.top + a.height).toBeLessThanOrEqual(canvas.height)
        for (const b of shown.slice(i + 1)) {
          const apart =
            a.left + a.width <= b.left ||
            b.left + b.width <= a.left ||
            a.top + a.height <= b.top ||
            b.top + b.height <= a.top
          expect(apart).toBe(true)
        }
      }
    }),
    { numRuns: 100 },
  )
})

it('a label stays where it belongs, is moved where there is one before it, and goes with what is not seen', () => {
  const size = { width: 100, height: 20 }
  const at = [180, 250] as const
  expect(
    placeLabels(
      [
        { at, size },
        { at, size },
        { at: [-1, 250], size },
      ],
      canvas,
    ),
  ).toEqual([[130, 240], [130, 216], undefined])
})
