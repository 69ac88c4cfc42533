import { describe, expect, it } from 'vitest'
import { createCorpusMapper } from '../../../src/corpus/map/corpus-map.js'
import { pcaProjector } from '../../../src/corpus/map/pca-projector.js'
import type { PointMatrix, Projector } from '../../../src/corpus/map/projector.js'
import type { Store } from '../../../src/store/store.js'
import { summary } from '../../http/fake-engine.js'

/** Documents with a vector each, but for the last. */
function fakeStore(collections: readonly string[], vectors: readonly (readonly number[])[]) {
  const state = { revision: '1', reads: 0 }
  const documents = vectors.map((_, i) => ({
    ...summary,
    id: `d${i}`,
    title: `Document ${i}`,
    collection: collections[i % collections.length] ?? '',
  }))
  const store: Pick<Store, 'revision' | 'listDocuments' | 'documentVectors'> = {
    revision: async () => state.revision,
    async listDocuments(filter) {
      state.reads++
      const within = documents.filter(({ collection }) => filter.collections?.includes(collection) ?? true)
      const from = filter.after === undefined ? 0 : within.findIndex(({ id }) => id === filter.after) + 1
      const items = within.slice(from, from + 3)
      const last = items.at(-1)?.id
      const hasMore = from + 3 < within.length && last !== undefined
      return { items, total: within.length, ...(hasMore ? { next: last } : {}) }
    },
    documentVectors: async (ids) =>
      new Map(
        documents.flatMap(({ id }, i) =>
          ids.includes(id) && i < documents.length - 1
            ? [[id, Float32Array.from(vectors[i] ?? [])] as const]
            : [],
        ),
      ),
  }
  return { store: store as Store, state }
}

const VECTORS = Array.from({ length: 11 }, (_, i) => [Math.cos(i), Math.sin(i), i % 2])

describe('a map', () => {
  it('has every document with a vector, from -1 to 1, and says how many there are', async () => {
    const { store } = fakeStore(['a', 'b'], VECTORS)
    const map = await createCorpusMapper({ store, projector: pcaProjector })({})
    expect(map).toMatchObject({ state: 'ready', projection: 'pca', total: 11 })
    expect(map.points.map(({ documentId }) => documentId)).toEqual(
      VECTORS.slice(0, 10).map((_, i) => `d${i}`),
    )
    const all = map.points.flatMap(({ x, y }) => [x, y])
    expect(Math.max(...all.map(Math.abs))).toBe(1)
    expect(map.points[0]).toMatchObject({ title: 'Document 0', collection: 'a', type: 'text/markdown' })
  })

  it('of an empty index is empty', async () => {
    const { store } = fakeStore(['a'], [])
    expect(await createCorpusMapper({ store, projector: pcaProjector })({})).toEqual({
      state: 'ready',
      projection: 'pca',
      total: 0,
      points: [],
    })
  })

  it('is made once as long as the index does not change, also for several who ask at once', async () => {
    const { store, state } = fakeStore(['a'], VECTORS)
    const map = createCorpusMapper({ store, projector: pcaProjector })
    const [first, second] = await Promise.all([map({}), map({})])
    expect(second).toBe(first)
    const reads = state.reads
    expect(await map({})).toBe(first)
    expect(state.reads).toBe(reads)
    state.revision = '2'
    expect(await map({})).toEqual(first)
    expect(state.reads).toBe(2 * reads)
  })

  it('shows to each who may see what only that', async () => {
    const { store } = fakeStore(['a', 'b'], VECTORS)
    const map = createCorpusMapper({ store, projector: pcaProjector })
    const whole = await map({})
    const own = await map({ collections: ['b'] })
    expect(own.total).toBe(5)
    expect(new Set(own.points.map(({ collection }) => collection))).toEqual(new Set(['b']))
    expect(await map({})).toBe(whole)
  })

  it('that takes long is told so, with the one before until it is there', async () => {
    const { store, state } = fakeStore(['a'], VECTORS)
    let finish = (_: Float32Array) => {}
    const slow: Projector = {
      name: 'pca',
      project: ({ rows }: PointMatrix) =>
        state.revision === '1'
          ? Promise.resolve(new Float32Array(2 * rows))
          : new Promise((resolve) => {
              finish = resolve
            }),
    }
    const map = createCorpusMapper({ store, projector: slow, patienceMs: 5 })
    const before = await map({})
    state.revision = '2'
    expect(await map({})).toEqual({ ...before, state: 'computing' })
    finish(new Float32Array(20).fill(0.5))
    expect((await map({})).state).toBe('ready')
  })

  it('that fails is tried again by the next who asks', async () => {
    const { store } = fakeStore(['a'], VECTORS)
    let calls = 0
    const failing: Projector = {
      name: 'pca',
      project: async ({ rows }) => {
        if (calls++ === 0) throw new Error('no memory')
        return new Float32Array(2 * rows)
      },
    }
    const map = createCorpusMapper({ store, projector: failing })
    await expect(map({})).rejects.toThrow('no memory')
    expect((await map({})).state).toBe('ready')
  })
})
