import type { Store } from '../../store/store.js'
import type { CorpusMap, DocumentSummary, MapPoint } from '../../types.js'
import type { PointMatrix, Projector } from './projector.js'

export type CorpusMapDependencies = {
  readonly store: Store
  readonly projector: Projector
  /** How long a map that is being made is waited for. */
  readonly patienceMs?: number
  /** Ends what is under way. */
  readonly signal?: AbortSignal
}
/** Documents of other collections are not there. */
export type CorpusMapRequest = { readonly collections?: readonly string[] }
export type CorpusMapper = (request: CorpusMapRequest) => Promise<CorpusMap>

/** Points that can be looked at, and numbers that are held at once (120 MB). */
const MAX_POINTS = 20_000
const MAX_VALUES = 30_000_000
const PAGE = 500
const PATIENCE_MS = 1_500
/** Maps that are kept, those used last: one for each set of collections that keys reach. */
const KEPT = 8

type Made = { readonly revision: string; readonly map: CorpusMap }
type Entry = { made?: Made; underWay?: Promise<CorpusMap> }

/**
 * Maps of the documents by their vectors. One is made anew when the index has changed, once however many ask for it; one that
 * takes longer is answered with `state` computing and the points of the map before, if any.
 */
export function createCorpusMapper(dependencies: CorpusMapDependencies): CorpusMapper {
  const { store, projector, patienceMs = PATIENCE_MS } = dependencies
  const entries = new Map<string, Entry>()

  function entryOf(key: string): Entry {
    const entry = entries.get(key) ?? {}
    entries.delete(key)
    entries.set(key, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= KEPT) break
      entries.delete(oldest)
    }
    return entry
  }

  async function make(entry: Entry, revision: string, request: CorpusMapRequest): Promise<CorpusMap> {
    try {
      const map = await drawMap(dependencies, request)
      entry.made = { revision, map }
      return map
    } finally {
      delete entry.underWay
    }
  }

  return async (request) => {
    const revision = await store.revision()
    const entry = entryOf(JSON.stringify(request.collections ?? null))
    if (entry.made?.revision === revision) return entry.made.map
    entry.underWay ??= make(entry, revision, request)
    const map = await within(entry.underWay, patienceMs)
    if (map !== undefined) return map
    const { points, total } = entry.made?.map ?? { points: [], total: 0 }
    return { state: 'computing', projection: projector.name, total, points }
  }
}

/** What a promise gives, or undefined when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
    // Nobody may be waiting any more for what goes wrong later: the next request tries again.
    promise.catch(() => undefined)
  }
}

async function drawMap(
  { store, projector, signal }: CorpusMapDependencies,
  request: CorpusMapRequest,
): Promise<CorpusMap> {
  const { documents, vectors, total } = await readVectors(store, request)
  const drawn = scaled(await projector.project(toMatrix(vectors), signal === undefined ? {} : { signal }))
  const points = documents.map(
    ({ id, title, uri, collection, type }, i): MapPoint => ({
      documentId: id,
      title,
      uri,
      collection,
      type,
      x: drawn[2 * i] ?? 0,
      y: drawn[2 * i + 1] ?? 0,
    }),
  )
  return { state: 'ready', projection: projector.name, total, points }
}

type Read = {
  readonly documents: readonly DocumentSummary[]
  readonly vectors: readonly Float32Array[]
  /** Documents in reach. */
  readonly total: number
}

/** Documents that have vectors, in the order of their ids, which is as good as a random one. */
async function readVectors(store: Store, { collections }: CorpusMapRequest): Promise<Read> {
  const documents: DocumentSummary[] = []
  const vectors: Float32Array[] = []
  for (let after: string | undefined; ; ) {
    const page = await store.listDocuments({
      limit: PAGE,
      ...(collections === undefined ? {} : { collections }),
      ...(after === undefined ? {} : { after }),
    })
    const found = await store.documentVectors(page.items.map(({ id }) => id))
    for (const document of page.items) {
      const vector = found.get(document.id)
      if (vector === undefined) continue
      documents.push(document)
      vectors.push(vector)
    }
    after = page.next
    const isFull = vectors.length >= Math.min(MAX_POINTS, MAX_VALUES / (vectors[0]?.length ?? 1))
    if (after === undefined || isFull) return { documents, vectors, total: page.total }
  }
}

function toMatrix(vectors: readonly Float32Array[]): PointMatrix {
  const dimensions = vectors[0]?.length ?? 0
  const bytes = vectors.length * dimensions * Float32Array.BYTES_PER_ELEMENT
  const values = new Float32Array(new SharedArrayBuffer(bytes))
  for (const [row, vector] of vectors.entries()) values.set(vector, row * dimensions)
  return { rows: vectors.length, dimensions, values }
}

/** The middle of the drawing at 0, its longer side from -1 to 1. Four digits are finer than any screen. */
function scaled(drawn: Float32Array): Float64Array {
  const edges = [0, 1].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = axis; at < drawn.length; at += 2) {
      low = Math.min(low, drawn[at] ?? 0)
      high = Math.max(high, drawn[at] ?? 0)
    }
    return { middle: (low + high) / 2, half: (high - low) / 2 }
  })
  const half = Math.max(...edges.map((edge) => edge.half)) || 1
  return Float64Array.from(drawn, (value, at) =>
    Number(((value - (edges[at % 2]?.middle ?? 0)) / half).toFixed(4)),
  )
}
