import { describe, expect, it } from 'vitest'
import { createCorpusMapper } from '../../../src/corpus/map/corpus-map.js'
import type { Layout, Projector } from '../../../src/corpus/map/projector.js'
import { threadProjector } from '../../../src/corpus/map/thread-projector.js'
import type { Store } from '../../../src/store/store.js'
import { seededRandom } from '../../helpers/seeded-random.js'
import { summary } from '../../http/fake-engine.js'

/** Documents with a vector each, but for the last. */
function fakeStore(collections: readonly string[], vectors: readonly (readonly number[])[]) {
  const state = { revision: '1', reads: 0, vectors }
  const allDocuments = () =>
    state.vectors.map((_, i) => ({
      ...summary,
      id: `d${i}`,
      title: `Document ${i}`,
      collection: collections[i % collections.length] ?? '',
    }))
  const store: Pick<Store, 'revision' | 'listDocuments' | 'documentVectors'> = {
    revision: async () => state.revision,
    async listDocuments(filter) {
      state.reads++
      const within = allDocuments().filter(
        ({ collection }) => filter.collections?.includes(collection) ?? true,
      )
      const from = filter.after === undefined ? 0 : within.findIndex(({ id }) => id === filter.after) + 1
      const items = within.slice(from, from + 3)
      const last = items.at(-1)?.id
      const hasMore = from + 3 < within.length && last !== undefined
      return { items, total: within.length, ...(hasMore ? { next: last } : {}) }
    },
    documentVectors: async (ids) =>
      new Map(
        allDocuments().flatMap(({ id }, i, { length }) =>
          ids.includes(id) && i < length - 1
            ? [[id, Float32Array.from(state.vectors[i] ?? [])] as const]
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
    const map = await createCorpusMapper({ store, projector: threadProjector })({})
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
    expect(await createCorpusMapper({ store, projector: threadProjector })({})).toEqual({
      state: 'ready',
      projection: 'pca',
      total: 0,
      points: [],
    })
  })

  it('is made once as long as the index does not change, also for several who ask at once', async () => {
    const { store, state } = fakeStore(['a'], VECTORS)
    const map = createCorpusMapper({ store, projector: threadProjector })
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
    const map = createCorpusMapper({ store, projector: threadProjector })
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
      project: ({ points: { rows } }: Layout) =>
        state.revision === '1'
          ? Promise.resolve(new Float32Array(2 * rows))
          : new Promise((resolve) => {
              finish = resolve
            }),
    }
    const map = createCorpusMapper({ store, projector: slow, patienceMs: 5 })
    const before = await map({})
    state.revision = '2'
    expect(await map({})).toEqual({
      ...before,
      state: 'computing',
      progress: { stage: 'reading', done: 10, total: 11 },
    })
    finish(new Float32Array(20).fill(0.5))
    expect((await map({})).state).toBe('ready')
  })

  it('that fails is tried again by the next who asks', async () => {
    const { store } = fakeStore(['a'], VECTORS)
    let calls = 0
    const failing: Projector = {
      project: async ({ points: { rows } }) => {
        if (calls++ === 0) throw new Error('no memory')
        return new Float32Array(2 * rows)
      },
    }
    const map = createCorpusMapper({ store, projector: failing })
    await expect(map({})).rejects.toThrow('no memory')
    expect((await map({})).state).toBe('ready')
  })

  it('that fails when nobody waits any more is told to the next who asks, and then tried again', async () => {
    const { store } = fakeStore(['a'], VECTORS)
    let fail = (_: Error) => {}
    let calls = 0
    const failing: Projector = {
      project: ({ points: { rows } }) =>
        calls++ === 0
          ? new Promise((_, reject) => {
              fail = reject
            })
          : Promise.resolve(new Float32Array(2 * rows)),
    }
    const map = createCorpusMapper({ store, projector: failing, patienceMs: 5 })
    expect((await map({})).state).toBe('computing')
    fail(new Error('no memory'))
    await expect(map({})).rejects.toThrow('no memory')
    expect((await map({ wait: true })).state).toBe('ready')
    expect(calls).toBe(2)
  })

  it('is made when it is its turn, which is over when it is there; one that is there needs none', async () => {
    const { store } = fakeStore(['a'], VECTORS)
    const turns: string[] = []
    let begin = () => {}
    const admit = () => {
      turns.push('asked')
      return new Promise<() => void>((resolve) => {
        begin = () => resolve(() => turns.push('left'))
      })
    }
    const map = createCorpusMapper({ store, projector: threadProjector, patienceMs: 5 })
    expect(await map({ admit })).toMatchObject({ state: 'computing', points: [] })
    begin()
    expect((await map({ admit, wait: true })).state).toBe('ready')
    expect((await map({ admit })).state).toBe('ready')
    expect(turns).toEqual(['asked', 'left'])
    const full = { admit: () => Promise.reject(new Error('busy')) }
    await expect(map({ ...full, projection: 'pca' })).rejects.toThrow('busy')
  })

  it('is ended when the last one who waits for it leaves', async () => {
    const { store } = fakeStore(['a'], VECTORS)
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const never: Projector = {
      project: (_, { signal } = {}) =>
        new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            end()
            reject(new Error('ended'))
          }),
        ),
    }
    const map = createCorpusMapper({ store, projector: never })
    const [first, second] = [new AbortController(), new AbortController()]
    const waiting = [first, second].map(({ signal }) => map({ wait: true, signal }))
    first.abort()
    await expect(waiting[0]).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await Promise.race([ended.then(() => 'ended'), Promise.resolve('goes on')])).toBe('goes on')
    second.abort()
    await expect(waiting[1]).rejects.toMatchObject({ code: 'CANCELLED' })
    await ended
  })

  describe('of many documents', () => {
    const many = clustered(121)

    it('is drawn by neighbours, by variance until then', async () => {
      const { store } = fakeStore(['a'], many)
      let finish = () => {}
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const late: Projector = {
        async project(layout, run) {
          if (layout.projection === 'umap') await finished
          return threadProjector.project({ ...layout, projection: 'pca' }, run)
        },
      }
      const map = createCorpusMapper({ store, projector: late, patienceMs: 50 })
      const provisional = await map({})
      expect(provisional).toMatchObject({ state: 'computing', projection: 'pca', total: 121 })
      expect(provisional.points).toHaveLength(120)
      finish()
      expect(await map({ wait: true })).toMatchObject({ state: 'ready', projection: 'umap' })
      expect((await map({ projection: 'pca' })).projection).toBe('pca')
    })

    it('gives new ones a place among those that are there, until a tenth is new', async () => {
      const layouts: Layout[] = []
      const recording: Projector = {
        project(layout) {
          layouts.push(layout)
          return Promise.resolve(new Float32Array(2 * layout.points.rows).fill(0.5))
        },
      }
      const { store, state } = fakeStore(['a'], many)
      const map = createCorpusMapper({ store, projector: recording })
      await map({})
      for (const [revision, size, onlyNew] of [
        ['2', 126, true],
        ['3', 133, true],
        ['4', 140, false],
      ] as const) {
        Object.assign(state, { revision, vectors: clustered(size) })
        await map({})
        expect(layouts.at(-1)?.onlyNew, revision).toBe(onlyNew)
      }
      const known = [...(layouts.at(-1)?.former ?? [])].filter((value) => !Number.isNaN(value))
      expect(known).toHaveLength(2 * 132)
    })

    it('draws documents anew whose vectors have changed', async () => {
      const layouts: Layout[] = []
      const recording: Projector = {
        project(layout) {
          layouts.push(layout)
          return Promise.resolve(new Float32Array(2 * layout.points.rows).fill(0.5))
        },
      }
      const { store, state } = fakeStore(['a'], many)
      const map = createCorpusMapper({ store, projector: recording })
      await map({})
      state.vectors = many.map((vector, i) => (i === 7 ? [9, 9, 9] : vector))
      state.revision = '2'
      await map({})
      const former = layouts.at(-1)?.former ?? new Float32Array()
      expect(former.findIndex(Number.isNaN)).toBe(14)
      expect(former.filter(Number.isNaN)).toHaveLength(2)
    })
  })
})

/** Vectors around six directions in turn. */
function clustered(count: number): number[][] {
  const random = seededRandom(3)
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: 8 }, (_, d) => (d === i % 6 ? 1 : 0) + 0.2 * random()),
  )
}
