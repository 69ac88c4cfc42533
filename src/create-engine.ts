import { randomUUID } from 'node:crypto'
import { createKeyRing } from './access/key-ring.js'
import type { KeyStore } from './access/key-store.js'
import { type AnswererDependencies, createAnswerer } from './answer/answerer.js'
import { createCorpus } from './corpus/create-corpus.js'
import { createGapKeeper } from './corpus/gaps/gap-keeper.js'
import type { GapStore } from './corpus/gaps/gap-store.js'
import { groupGaps } from './corpus/gaps/group-gaps.js'
import { createCorpusMapper } from './corpus/map/corpus-map.js'
import type { Projector } from './corpus/map/projector.js'
import type { CallGuard } from './embed/call-guarded.js'
import { embedTexts } from './embed/embed-texts.js'
import type { Embedder, EmbedderIdentity } from './embed/embedder.js'
import { paceEmbedder } from './embed/pace-embedder.js'
import type { EmbedRequest, EmbedResult, ModelsInUse, Reach, SearchEngine } from './engine.js'
import { GemdexError, toGemdexError } from './errors.js'
import { evaluateSearch } from './evaluate/evaluate-search.js'
import { makeQuestions } from './evaluate/make-questions.js'
import type { Evaluation } from './evaluate/runner.js'
import { watchFolder } from './files/watch.js'
import { findDocument, findPassage, isWithinReach, listLeftOut, notFound } from './find-document.js'
import type { IndexerDependencies, IndexRequest } from './ingest/index-request.js'
import { createIndexer } from './ingest/indexer.js'
import { forecastMigration, migrate } from './ingest/migrate.js'
import type { PictureReader } from './ingest/picture-reader.js'
import { pushDocument } from './ingest/push-document.js'
import type { IndexReport } from './ingest/report.js'
import { allowedPath } from './jobs/allowed-roots.js'
import { createJobRunner } from './jobs/job-runner.js'
import type { JobStore } from './jobs/job-store.js'
import { createAssistant } from './search/assistant.js'
import type { QueryEmbedder } from './search/open-lists.js'
import { passageInContext } from './search/passage-in-context.js'
import { requireCollection } from './search/search-request.js'
import { createSearcher } from './search/searcher.js'
import { findSimilar } from './search/similar.js'
import { suggest } from './search/suggest.js'
import { createConversations } from './sessions/conversations.js'
import type { SessionStore } from './sessions/session-store.js'
import { createSessions } from './sessions/sessions.js'
import { type IndexIdentity, type Store, summaryOf } from './store/store.js'
import type { Answer, ConfiguredKey, ModelInfo } from './types.js'

