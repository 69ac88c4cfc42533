import { createKeyRing } from '../access/key-ring.js'
import { createGapKeeper } from '../corpus/gaps/gap-keeper.js'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import { lazyAsync } from '../lazy.js'
import type { QueryEmbedder } from '../search/open-lists.js'
import { createConversations } from '../sessions/conversations.js'
import { createSessions } from '../sessions/sessions.js'
import type { Answer } from '../types.js'
import { collectionStates } from './collection-states.js'
import { createDocuments } from './documents.js'
import { createEmbedders } from './embedders.js'
import type { EngineDependencies } from './engine-dependencies.js'
import { createWriting } from './writing.js'

/** Puts the services together over one store. */
export function createEngine(dependencies: EngineDependencies): SearchEngine {
  const { store, sessionStore, gapStore, keepGaps, answering, clock } = dependencies
  const { now } = dependencies.indexing
  const closing = new AbortController()
  const embedders = createEmbedders(dependencies)
  const searcherBy = async (embedder: () => Promise<QueryEmbedder>) => {
    const [{ createSearcher }, { createAssistant }] = await Promise.all([
      import('../search/searcher.js'),
      import('../search/assistant.js'),
    ])
    return createSearcher({ store, clock, now, assistant: createAssistant(answering), embedder })
  }
  const searcher = lazyAsync(() => searcherBy(embedders.forQueries))
  const answerer = lazyAsync(async () => {
    const { createAnswerer } = await import('../answer/answerer.js')
    return createAnswerer({ ...answering, searcher: await searcher() })
  })
  // What cannot be loaded now is told to whoever asks for it.
  const loadedAhead = dependencies.loadsAhead ? answerer().catch(() => undefined) : undefined
  const corpus = lazyAsync(async () => {
    const { createCorpus } = await import('../corpus/create-corpus.js')
    return createCorpus({
      ...answering,
      store,
      embedder: embedders.forQueries,
      embed: embedders.embed,
      usdPerMillionTokens: dependencies.usdPerMillionTokens,
    })
  })
  const mapper = lazyAsync(async () => {
    const { createCorpusMapper } = await import('../corpus/map/corpus-map.js')
    return createCorpusMapper({ store, projector: dependencies.projector, signal: closing.signal })
  })
  const gaps = createGapKeeper({ store: gapStore, isKeeping: keepGaps, now })
  const conversations = createConversations({
    store: sessionStore,
    answerer: gaps.watch({
      async *ask(request) {
        yield* (await answerer()).ask(request)
      },
    }),
  })
  const writing = createWriting(dependencies, embedders)

  return {
    keys: createKeyRing({ store: dependencies.keyStore, configured: dependencies.configuredKeys, now }),
    ...writing,
    ...createDocuments(dependencies),
    duplicates: async (request) => (await corpus()).duplicates(request),
    topics: async (request) => (await corpus()).topics(request),
    classify: async (request) => (await corpus()).classify(request),
    similarity: async (request) => (await corpus()).similarity(request),
    map: async (request) => (await mapper())(request),
    gaps: async (run) => (await import('../corpus/gaps/group-gaps.js')).groupGaps(gapStore, keepGaps, run),
    forgetGaps: (question) => gapStore.removeGaps(question),

    async search(request) {
      const result = await (await searcher()).search(request)
      gaps.noteSearch(request, result)
      return result
    },

    suggest: async (typed, options) => (await import('../search/suggest.js')).suggest(store, typed, options),

    async evaluate(request) {
      const [{ evaluateSearch }, { makeQuestions }] = await Promise.all([
        import('../evaluate/evaluate-search.js'),
        import('../evaluate/make-questions.js'),
      ])
      return evaluateSearch(
        {
          openFresh: dependencies.openEvaluation,
          searcher: await searcher(),
          searcherOf: async (model) => {
            const former = await embedders.forFormerModel(model)
            return searcherBy(async () => former)
          },
          makeQuestions: (count, signal) => makeQuestions({ store, ...answering }, count, signal),
        },
        request,
      )
    },

    ask: (question, options = {}) => conversations.ask(question, options),
    chat: (sessionId) => conversations.chat(sessionId),
    sessions: createSessions({
      store: sessionStore,
      searcher: embedders.forQueries,
      writer: embedders.forWriting,
    }),

    async answer(question, options = {}) {
      let answer: Answer | undefined
      for await (const event of conversations.ask(question, options))
        if (event.type === 'done') answer = event.answer
      if (answer === undefined) throw new GemdexError('INCOMPLETE', 'The answer ended without a result')
      return answer
    },

    embed: embedders.embed,
    models: async (options = {}) => dependencies.listModels(options),
    modelsInUse: embedders.modelsInUse,

    async status() {
      const damage = dependencies.damage()
      return {
        ...(damage === undefined ? {} : { damage }),
        db: dependencies.db,
        ...(await store.counts()),
        ...(await embedders.modelsInUse()),
        collections: collectionStates(await store.collections(), dependencies.indexingSince),
        usage: await store.usage(),
        gaps: { keeping: keepGaps, questions: await gapStore.countGaps() },
      }
    },

    async close() {
      closing.abort()
      await loadedAhead
      await writing.jobs.close()
      await gaps.settled()
      await dependencies.onClose?.()
      await store.close()
    },
  }
}
