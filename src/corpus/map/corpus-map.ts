import type { Store } from '../../store/store.js'
import type { CorpusMap, MapPoint } from '../../types.js'
import type { CorpusProgress, CorpusRun } from '../corpus-passage.js'
import { keepLatest } from '../keep-latest.js'
import { type SharedRun, shareRun } from '../shared-run.js'
import type { Layout, ProjectionName, Projector } from './projector.js'
import { type MapPoints, readMapPoints } from './read-map-points.js'

export type CorpusMapDependencies = {
  readonly store: Store
  readonly projector: Projector
  /** How long a map that is being made is waited for. */
  readonly patienceMs?: number
  /** Ends what is under way. */
  readonly signal?: AbortSignal
}

export type CorpusMapRequest = CorpusRun & {
  /** Documents of other collections are not there. */
  readonly collections?: readonly string[]
  /** Default `umap`; fewer than 50 documents are drawn by `pca` all the same. */
  readonly projection?: ProjectionName
  /** Waits until the map is ready, instead of giving what there is after a while. */
  readonly wait?: boolean
  /** Waits for its turn before a map is made, which takes a core; gives what ends it. What it throws is thrown. */
  readonly admit?: (signal: AbortSignal) => Promise<() => void>
}
export type CorpusMapper = (request?: CorpusMapRequest) => Promise<CorpusMap>

const PATIENCE_MS = 1_500
/** Maps that are kept, those used last: one for each projection and set of collections that keys reach. */
const KEPT = 8
/** Fewer documents have no neighbourhoods to tell apart. */
const LEAST_FOR_UMAP = 50
/** Share of the documents that may have got their places among the others, before all are drawn anew. */
const MOST_PLACED = 0.1

type DrawRequest = {
  readonly collections: readonly string[] | undefined
  readonly projection: ProjectionName
}
type Admit = NonNullable<CorpusMapRequest['admit']>

/** Where a document of a map is, for maps after it. */
type Place = { readonly x: number; readonly y: number; readonly hash: number; readonly isPlaced: boolean }
type Made = {
  readonly revision: string
  readonly map: CorpusMap
  readonly places: ReadonlyMap<string, Place>
}
type Entry = {
  made?: Made
  underWay?: SharedRun<CorpusMap>
  progress?: CorpusProgress
  /** The documents by their variance, until their first map by neighbours is ready. */
  provisional?: CorpusMap
  /** What the map before failed with, when nobody was waiting for it any more. */
  failure?: { readonly thrown: unknown }
}

/**
 * Maps of the documents by their vectors, kept in this process as long as the index has the same revision. After a change one is
 * made anew, once however many ask for it, and ended when nobody does any more: documents that were on the map before stay where they
 * were, up to a tenth of new ones are placed among them, and with more all are drawn anew and turned to lie as before. One that
 * takes longer is answered with `state` computing and the points of the map before, or for the time being those by variance. What it
 * fails with is thrown to those who wait, else to the next who asks; the one after that has it tried again.
 */
export function createCorpusMapper(dependencies: CorpusMapDependencies): CorpusMapper {
  const { store, patienceMs = PATIENCE_MS, signal } = dependencies
  const entries = keepLatest<Entry>(KEPT, () => ({}))

  function start(
    entry: Entry,
    revision: string,
    request: DrawRequest,
    admit: Admit = async () => () => {},
  ): SharedRun<CorpusMap> {
    const own: SharedRun<CorpusMap> = shareRun(async (run) => {
      let leave = () => {}
      const onProgress = (progress: CorpusProgress) => {
        entry.progress = progress
        run.onProgress(progress)
      }
      try {
        leave = await admit(run.signal)
        entry.made = await drawMap(dependencies, entry, revision, request, { ...run, onProgress })
        return entry.made.map
      } catch (thrown) {
        if (!run.signal.aborted) entry.failure = { thrown }
        throw thrown
      } finally {
        leave()
        // Another one may have been started since this one was given up.
        if (entry.underWay === own) {
          delete entry.underWay
          delete entry.progress
          delete entry.provisional
        }
      }
    }, signal)
    return own
  }

  return async ({ collections, projection = 'umap', wait, admit, signal: leaving, onProgress } = {}) => {
    const revision = await store.revision()
    const wanted = { collections, projection }
    const entry = entries.of(JSON.stringify(wanted))
    if (entry.made?.revision === revision) return entry.made.map
    const { failure } = entry
    if (failure !== undefined) {
      delete entry.failure
      throw failure.thrown
    }
    if (entry.underWay === undefined || entry.underWay.isAbandoned())
      entry.underWay = start(entry, revision, wanted, admit)
    const waiting = {
      ...(leaving === undefined ? {} : { signal: leaving }),
      ...(onProgress === undefined ? {} : { onProgress }),
    }
    const map = await noteTold(entry, entry.underWay.wait(waiting, wait ? undefined : patienceMs))
    return map ?? unfinished(entry, projection)
  }
}

