import { availableParallelism } from 'node:os'
import { observeGenerator } from './answer/observe-generator.js'
import { builtFile } from './built-file.js'
import { chooseEmbedder, chooseQueryEmbedder, chooseTarget } from './choose-embedder.js'
import { composeGemini, guardsOf, pricesOf } from './compose-gemini.js'
import { composeGeneration, generationSettings, randomMark, withPrice } from './compose-generation.js'
import { type Config, generatorProvider, newIndexProvider } from './config.js'
import { threadProjector } from './corpus/map/thread-projector.js'
import type { EmbedderIdentity } from './embed/embedder.js'
import { observeEmbedder } from './embed/observe-embedder.js'
import { createEngine } from './engine/create-engine.js'
import type { OpenOptions, SearchEngine } from './engine.js'
import { GemdexError } from './errors.js'
import { extractVersion } from './extract/extract-version.js'
import {
  createIsolatedExtractor,
  defaultIsolationLimits,
  type FileExtractor,
} from './extract/isolated-extractor.js'
import { defaultExtractLimits } from './extract/limits.js'
import { embeddingPrice } from './gemini/prices.js'
import { extractiveModelId } from './local/extractive-generator.js'
import { silentObserver } from './observer.js'
import { observeStore } from './store/observe-store.js'
import { type OpeningOptions, openStoreHere } from './store/sqlite/open-or-read.js'
import { realPathOf } from './store/sqlite/real-path.js'
import { acquireRunLock, runLockHeldSince } from './store/sqlite/run-lock.js'
import { openSqliteStore, type SqliteStore } from './store/sqlite/sqlite-store.js'
import { openThreadedStore } from './store/sqlite/threads/threaded-store.js'
import { describeFindings, describeMending, type Finding } from './store/verify-report.js'
import type { Usage } from './types.js'

/** Threads that search at most; each has a cache of its own. */
const MAX_SEARCHERS = 4
/** Processes that read files at most; one core is left for everything else. */
const MAX_EXTRACTION_WORKERS = 4
/**
 * A best passage below this relevance answers nothing. Measured on `data/golden.jsonl` without a key: `npm run golden`
 * prints what it costs and brings.
 */
const MIN_RELEVANCE = 0.2

/** About ten pages: more makes answers dearer, and what stands in the middle is read least. */
const PASSAGE_BUDGET = { tokens: 6_000, passages: 12 }
const HISTORY_TOKENS = 2_000

/** Puts the engine together from a config. */
export function openEngine(
  config: Config,
  { ifMissing, threads = true, observer = silentObserver, onDamage = () => {} }: OpenOptions,
): SearchEngine {
  const prices = pricesOf(config)
  const usdPerMillionTokens = ({ provider, modelId }: EmbedderIdentity) =>
    provider === 'local' ? 0 : embeddingPrice(modelId, prices)
  const { requireClient, make } = composeGemini(config, (embedder) =>
    observeEmbedder(embedder, observer, usdPerMillionTokens(embedder.identity)),
  )
  const price = (usage: Usage) => withPrice(usage, config, prices)
  let damage: string | undefined
  const noteDamage = (findings: readonly Finding[]) => {
    damage = `${describeFindings(findings)}. ${describeMending(findings)}`
    onDamage(damage)
  }
  const store = observeStore(openStore(config.db, ifMissing, threads, noteDamage), observer)
  const generation = composeGeneration(config, requireClient, store, price, (generator) =>
    observeGenerator(generator, observer, (usage) => price(usage).priceUsd),
  )
  const extractor = openExtractor()
  return createEngine({
    projector: threadProjector,
    db: config.db,
    damage: () => damage,
    store,
    indexingSince: () => runLockHeldSince(config.db),
    keyStore: store.keys,
    configuredKeys: config.apiKeys ?? [],
    jobStore: store.jobs,
    gapStore: store.gaps,
    keepGaps: config.keepGaps ?? false,
    allowedRoots: config.allowedRoots ?? [],
    sessionStore: store.sessions,
    newProvider: newIndexProvider(config),
    generatorId: generatorProvider(config) === 'local' ? extractiveModelId : config.model,
    guardOf: guardsOf(config, store),
    usdPerMillionTokens,
    queryEmbedder: (identity) => chooseQueryEmbedder(config, identity, make),
    writingEmbedder: (identity) => chooseEmbedder(config, identity, make),
    targetEmbedder: (identity) => chooseTarget(config, identity, make),
    async listModels(options) {
      const client = requireClient('Listing models needs a key')
      return (await import('./gemini/list-models.js')).listModels(client, options)
    },
    answering: {
      generator: generation.generator,
      minRelevance: MIN_RELEVANCE,
      passageBudget: PASSAGE_BUDGET,
      historyTokens: HISTORY_TOKENS,
      withPrice: price,
      randomMark,
      settings: generationSettings(config),
      safety: config.safety ?? [],
    },
    openPictures: generation.openPictures,
    indexing: indexing(config.db, config.concurrency, extractor),
    loadsAhead: threads,
    onClose: () => extractor.close(),
    openEvaluation: async () => (await import('./compose-evaluation.js')).openEvaluation(config),
    clock: () => performance.now(),
  })
}

/** Reads files, in worker processes where it must be. */
export function openExtractor(): FileExtractor {
  return createIsolatedExtractor({
    script: builtFile('./extract/worker.js', import.meta.url),
    limits: defaultExtractLimits,
    isolation: defaultIsolationLimits,
    workers: extractionWorkers(),
  })
}

function extractionWorkers(): number {
  return Math.max(1, Math.min(MAX_EXTRACTION_WORKERS, availableParallelism() - 1))
}

export function indexing(db: string, concurrency: number, { extractFile }: FileExtractor) {
  return {
    extractFile,
    extractVersion,
    filesAhead: extractionWorkers() + 1,
    concurrency,
    ownFiles: ownFiles(db),
    acquireLock: () => acquireRunLock(db),
    now: Date.now,
  }
}

/** The index file and those SQLite keeps beside it, by their real paths. */
function ownFiles(db: string): string[] {
  if (db === ':memory:') return []
  return ['', '-wal', '-shm', '-journal'].map((ending) => realPathOf(db) + ending)
}

/** One in memory has a single connection, which no thread can share. */
export function openFile(db: string, threads: boolean, options: OpeningOptions): SqliteStore {
  if (db === ':memory:') return openSqliteStore(db, options)
  if (!threads) return openStoreHere(db, options)
  return openThreadedStore(db, {
    ...options,
    searchers: Math.min(MAX_SEARCHERS, availableParallelism()),
  })
}

function openStore(
  db: string,
  ifMissing: OpenOptions['ifMissing'],
  threads: boolean,
  onDamage: NonNullable<OpeningOptions['onDamage']>,
): SqliteStore {
  if (ifMissing !== 'memory') return openFile(db, threads, { create: ifMissing === 'create', onDamage })
  try {
    return openFile(db, threads, { create: false, onDamage })
  } catch (error) {
    if (!(error instanceof GemdexError) || error.code !== 'NO_INDEX') throw error
    return openSqliteStore(':memory:', { create: true })
  }
}
