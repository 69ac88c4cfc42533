import { describe, expect, test } from 'vitest'
import { createRandom, createVectorSource } from '../../../../scripts/bench-data.js'
import { openCandidatePool } from '../../../../src/store/sqlite/codes/candidate-pool.js'
import { packRecord } from '../../../../src/store/sqlite/codes/code-record.js'
import { createSharedCodes, openCodeSpace } from '../../../../src/store/sqlite/codes/code-space.js'
import { findNearest } from '../../../../src/store/sqlite/codes/find-nearest.js'
import type { KernelChoice } from '../../../../src/store/sqlite/codes/load-kernel.js'
import { createPassageCodes } from '../../../../src/store/sqlite/codes/passage-codes.js'
import { createVectorCoder } from '../../../../src/store/sqlite/codes/vector-coder.js'

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

/** A search over the codes of vectors, whose ids are their positions from 1; counts the cosines it computes. */
function openSearch(vectors: readonly Float32Array[], kernel: KernelChoice = 'best') {
  const space = openCodeSpace(createSharedCodes(1), 0, kernel)
  const coder = createVectorCoder(space)
  const codes = createPassageCodes(space)
  const setUp = (mean: Float32Array) =>
    space.setUp({ setId: 1, generation: 1, dimensions: vectors[0]?.length ?? 0 }, mean)
  space.exclusively(() => {
    setUp(new Float32Array(0))
    const sum = new Float64Array(space.layout.length)
    for (const vector of vectors)
      for (const [i, value] of coder.rotate(vector).entries()) sum[i] = (sum[i] ?? 0) + value
    setUp(Float32Array.from(sum, (value) => value / vectors.length))
    const records = vectors.map((vector, i) =>
      packRecord({ chunkId: i + 1, documentId: 1, vectorId: i + 1, coded: coder.encode(vector) }),
    )
    codes.append(Buffer.concat(records))
  })
  const effort = { cosines: 0 }
  const search = (query: Float32Array, limit: number) =>
    findNearest(openCandidatePool(space, coder.encodeQuery(query), false), limit, (ids) => {
      effort.cosines += ids.length
      return new Map(ids.map((id) => [id, cosine(query, vectors[id - 1] ?? query)]))
    })
  const remove = (first: number, last: number) => space.exclusively(() => codes.remove(first, last))
  return { search, effort, remove }
}

function nearestOfAll(vectors: readonly Float32Array[], query: Float32Array, limit: number) {
  return vectors
    .map((vector, i) => ({ chunkId: i + 1, score: cosine(query, vector) }))
    .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
    .slice(0, limit)
}

