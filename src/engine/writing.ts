import { randomUUID } from 'node:crypto'
import type { SearchEngine, WatchHandlers } from '../engine.js'
import { toGemdexError } from '../errors.js'
import type { IndexerDependencies, IndexRequest } from '../ingest/index-request.js'
import type { Indexer } from '../ingest/indexer.js'
import type { IndexReport } from '../ingest/report.js'
import { allowedPath } from '../jobs/allowed-roots.js'
import { createJobRunner } from '../jobs/job-runner.js'
import type { Embedders, GuardedEmbedder } from './embedders.js'
import type { EngineDependencies } from './engine-dependencies.js'
import { findDocument } from './find-document.js'
import { findFolder, removePart } from './remove-part.js'

/** What changes the index. */
export type Writing = Pick<
  SearchEngine,
  | 'jobs'
  | 'index'
  | 'forecast'
  | 'watch'
  | 'push'
  | 'removeDocument'
  | 'findFolder'
  | 'removePart'
  | 'compact'
  | 'migrate'
  | 'forecastMigration'
  | 'dropOtherVectors'
>

export function createWriting(
  dependencies: Pick<
    EngineDependencies,
    'store' | 'clock' | 'indexing' | 'openPictures' | 'usdPerMillionTokens' | 'jobStore' | 'allowedRoots'
  >,
  embedders: Embedders,
): Writing {
  const { store, clock, indexing, jobStore, allowedRoots } = dependencies
  const { acquireLock, now } = indexing

  function writerBy(writer: GuardedEmbedder): IndexerDependencies {
    const usdPerMillionTokens = dependencies.usdPerMillionTokens(writer.embedder.identity)
    return {
      ...indexing,
      store,
      clock,
      ...writer,
      ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
    }
  }

  /** Everything that writing passages takes. */
  async function openWriter({
    images = false,
  }: Pick<IndexRequest, 'images'> = {}): Promise<IndexerDependencies> {
    const pictures = images ? await dependencies.openPictures() : undefined
    return {
      ...writerBy(await embedders.forWriting()),
      ...(pictures === undefined ? {} : { pictures }),
    }
  }

  /** Everything that a migration takes; an index without an embedder has nothing to be migrated, which is told by it. */
  async function openMigration(): Promise<IndexerDependencies> {
    const target = await embedders.forMigrating()
    return target === undefined ? openWriter() : writerBy(target)
  }

  async function index(request: IndexRequest): Promise<IndexReport> {
    return (await indexerOf(await openWriter(request))).index(request)
  }

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = await acquireLock()
    try {
      return await work()
    } finally {
      lock.release()
    }
  }

  const jobs = createJobRunner({
    store: jobStore,
    // The job holds the lock already.
    index: async (request) => {
      const writer = { ...(await openWriter(request)), acquireLock: async () => ({ release: () => {} }) }
      return (await indexerOf(writer)).index(request)
    },
    acquireLock,
    allowedPath: (path) => allowedPath(path, allowedRoots),
    newId: randomUUID,
    now,
  })

  /**
   * Jobs that wait would make a collection anew that is about to be removed. Those over another folder of its name are meant, and
   * what a relative path means is known where the same roots are allowed.
   */
  async function cancelJobsOf(collection: string): Promise<void> {
    const { resolveTarget } = await import('../ingest/resolve-target.js')
    const collections = await store.collections()
    const root = collections.find(({ name }) => name === collection)?.root ?? null
    await jobs.cancelWaiting(async ({ path, collection: named }) => {
      const real = await allowedPath(path, allowedRoots).catch(() => path)
      // One without a target fails when it is its turn.
      const target = await resolveTarget(real, named, collections).catch(() => undefined)
      return target?.collection === collection && (root === null || target.root === root)
    })
  }

  return {
    jobs,
    index,
    forecast: async (request) => (await indexerOf(await openWriter(request))).forecast(request),
    watch: (request, handlers) => watchBy(index, request, { ...handlers, ownFiles: indexing.ownFiles }),
    push: async (request) => (await pushing()).pushDocument(request, await openWriter()),
    async removeDocument(reference, reach) {
      const document = await findDocument(store, reference, reach)
      // A run that goes on may count on vectors that only this document uses.
      await alone(() => store.removeFiles(document.collection, [document.uri]))
      return document
    },
    findFolder: (reference, reach) => findFolder(store, reference, reach),
    removePart: (request) =>
      request.dryRun ? removePart(store, request) : alone(() => removePart(store, request, cancelJobsOf)),
    compact: () => alone(() => store.compact()),
    migrate: async (request = {}) => (await migrating()).migrate(request, await openMigration()),
    forecastMigration: async (request = {}) =>
      (await migrating()).forecastMigration(request, await openMigration()),
    dropOtherVectors: () => alone(() => store.dropOtherVectors()),
  }
}

// Loaded when something is written: who only asks goes without.
const pushing = () => import('../ingest/push-document.js')
const migrating = () => import('../ingest/migrate.js')

async function indexerOf(dependencies: IndexerDependencies): Promise<Indexer> {
  const { createIndexer } = await import('../ingest/indexer.js')
  return createIndexer(dependencies)
}

async function watchBy(
  index: (request: IndexRequest) => Promise<IndexReport>,
  request: IndexRequest & { readonly signal: AbortSignal },
  { onReport, onNotice, ownFiles }: WatchHandlers & { readonly ownFiles: readonly string[] },
): Promise<void> {
  const { watchFolder } = await import('../files/watch.js')
  const first = await index(request)
  onReport(first)
  await watchFolder(first.root, {
    signal: request.signal,
    ignorePaths: ownFiles,
    ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
    onNotice,
    onError: (error) => {
      if (!isPassing(error)) throw error
      onNotice(toGemdexError(error).message)
    },
    onChange: async () => {
      // `force` was for the first run: a folder that empties later is to keep what it held.
      const report = await index({ ...request, force: false })
      if (report.indexed + report.removed > 0) onReport(report)
    },
  })
}

/** Faults under which a watch goes on: they pass, or the folder comes back. */
function isPassing(error: unknown): boolean {
  const { code, retryable } = toGemdexError(error)
  return retryable || code === 'ROOT_MISSING' || code === 'ROOT_EMPTY'
}
