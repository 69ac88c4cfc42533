import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fuseRankings, type Ranking } from '../../src/search/fuse-rankings.js'

const listOf = (chunkIds: readonly number[]) => chunkIds.map((chunkId, i) => ({ chunkId, score: -i }))

const ranking: fc.Arbitrary<Ranking> = fc.record({
  list: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }).map(listOf),
  weight: fc.constantFrom(1, 0.5, 0.001, 2),
})

/** The formula of Cormack et al., passage by passage. */
function scoreOf(chunkId: number, rankings: readonly Ranking[]): number {
  return rankings
    .map(({ list, weight }) => ({ rank: list.findIndex((one) => one.chunkId === chunkId) + 1, weight }))
    .filter(({ rank }) => rank > 0)
    .reduce((sum, { rank, weight }) => sum + weight / (60 + rank), 0)
}

describe('fuseRankings', () => {
  test('scores each passage by the formula, and has each that is in a list once', () => {
    fc.assert(
      fc.property(fc.array(ranking, { maxLength: 4 }), (rankings) => {
        const fused = fuseRankings(rankings)
        const all = new Set(rankings.flatMap(({ list }) => list.map(({ chunkId }) => chunkId)))
        expect(fused.map(({ chunkId }) => chunkId).sort()).toEqual([...all].sort())
        for (const { chunkId, score } of fused) expect(score).toBeCloseTo(scoreOf(chunkId, rankings), 12)
      }),
    )
  })

  test('orders by score, equal scores by id', () => {
    fc.assert(
      fc.property(fc.array(ranking, { maxLength: 4 }), (rankings) => {
        const fused = fuseRankings(rankings)
        const sorted = [...fused].sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
        expect(fused).toEqual(sorted)
      }),
    )
    const crossed = fuseRankings([
      { list: listOf([9, 4]), weight: 1 },
      { list: listOf([4, 9]), weight: 1 },
    ])
    expect(crossed.map(({ chunkId }) => chunkId)).toEqual([4, 9])
  })

  test('keeps the order of a single list, whatever its weight', () => {
    fc.assert(
      fc.property(ranking, ({ list, weight }) => {
        const ids = list.map(({ chunkId }) => chunkId)
        expect(fuseRankings([{ list, weight }]).map(({ chunkId }) => chunkId)).toEqual(ids)
      }),
    )
  })

  test('puts what both lists hold above what leads one of them', () => {
    const fused = fuseRankings([
      { list: listOf([1, 2, 3]), weight: 1 },
      { list: listOf([4, 5, 3]), weight: 1 },
    ])
    expect(fused[0]).toEqual({ chunkId: 3, score: 2 / 63 })
  })

  test('of nothing is nothing', () => {
    expect(fuseRankings([])).toEqual([])
    expect(fuseRankings([{ list: [], weight: 1 }])).toEqual([])
  })
})