describe('the nearest vectors', () => {
  for (const [dimensions, clusters] of [
    [96, 40],
    [384, 40],
    [768, 100],
    [1536, 20],
    [3072, 10],
  ] as const) {
    test(`of ${dimensions} dimensions are found at a small part of the cost`, () => {
      const next = createVectorSource({ dimensions, clusters })
      const vectors = Array.from({ length: 1500 }, next)
      const queries = Array.from({ length: 10 }, next)
      const { search, effort } = openSearch(vectors)
      let found = 0
      for (const query of queries) {
        const wanted = new Set(nearestOfAll(vectors, query, 10).map(({ chunkId }) => chunkId))
        found += search(query, 10).filter(({ chunkId }) => wanted.has(chunkId)).length
      }
      expect(found / (queries.length * 10)).toBeGreaterThanOrEqual(0.99)
      expect(effort.cosines / (queries.length * vectors.length)).toBeLessThan(0.3)
    })
  }

  describe('are found where distances say little about them', () => {
    const dimensions = 128
    const random = createRandom(7)
    const uniform = () => random() / 2 ** 32
    const unit = (vector: Float32Array) => {
      const length = Math.sqrt(cosine(vector, vector))
      return vector.map((value) => value / length)
    }
    const anywhere = () =>
      unit(Float32Array.from({ length: dimensions }, () => uniform() + uniform() + uniform() + uniform() - 2))
    const center = anywhere()
    /** So far from the center, in a direction of its own. */
    const at = (distance: number) => {
      const away = anywhere()
      return unit(center.map((value, i) => value + distance * (away[i] ?? 0)))
    }

    const corpora: [string, () => number][] = [
      ['a hundredth near the mean of all', () => (uniform() < 0.01 ? 0.1 : 1)],
      ['half near the mean of all', () => (uniform() < 0.5 ? 0.05 : 2)],
      ['near the mean of all and far from it', () => 0.1 * 30 ** uniform()],
      ['all as far from the mean', () => 1],
    ]
    for (const [name, distance] of corpora) {
      test(name, () => {
        const vectors = Array.from({ length: 4000 }, () => at(distance()))
        const { search } = openSearch(vectors)
        for (const away of [0.1, 0.5, 1, 2, 100]) {
          let found = 0
          for (const query of Array.from({ length: 20 }, () => at(away))) {
            const wanted = new Set(nearestOfAll(vectors, query, 10).map(({ chunkId }) => chunkId))
            found += search(query, 10).filter(({ chunkId }) => wanted.has(chunkId)).length
          }
          expect(found / 200, `queries ${away} away`).toBeGreaterThanOrEqual(0.99)
        }
      })
    }
  })

  test('are the same on a machine without SIMD', () => {
    const next = createVectorSource({ dimensions: 200, clusters: 10, seed: 1 })
    const vectors = Array.from({ length: 1500 }, next)
    const [one, other] = [openSearch(vectors), openSearch(vectors, 'portable')]
    for (const query of Array.from({ length: 10 }, next)) {
      expect(other.search(query, 20)).toEqual(one.search(query, 20))
    }
    expect(other.effort).toEqual(one.effort)
  })

  test('include few of many that are equal, by their ids, and a better one farther away by its code', () => {
    const next = createVectorSource({ dimensions: 64, clusters: 5, seed: 2 })
    const [query, copied] = [next(), next()]
    const vectors = [...Array.from({ length: 3000 }, () => copied), ...Array.from({ length: 500 }, next)]
    expect(openSearch(vectors).search(query, 15)).toEqual(nearestOfAll(vectors, query, 15))
    expect(openSearch(vectors).search(copied, 15)).toEqual(nearestOfAll(vectors, copied, 15))
  })

  test('are all when all are wanted', () => {
    const next = createVectorSource({ dimensions: 32, clusters: 3, seed: 3 })
    const vectors = Array.from({ length: 1200 }, next)
    const query = next()
    for (const limit of [1199, 1200, 5000])
      expect(openSearch(vectors).search(query, limit)).toEqual(nearestOfAll(vectors, query, limit))
  })

  test('are found among few that are left of many, and where many were that are gone', () => {
    const next = createVectorSource({ dimensions: 4, clusters: 9, seed: 4 })
    for (const [gone, left] of [
      [1000, 8],
      [26, 170],
    ] as const) {
      for (const query of Array.from({ length: 60 }, next)) {
        const some = Array.from({ length: left / 2 }, next)
        const vectors = [...Array.from({ length: gone }, next), ...some, ...some]
        const { search, remove } = openSearch(vectors)
        remove(1, gone)
        const wanted = nearestOfAll(vectors.slice(gone), query, 4)
        expect(search(query, 4)).toEqual(
          wanted.map(({ chunkId, score }) => ({ chunkId: chunkId + gone, score })),
        )
      }
    }
  })

  test('leave out those that are gone', () => {
    const space = openCodeSpace(createSharedCodes(1), 0)
    const coder = createVectorCoder(space)
    const vector = Float32Array.of(1, 2, 3)
    space.exclusively(() => {
      space.setUp({ setId: 1, generation: 1, dimensions: 3 }, new Float32Array(0))
      const coded = coder.encode(vector)
      const records = [1, 2, 3].map((id) => packRecord({ chunkId: id, documentId: 1, vectorId: id, coded }))
      createPassageCodes(space).append(Buffer.concat(records))
    })
    const pool = openCandidatePool(space, coder.encodeQuery(vector), false)
    expect(findNearest(pool, 2, () => new Map([[2, 1]]))).toEqual([{ chunkId: 2, score: 1 }])
  })
})
