import { createKeyRing } from '../access/key-ring.js'
import { createAnswerer } from '../answer/answerer.js'
import { createCorpus } from '../corpus/create-corpus.js'
import { createGapKeeper } from '../corpus/gaps/gap-keeper.js'
import { groupGaps } from '../corpus/gaps/group-gaps.js'
import { createCorpusMapper } from '../corpus/map/corpus-map.js'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import { evaluateSearch } from '../evaluate/evaluate-search.js'
import { makeQuestions } from '../evaluate/make-questions.js'
import { createAssistant } from '../search/assistant.js'
import type { QueryEmbedder } from '../search/open-lists.js'
import { createSearcher } from '../search/searcher.js'
import { suggest } from '../search/suggest.js'
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
  const embedders = createEmbedders(dependencies)
  const searcherBy = (embedder: () => Promise<QueryEmbedder>) =>
    createSearcher({ store, clock, now, assistant: createAssistant(answering), embedder })
  const searcher = searcherBy(embedders.forQueries)
  const gaps = createGapKeeper({ store: gapStore, isKeeping: keepGaps, now })
  const conversations = createConversations({
    store: sessionStore,
    answerer: gaps.watch(createAnswerer({ ...answering, searcher })),
  })
  const closing = new AbortController()
  const writing = createWriting(dependencies, embedders)

  return {
    keys: createKeyRing({ store: dependencies.keyStore, configured: dependencies.configuredKeys, now }),
    ...writing,
    ...createDocuments(dependencies),
    ...createCorpus({
      ...answering,
      store,
      embedder: embedders.forQueries,
      embed: embedders.embed,
      usdPerMillionTokens: dependencies.usdPerMillionTokens,
    }),
    map: createCorpusMapper({ store, projector: dependencies.projector, signal: closing.signal }),
    gaps: (run) => groupGaps(gapStore, keepGaps, run),
    forgetGaps: (question) => gapStore.removeGaps(question),

    async search(request) {
      const result = await searcher.search(request)
      gaps.noteSearch(request, result)
      return result
    },

    suggest: (typed, options) => suggest(store, typed, options),

    evaluate: (request) =>
      evaluateSearch(
        {
          openFresh: dependencies.openEvaluation,
          searcher,
          searcherOf: async (model) => {
            const former = await embedders.forFormerModel(model)
            return searcherBy(async () => former)
          },
          makeQuestions: (count, signal) => makeQuestions({ store, ...answering }, count, signal),
        },
        request,
      ),

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
      await writing.jobs.close()
      await gaps.settled()
      await dependencies.onClose?.()
      await store.close()
    },
  }
}
