import { chooseEmbedder } from './choose-embedder.js'
import { composeGemini, guardsOf } from './compose-gemini.js'
import { composeGeneration, randomMark } from './compose-generation.js'
import type { Config } from './config.js'
import { paceEmbedder } from './embed/pace-embedder.js'
import { createEvaluation, type Evaluation } from './evaluate/runner.js'
import { createAssistant } from './search/assistant.js'
import { createSearcher } from './search/searcher.js'
import { openSqliteStore } from './store/sqlite/sqlite-store.js'

/** A measuring run over a fresh index that is not kept, with the embedder that a new index would get. */
export function openEvaluation(config: Config): Evaluation {
  const { requireClient, make } = composeGemini(config)
  const embedder = chooseEmbedder(config, undefined, make)
  const store = openSqliteStore(':memory:', { create: true })
  const { generator } = composeGeneration(
    config,
    requireClient,
    store,
    (usage) => usage,
    (generator) => generator,
  )
  const assistant = createAssistant({
    generator,
    safety: config.safety ?? [],
    randomMark,
  })
  const guards = guardsOf(config, store)
  const paced = async () => {
    const guard = await guards(embedder.identity)
    return guard === undefined ? embedder : paceEmbedder(embedder, guard)
  }
  const searcher = createSearcher({
    store,
    embedder: paced,
    assistant,
    clock: () => performance.now(),
    now: Date.now,
  })
  const { concurrency } = config
  return createEvaluation({ store, embedder, searcher, concurrency, guard: () => guards(embedder.identity) })
}
