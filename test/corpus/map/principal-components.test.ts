import { describe, expect, it } from 'vitest'
import { layOut } from '../../../src/corpus/map/lay-out.js'
import { projectOntoPrincipalComponents } from '../../../src/corpus/map/principal-components.js'
import { threadProjector } from '../../../src/corpus/map/thread-projector.js'
import { seededRandom } from '../../helpers/seeded-random.js'

type Rows = readonly (readonly number[])[]

const matrix = (rows: Rows) => ({
  rows: rows.length,
  dimensions: rows[0]?.length ?? 0,
  values: Float32Array.from(rows.flat()),
})

/** Points with known variances along axes that are turned against those of the space. */
function ellipsoid(count: number, deviations: readonly number[]): { rows: Rows; hidden: Rows } {
  const random = seededRandom(4)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const hidden = Array.from({ length: count }, () => deviations.map((deviation) => deviation * normal()))
  const size = deviations.length
  // A Householder reflection is an orthogonal matrix.
  const mirror = deviations.map(() => normal())
  const norm = mirror.reduce((sum, value) => sum + value * value, 0)
  const rows = hidden.map((point) => {
    const along = point.reduce((sum, value, i) => sum + value * (mirror[i] ?? 0), 0)
    return Array.from({ length: size }, (_, i) => (point[i] ?? 0) - (2 * along * (mirror[i] ?? 0)) / norm + 3)
  })
  return { rows, hidden }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const sum = (of: (i: number) => number) => a.reduce((total, _, i) => total + of(i), 0)
  const [da, db] = [(i: number) => (a[i] ?? 0) - ma, (i: number) => (b[i] ?? 0) - mb]
  return sum((i) => da(i) * db(i)) / Math.sqrt(sum((i) => da(i) ** 2) * sum((i) => db(i) ** 2))
}

const axis = (drawn: Float32Array, which: 0 | 1) => [...drawn].filter((_, at) => at % 2 === which)

describe('the two principal components', () => {
  it('are the directions of the greatest variances, wherever they point', () => {
    const { rows, hidden } = ellipsoid(600, [0.5, 5, 0.3, 2, 0.4, 0.2])
    const drawn = projectOntoPrincipalComponents(matrix(rows))
    const column = (i: number) => hidden.map((point) => point[i] ?? 0)
    expect(Math.abs(correlation(axis(drawn, 0), column(1)))).toBeGreaterThan(0.99)
    expect(Math.abs(correlation(axis(drawn, 1), column(3)))).toBeGreaterThan(0.98)
    expect(Math.abs(correlation(axis(drawn, 0), axis(drawn, 1)))).toBeLessThan(1e-3)
  })

  it('keep all distances of points that lie in a plane', () => {
    const random = seededRandom(9)
    const flat = Array.from({ length: 40 }, () => [random() * 4, random()] as const)
    const rows = flat.map(([a, b]) => [a * 0.6 + b * 0.8, a * 0.8 - b * 0.6, 7])
    const drawn = projectOntoPrincipalComponents(matrix(rows))
    const distance = (x: number, y: number) => Math.hypot(x, y)
    for (let i = 1; i < flat.length; i++) {
      const [a, b] = flat[i] ?? [0, 0]
      const [c, d] = flat[0] ?? [0, 0]
      const seen = distance((drawn[2 * i] ?? 0) - (drawn[0] ?? 0), (drawn[2 * i + 1] ?? 0) - (drawn[1] ?? 0))
      expect(seen).toBeCloseTo(distance(a - c, b - d), 2)
    }
  })

  it.each([
    ['no points', []],
    ['one point', [[1, 2, 3]]],
    [
      'equal points',
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
  ] as const)('of %s are the origin', (_, rows) => {
    const drawn = projectOntoPrincipalComponents(matrix(rows))
    expect(drawn).toHaveLength(2 * rows.length)
    for (const value of drawn) expect(value).toBeCloseTo(0, 6)
  })

  it('of points on a line have one dimension', () => {
    const drawn = projectOntoPrincipalComponents(matrix([1, 2, 3, 7].map((t) => [t, 2 * t, -t])))
    for (const y of axis(drawn, 1)) expect(y).toBeCloseTo(0, 4)
    expect(Math.max(...axis(drawn, 0))).toBeGreaterThan(1)
  })

  it('are the same each time, in place and in a thread', async () => {
    const { rows } = ellipsoid(
      9_000,
      Array.from({ length: 24 }, (_, i) => 1 / (1 + i)),
    )
    const layout = { points: matrix(rows), projection: 'pca' } as const
    expect(layout.points.values.length).toBeGreaterThan(200_000)
    expect(await threadProjector.project(layout)).toEqual(layOut(layout))
    await expect(threadProjector.project(layout, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})