export type EngineDependencies = {
  readonly db: string
  /** What was found damaged, so far. */
  readonly damage: () => string | undefined
  readonly store: Store
  readonly keyStore: KeyStore
  /** Keys of the settings. */
  readonly configuredKeys: readonly ConfiguredKey[]
  readonly jobStore: JobStore
  readonly gapStore: GapStore
  /** Whether questions that were not answered are kept. */
  readonly keepGaps: boolean
  /** Folders that clients of a service may have indexed. */
  readonly allowedRoots: readonly string[]
  readonly sessionStore: SessionStore
  /** The embedder for an index of this identity (or for a new one), or why there is none. */
  readonly queryEmbedder: (identity: IndexIdentity | undefined) => QueryEmbedder
  /** The same for writing: throws KEY_MISSING or INDEX_MISMATCH with what to do. */
  readonly writingEmbedder: (identity: IndexIdentity | undefined) => Embedder
  /** What `migrate` brings an index of this identity to, by the settings in force. */
  readonly targetEmbedder: (identity: IndexIdentity) => Embedder
  readonly listModels: (options: { readonly signal?: AbortSignal }) => Promise<readonly ModelInfo[]>
  /** Who would embed a new index. */
  readonly newProvider: EmbedderIdentity['provider']
  /** Name of the model that answers. */
  readonly generatorId: string
  readonly answering: Omit<AnswererDependencies, 'searcher'>
  readonly indexing: Omit<
    IndexerDependencies,
    'store' | 'embedder' | 'clock' | 'guard' | 'usdPerMillionTokens' | 'pictures'
  >
  /** What draws maps. */
  readonly projector: Projector
  /** What looks at pictures; undefined where there is no model that does. */
  readonly openPictures: () => Promise<PictureReader | undefined>
  /** A measuring run over a fresh index that is not kept. */
  readonly openEvaluation: () => Promise<Evaluation>
  /** The limits that all calls to an embedder share; undefined for one without limits. */
  readonly guardOf: (embedder: EmbedderIdentity) => Promise<CallGuard | undefined>
  /** List price of an embedder, if anybody knows. */
  readonly usdPerMillionTokens: (embedder: EmbedderIdentity) => number | undefined
  /** Called when the engine is closed, before its store is. */
  readonly onClose?: () => Promise<void>
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

/** Puts the services together over one store. */
export function createEngine(dependencies: EngineDependencies): SearchEngine {
  const { store, clock } = dependencies
  const searcherBy = (embedder: () => Promise<QueryEmbedder>) =>
    createSearcher({
      store,
      clock,
      now: dependencies.indexing.now,
      assistant: createAssistant(dependencies.answering),
      embedder,
    })
  const searcher = searcherBy(queryEmbedder)
  const { gapStore, keepGaps } = dependencies
  const gaps = createGapKeeper({
    store: gapStore,
    isKeeping: keepGaps,
    now: dependencies.indexing.now,
  })
  const answerer = gaps.watch(createAnswerer({ ...dependencies.answering, searcher }))
  const conversations = createConversations({ store: dependencies.sessionStore, answerer })
  const sessions = createSessions({
    store: dependencies.sessionStore,
    searcher: queryEmbedder,
    writer: openWriter,
  })
  const closing = new AbortController()
  const map = createCorpusMapper({ store, projector: dependencies.projector, signal: closing.signal })
  const find = (reference: string, reach?: Reach) => findDocument(store, reference, reach)

  async function queryEmbedder(): Promise<QueryEmbedder> {
    return pacedFor(await store.identity())
  }

  async function pacedFor(identity: IndexIdentity | undefined): Promise<QueryEmbedder> {
    const embedder = dependencies.queryEmbedder(identity)
    if ('unavailable' in embedder) return embedder
    const guard = await dependencies.guardOf(embedder.identity)
    return guard === undefined ? embedder : paceEmbedder(embedder, guard)
  }

  /** Searches the vectors that a former model left. */
  async function searcherOf(model: string) {
    const { otherVectors } = await store.counts()
    const former = otherVectors.find(
      ({ embedder, state }) => state === 'retired' && embedder.modelId === model,
    )
    if (former === undefined) {
      throw new GemdexError('NOT_FOUND', `The index has no vectors of a former model ${model}`, {
        hint: '`gemdex status` names those there are.',
      })
    }
    const { chunker = '' } = (await store.identity()) ?? {}
    return searcherBy(() => pacedFor({ embedder: former.embedder, chunker }))
  }

  /** What embeds for the index, within the limits that all calls share. */
  async function openWriter(): Promise<{ embedder: Embedder; guard?: CallGuard }> {
    return guarded(dependencies.writingEmbedder(await store.identity()))
  }

  async function guarded(embedder: Embedder): Promise<{ embedder: Embedder; guard?: CallGuard }> {
    const guard = await dependencies.guardOf(embedder.identity)
    return { embedder, ...(guard === undefined ? {} : { guard }) }
  }

  async function modelsInUse(): Promise<ModelsInUse> {
    const identity = await store.identity()
    const embedder = dependencies.queryEmbedder(identity)
    return {
      embedder: identity?.embedder ?? null,
      provider: identity?.embedder.provider ?? dependencies.newProvider,
      ...('unavailable' in embedder ? { degraded: embedder.unavailable } : {}),
      generator: dependencies.generatorId,
    }
  }

  /** Everything that writing passages takes. */
  async function writing({
    images = false,
  }: Pick<IndexRequest, 'images'> = {}): Promise<IndexerDependencies> {
    const pictures = images ? await dependencies.openPictures() : undefined
    return { ...embedding(await openWriter()), ...(pictures === undefined ? {} : { pictures }) }
  }

  function embedding(writer: { embedder: Embedder; guard?: CallGuard }): IndexerDependencies {
    const usdPerMillionTokens = dependencies.usdPerMillionTokens(writer.embedder.identity)
    return {
      ...dependencies.indexing,
      store,
      clock,
      ...writer,
      ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
    }
  }

  async function embed({ inputs, role, signal }: EmbedRequest): Promise<EmbedResult> {
    const { embedder, guard } = await openWriter()
    const vectors = await embedTexts(embedder, inputs, {
      role,
      ...guard,
      ...(signal === undefined ? {} : { signal }),
    })
    return { model: embedder.identity.modelId, dimensions: embedder.identity.dimensions, vectors }
  }

  const corpus = createCorpus({
    ...dependencies.answering,
    store,
    embedder: queryEmbedder,
    embed,
    usdPerMillionTokens: dependencies.usdPerMillionTokens,
  })

  /** Everything that a migration takes; an index without an embedder has nothing to be migrated, which is told by it. */
  async function migrating(): Promise<IndexerDependencies> {
    const identity = await store.identity()
    return identity === undefined
      ? writing()
      : embedding(await guarded(dependencies.targetEmbedder(identity)))
  }

  async function index(request: IndexRequest): Promise<IndexReport> {
    return createIndexer(await writing(request)).index(request)
  }

  const { keyStore, configuredKeys, jobStore, allowedRoots } = dependencies
  const { now } = dependencies.indexing
  const jobs = createJobRunner({
    store: jobStore,
    index: async (request) =>
      createIndexer({ ...(await writing(request)), acquireLock: async () => ({ release: () => {} }) }).index(
        request,
      ),
    acquireLock: dependencies.indexing.acquireLock,
    allowedPath: (path) => allowedPath(path, allowedRoots),
    newId: randomUUID,
    now,
  })
  return {
    keys: createKeyRing({ store: keyStore, configured: configuredKeys, now }),
    jobs,
    index,
    forecast: async (request) => createIndexer(await writing(request)).forecast(request),
    push: async (request) => pushDocument(request, await writing()),

    async watch(request, { onReport, onNotice }) {
      const first = await index(request)
      onReport(first)
      await watchFolder(first.root, {
        signal: request.signal,
        ignorePaths: dependencies.indexing.ownFiles,
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
    },

    async search(request) {
      const result = await searcher.search(request)
      gaps.noteSearch(request, result)
      return result
    },

    async similar(reference, options = {}) {
      const { collections } = options
      await requireCollection(store, options.collection, collections)
      const reach = collections === undefined ? {} : { collections }
      const { document, ordinal } = await findPassage(store, reference, reach)
      const identity = await store.identity()
      const embedder = identity === undefined ? undefined : dependencies.queryEmbedder(identity)
      const usable = embedder === undefined || 'unavailable' in embedder ? undefined : embedder
      const passage = ordinal === undefined ? {} : { ordinal }
      const hits = await findSimilar(store, usable, { ...options, documentId: document.id, ...passage })
      return { documentId: document.id, title: document.title, hits }
    },

    map,
    ...corpus,
    gaps: (run) => groupGaps(gapStore, keepGaps, run),
    forgetGaps: (question) => gapStore.removeGaps(question),

    suggest: (typed, options) => suggest(store, typed, options),

    evaluate: (request) =>
      evaluateSearch(
        {
          openFresh: dependencies.openEvaluation,
          searcher,
          searcherOf,
          makeQuestions: (count, signal) =>
            makeQuestions({ store, ...dependencies.answering }, count, signal),
        },
        request,
      ),

    ask: (question, options = {}) => conversations.ask(question, options),
    chat: (sessionId) => conversations.chat(sessionId),
    sessions,

    async answer(question, options = {}) {
      let answer: Answer | undefined
      for await (const event of conversations.ask(question, options))
        if (event.type === 'done') answer = event.answer
      if (answer === undefined) throw new GemdexError('INCOMPLETE', 'The answer ended without a result')
      return answer
    },

    embed,
    models: async (options = {}) => dependencies.listModels(options),

    modelsInUse,

    async status() {
      const damage = dependencies.damage()
      return {
        ...(damage === undefined ? {} : { damage }),
        db: dependencies.db,
        ...(await store.counts()),
        ...(await modelsInUse()),
        collections: await store.collections(),
        usage: await store.usage(),
        gaps: { keeping: keepGaps, questions: await gapStore.countGaps() },
      }
    },

    listLeftOut: () => listLeftOut(store),

    async listDocuments(filter) {
      await requireCollection(store, filter.collection, filter.collections)
      return store.listDocuments(filter)
    },

    async getDocument(reference, reach) {
      const { id } = await find(reference, reach)
      const document = await store.getDocument(id)
      if (document === undefined) throw notFound(reference)
      return document
    },

    async getPassage(id, reach) {
      const found = await store.getDocument(id.replace(/-\d+$/, ''))
      const document = found !== undefined && isWithinReach(found, reach) ? found : undefined
      const passage = document?.passages.find((each) => each.id === id)
      if (document === undefined || passage === undefined) {
        throw new GemdexError('NOT_FOUND', `There is no passage "${id}" in the index`, {
          hint: 'Search results name the passages there are, until their document is indexed anew.',
        })
      }
      return { document: summaryOf(document), ...passageInContext(document, passage) }
    },

    async removeDocument(reference, reach) {
      const document = await find(reference, reach)
      // A run that goes on may count on vectors that only this document uses.
      const lock = await dependencies.indexing.acquireLock()
      try {
        await store.removeFiles(document.collection, [document.uri])
        return document
      } finally {
        lock.release()
      }
    },

    async compact() {
      const lock = await dependencies.indexing.acquireLock()
      try {
        return await store.compact()
      } finally {
        lock.release()
      }
    },

    migrate: async (request = {}) => migrate(request, await migrating()),
    forecastMigration: async (request = {}) => forecastMigration(request, await migrating()),

    async dropOtherVectors() {
      const lock = await dependencies.indexing.acquireLock()
      try {
        return await store.dropOtherVectors()
      } finally {
        lock.release()
      }
    },

    async close() {
      closing.abort()
      await jobs.close()
      await gaps.settled()
      await dependencies.onClose?.()
      await store.close()
    },
  }
}

/** Faults under which a watch goes on: they pass, or the folder comes back. */
function isPassing(error: unknown): boolean {
  const { code, retryable } = toGemdexError(error)
  return retryable || code === 'ROOT_MISSING' || code === 'ROOT_EMPTY'
}