/** Forgets a failure that somebody who waited was told. */
function noteTold<Result>(entry: Entry, waiting: Promise<Result>): Promise<Result> {
  return waiting.catch((thrown: unknown) => {
    if (thrown === entry.failure?.thrown) delete entry.failure
    throw thrown
  })
}

function unfinished({ made, provisional, progress }: Entry, wanted: ProjectionName): CorpusMap {
  const { projection, total, points } = made?.map ??
    provisional ?? { projection: wanted, total: 0, points: [] }
  return {
    state: 'computing',
    projection,
    total,
    points,
    ...(progress === undefined ? {} : { progress }),
  }
}

async function drawMap(
  { store, projector }: CorpusMapDependencies,
  entry: Entry,
  revision: string,
  { collections, projection: wanted }: DrawRequest,
  run: CorpusRun,
): Promise<Made> {
  const read = await readMapPoints(store, collections, run)
  const projection = read.points.rows < LEAST_FOR_UMAP ? 'pca' : wanted
  const before = entry.made?.map.projection === projection ? entry.made : undefined
  if (entry.made === undefined && projection === 'umap') {
    const quick = await projector.project({ points: read.points, projection: 'pca' }, run)
    entry.provisional = mapOf(read, 'pca', quick)
  }
  const layout = layoutOf(read, projection, before?.places)
  const drawn = await projector.project(layout, run)
  const map = mapOf(read, projection, drawn)
  const places = map.points.map(({ documentId, x, y }, row): [string, Place] => {
    const isNew = Number.isNaN(layout.former?.[2 * row] ?? Number.NaN)
    const isPlaced = layout.onlyNew === true && (isNew || before?.places.get(documentId)?.isPlaced === true)
    return [documentId, { x, y, hash: read.hashes[row] ?? 0, isPlaced }]
  })
  return { revision, map, places: new Map(places) }
}

/** How documents are to be drawn that have these places already, unless they have changed since. */
function layoutOf(
  { documents, hashes, points }: MapPoints,
  projection: ProjectionName,
  places: ReadonlyMap<string, Place> | undefined,
): Layout {
  if (places === undefined) return { points, projection }
  const former = new Float32Array(2 * points.rows).fill(Number.NaN)
  let drawn = 0
  for (const [row, { id }] of documents.entries()) {
    const place = places.get(id)
    if (place === undefined || place.hash !== hashes[row]) continue
    former.set([place.x, place.y], 2 * row)
    if (!place.isPlaced) drawn++
  }
  const onlyNew = projection === 'umap' && drawn >= (1 - MOST_PLACED) * points.rows
  return drawn === 0 ? { points, projection } : { points, projection, former, onlyNew }
}

/** Four digits are finer than any screen. */
function mapOf(
  { documents, total }: MapPoints,
  projection: ProjectionName,
  drawn: Float32Array,
): CorpusMap & { state: 'ready' } {
  const digits = (value: number | undefined) => Number((value ?? 0).toFixed(4))
  const points = documents.map(
    ({ id, title, uri, collection, type }, row): MapPoint => ({
      documentId: id,
      title,
      uri,
      collection,
      type,
      x: digits(drawn[2 * row]),
      y: digits(drawn[2 * row + 1]),
    }),
  )
  return { state: 'ready', projection, total, points }
}
