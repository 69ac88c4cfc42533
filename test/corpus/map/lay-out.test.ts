import { describe, expect, it } from 'vitest'
import { nearestRows } from '../../../src/corpus/features/nearest-rows.js'
import { alignDrawing } from '../../../src/corpus/map/align-drawing.js'
import { layOut } from '../../../src/corpus/map/lay-out.js'
import { threadProjector } from '../../../src/corpus/map/thread-projector.js'
import { seededRandom } from '../../helpers/seeded-random.js'

const GROUPS = 6
const WIDTH = 24

/** Points around six directions in turn, the same ones however many. */
function pointsOf(rows: number) {
  const random = seededRandom(3)
  const values = Float32Array.from(
    { length: rows * WIDTH },
    (_, at) => (at % WIDTH === Math.floor(at / WIDTH) % GROUPS ? 1 : 0) + 0.5 * random(),
  )
  return { rows, dimensions: WIDTH, values }
}

const distance = (drawn: Float32Array, a: number, b: number, other = drawn) =>
  Math.hypot((drawn[2 * a] ?? 0) - (other[2 * b] ?? 0), (drawn[2 * a + 1] ?? 0) - (other[2 * b + 1] ?? 0))

/** The share of points whose nearest one in the drawing is of their group. */
function togetherness(drawn: Float32Array): number {
  const rows = [...Array(drawn.length / 2).keys()]
  const own = rows.filter((row) => {
    const [nearest = 0] = rows
      .filter((other) => other !== row)
      .sort((a, b) => distance(drawn, row, a) - distance(drawn, row, b))
    return nearest % GROUPS === row % GROUPS
  })
  return own.length / rows.length
}

describe('a drawing by neighbours', () => {
  const points = pointsOf(180)
  const drawn = layOut({ points, projection: 'umap' })

  it('keeps together what is alike, where two directions cannot show it', () => {
    expect(togetherness(drawn)).toBeGreaterThan(0.97)
    expect(togetherness(layOut({ points, projection: 'pca' }))).toBeLessThan(0.9)
    expect(Math.max(...drawn.map(Math.abs))).toBe(1)
  })

  it('is the same each time, also in a thread, which tells how far it is', async () => {
    expect(layOut({ points, projection: 'umap' })).toEqual(drawn)
    const stages = new Set<string>()
    const onProgress = ({ stage }: { stage: string }) => stages.add(stage)
    expect(await threadProjector.project({ points, projection: 'umap' }, { onProgress })).toEqual(drawn)
    expect([...stages]).toEqual(['comparing', 'drawing'])
  })

  it('can be cancelled in the middle', async () => {
    const controller = new AbortController()
    const run = { signal: controller.signal, onProgress: () => controller.abort() }
    await expect(threadProjector.project({ points, projection: 'umap' }, run)).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  it('of one in a hundred more points is nearly the same, and leaves all where they are if asked to', () => {
    const more = pointsOf(182)
    const former = new Float32Array(2 * 182).fill(Number.NaN)
    former.set(drawn)
    const anew = layOut({ points: more, projection: 'umap', former })
    const moved = Array.from({ length: 180 }, (_, row) => distance(drawn, row, row, anew)).sort(
      (a, b) => a - b,
    )
    expect(moved[90]).toBeLessThan(0.15)
    const placed = layOut({ points: more, projection: 'umap', former, onlyNew: true })
    expect(placed.slice(0, 360)).toEqual(drawn)
    for (const row of [180, 181]) {
      const group = Array.from({ length: 30 }, (_, i) => distance(placed, row, (row % GROUPS) + GROUPS * i))
      expect(Math.min(...group)).toBeLessThan(0.1)
    }
  })

  it('is turned and mirrored as the one before', () => {
    const former = drawn.map((value, at) =>
      at % 2 === 0 ? -(drawn[at + 1] ?? 0) : -(drawn[at - 1] ?? value),
    )
    const aligned = alignDrawing(drawn, former)
    for (const [at, value] of aligned.entries()) expect(value).toBeCloseTo(former[at] ?? 0, 3)
    const mirrored = drawn.map((value, at) => (at % 2 === 0 ? value : -value))
    for (const [at, value] of alignDrawing(drawn, mirrored).entries())
      expect(value).toBeCloseTo(mirrored[at] ?? 0, 3)
  })

  it.each(['pca', 'umap'] as const)('of equal points has them all within it (%s)', (projection) => {
    const equal = { rows: 60, dimensions: 3, values: new Float32Array(180).fill(0.5) }
    expect(layOut({ points: equal, projection }).every((value) => Math.abs(value) <= 1)).toBe(true)
  })
})

it('the nearest rows are those of a sort', () => {
  const random = seededRandom(8)
  const width = 4
  const values = Float64Array.from({ length: 30 * width }, () => random() - 0.5)
  const all = [...Array(30).keys()]
  const cosine = (a: number, b: number) =>
    values
      .subarray(a * width, (a + 1) * width)
      .reduce((sum, value, i) => sum + value * (values[b * width + i] ?? 0), 0)
  const { rows } = nearestRows({ values, width, size: 30 }, all, all, 5)
  for (const row of all)
    expect([...rows.slice(5 * row, 5 * row + 5)]).toEqual(
      all
        .filter((other) => other !== row)
        .sort((a, b) => cosine(row, b) - cosine(row, a))
        .slice(0, 5),
    )
  expect([...nearestRows({ values, width, size: 30 }, [0], [0, 1], 3).rows]).toEqual([1, -1, -1])
})
