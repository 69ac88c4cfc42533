import { describe, expect, test } from 'vitest'
import type { Features } from '../../src/corpus/features/features.js'
import type { Rows } from '../../src/corpus/features/reduce-dimensions.js'
import { seededNumbers } from '../../src/corpus/features/seeded-numbers.js'
import { divideClearly } from '../../src/corpus/topics/divide-clearly.js'
import { settleFeatures } from '../../src/corpus/topics/settle-features.js'

/** Directions around the corners of a cube in `width` dimensions, in turn; everywhere when there are no corners. */
function rowsAround(corners: number, size: number, width: number): Rows {
  const random = seededNumbers(3)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const values = Float64Array.from({ length: size * width }, (_, at) => {
    const isCorner = corners > 0 && at % width === Math.floor(at / width) % corners
    return (isCorner ? 1 : 0) + normal() * (corners > 0 ? 0.1 : 1)
  })
  for (let from = 0; from < values.length; from += width) {
    const norm = Math.hypot(...values.subarray(from, from + width))
    for (let at = from; at < from + width; at++) values[at] = (values[at] ?? 0) / norm
  }
  return { values, width, size }
}

/** The same rows for each part. */
function pick({ values, width }: Rows): (members: readonly number[]) => Rows {
  return (members) => ({
    values: Float64Array.from(members.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
    width,
    size: members.length,
  })
}

const members = Array.from({ length: 240 }, (_, i) => i)

describe('documents that are divided', () => {
  test.each([1, 2, 3])('come apart where their neighbours are, with seed %i', (seed) => {
    const told: number[] = []
    const { groups, count, candidates } = divideClearly(
      members,
      pick(rowsAround(3, 240, 6)),
      { most: 12, least: 10, seed },
      (done) => told.push(done),
    )
    expect(count).toBe(3)
    expect(new Set(members.map((row) => `${row % 3} ${groups[row]}`)).size).toBe(3)
    expect(told).toEqual([2, 3])
    expect(candidates.map((candidate) => candidate.groups)).toEqual([2, 3, 4])
    expect(candidates[1]?.cut).toBe(0)
    expect(candidates[2]?.cut).toBeGreaterThan(0.2)
  })

  test('are no more groups than are asked for', () => {
    const { count, candidates } = divideClearly(members, pick(rowsAround(5, 240, 6)), {
      most: 4,
      least: 10,
      seed: 1,
    })
    expect(count).toBe(4)
    expect(candidates).toHaveLength(3)
  })

  test('are of no group where they are few', () => {
    const { values, width } = rowsAround(3, 240, 6)
    const [large, small] = [
      members.filter((row) => row % 3 !== 2),
      members.filter((row) => row % 3 === 2).slice(0, 20),
    ]
    const { groups, count } = divideClearly([...large, ...small], pick({ values, width, size: 240 }), {
      most: 12,
      least: 30,
      seed: 1,
    })
    expect(count).toBe(2)
    // Those that fell to a large group at the first division stay there.
    expect(groups.slice(160).filter((group) => group === -1).length).toBeGreaterThan(15)
    expect(groups.slice(0, 160).every((group) => group >= 0)).toBe(true)
  })

  test('stay together where neighbours are on all sides', () => {
    const { groups, count, candidates } = divideClearly(members, pick(rowsAround(0, 240, 6)), {
      most: 12,
      least: 10,
      seed: 1,
    })
    expect(count).toBe(1)
    expect(groups.every((group) => group === 0)).toBe(true)
    expect(candidates).toHaveLength(1)
    expect(candidates[0]?.cut).toBeGreaterThan(0.2)
    expect(candidates[0]?.cut).toBeLessThan(1)
  })
})

describe('texts that settle', () => {
  const features = (...ids: number[]): Features => ({
    ids: Uint32Array.from(ids),
    weights: new Float32Array(ids.length).fill(1 / Math.sqrt(ids.length)),
  })
  const texts = [
    features(0, 1),
    features(0, 2),
    features(1, 2),
    features(5, 6),
    features(5, 7),
    features(6, 7),
  ]

  test('move to the group whose words they have', () => {
    expect([...settleFeatures(texts, Int32Array.of(0, 0, 0, 0, 1, 1))]).toEqual([0, 0, 0, 1, 1, 1])
    expect([...settleFeatures(texts, Int32Array.of(0, 0, -1, 1, 1, -1))]).toEqual([0, 0, 0, 1, 1, 1])
  })

  test('stay where they are as near to another group', () => {
    const all = [...texts, features(0, 5), features()]
    expect([...settleFeatures(all, Int32Array.of(0, 0, 0, 1, 1, 1, 1, 1))].slice(6)).toEqual([1, 1])
  })
})
