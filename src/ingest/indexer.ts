import { setImmediate as nextTurn } from 'node:timers/promises'
import { tokensOf } from '../embed/batch.js'
import { createEmbedQueue, type EmbeddedText } from '../embed/embed-queue.js'
import { embeddingKey } from '../embed/embedding-key.js'
import { quotaDay } from '../embed/quota-day.js'
import { throwIfAborted } from '../errors.js'
import type { FileState, ModelUsage, Store } from '../store/store.js'
import { createDocumentPipeline, type Waiting } from './document-pipeline.js'
import { createFolderReader } from './folder-reader.js'
import type { Forecast } from './forecast.js'
import { forecastIndex } from './forecast-index.js'
import { type IndexerDependencies, type IndexRequest, signalOf } from './index-request.js'
import type { PictureReader } from './picture-reader.js'
import { indexRules } from './prepare-document.js'
import type { ReadOutcome } from './read-document.js'
import type { FileNotice, IndexReport, RefusedText, SkippedFile } from './report.js'
import { resolveTarget } from './resolve-target.js'
import type { Survey } from './survey-folder.js'

/** The event loop gets a turn after so long, so that a service that indexes goes on answering. */
const YIELD_EVERY_MS = 20

export interface Indexer {
  index(request: IndexRequest): Promise<IndexReport>
  /** What indexing would take, without sending or storing anything. */
  forecast(request: IndexRequest): Promise<Forecast>
}

/** What a run has done so far. */
type Tally = {
  indexed: number
  unchanged: number
  kept: number
  chunks: number
  embedded: number
  pictures: number
  readonly skipped: Map<string, SkippedFile>
  readonly refused: RefusedText[]
}

/**
 * Brings a collection up to date with its folder: new and changed files are read, cut, embedded and stored; vanished
 * ones are removed, last of all. A text whose vector is known is not sent again. A bad file, and a text that the embedder
 * refuses, are reported and the run goes on; other faults of the embedder or the store end it, and what was stored stays.
 */
export function createIndexer(dependencies: IndexerDependencies): Indexer {
  const { store, embedder, clock } = dependencies
  const folders = createFolderReader(dependencies)

  async function recordSkip(
    request: IndexRequest,
    { target }: Survey,
    tally: Tally,
    state: FileState,
  ): Promise<void> {
    const { uri, reason = 'PARSE_ERROR', message = '' } = state
    tally.skipped.set(uri, { uri, reason, message })
    request.onProgress?.({ type: 'skipped', uri, reason, message })
    await store.recordFile(target.collection, {
      ...state,
      fingerprint: `${state.fingerprint}|${folders.versionOf(request)}`,
    })
  }

  /** What one request cost, for the sums that are kept. */
  function usageOf(results: readonly EmbeddedText[]): ModelUsage {
    const tokens = results.reduce((sum, { input }) => sum + tokensOf(input), 0)
    const priceUsd = (tokens / 1_000_000) * (dependencies.usdPerMillionTokens ?? 0)
    const model = embedder.identity.modelId
    return { model, day: quotaDay(dependencies.now()), requests: 1, texts: results.length, tokens, priceUsd }
  }

  /** Keeps what each picture cost, and tells of it. */
  function counting(reader: PictureReader, request: IndexRequest, tally: Tally): PictureReader {
    return {
      ...reader,
      async read(picture, options) {
        const reading = await reader.read(picture, options)
        if ('unread' in reading) return reading
        const { totalTokens: tokens = 0, priceUsd = 0 } = reading.usage ?? {}
        const day = quotaDay(dependencies.now())
        await store.putEmbeddings([], { model: reader.model, day, requests: 1, texts: 1, tokens, priceUsd })
        tally.pictures++
        request.onProgress?.({ type: 'described', tokens, priceUsd })
        return reading
      },
    }
  }

  async function readAll(request: IndexRequest, survey: Survey, tally: Tally): Promise<void> {
    let adopted: Promise<void> | undefined
    const queue = createEmbedQueue({
      embedder,
      role: 'document',
      concurrency: dependencies.concurrency,
      ...dependencies.guard,
      ...signalOf(request),
      onBatch: async (results) => {
        // Only now: a path that is not there, or an embedder that never worked, decides nothing for the index.
        adopted ??= store.adopt({ embedder: embedder.identity, chunker: indexRules })
        await adopted
        const usage = usageOf(results)
        const embeddings = results.map(({ input, vector }) => ({
          key: embeddingKey(embedder.identity, 'document', input),
          vector,
        }))
        await store.putEmbeddings(embeddings, usage)
        tally.embedded += results.length
        request.onProgress?.({
          type: 'embedded',
          texts: results.length,
          tokens: usage.tokens,
          priceUsd: usage.priceUsd,
        })
      },
      onWait: (wait) => request.onProgress?.({ type: 'waiting', ...wait }),
    })
    /** Passages stored of the file whose documents are being stored: they come in order. */
    let ofFile = 0
    const pipeline = createDocumentPipeline({
      store,
      queue,
      batch: embedder.maxBatch,
      ...signalOf(request),
      onStored: ({ document, chunks, file }, refused) => {
        tally.chunks += chunks.length
        ofFile += chunks.length
        tally.refused.push(...refused.map((message) => ({ uri: document.uri, message })))
        if (file === undefined) return
        tally.indexed++
        request.onProgress?.({ type: 'indexed', uri: file.uri, chunks: ofFile })
        ofFile = 0
      },
    })
    const reader = folders.picturesOf(request)
    const pictures = reader === undefined ? undefined : counting(reader, request, tally)
    try {
      let turnAt = clock()
      for await (const outcome of folders.read(request, survey, pictures)) {
        throwIfAborted(request.signal)
        for (const waiting of await takeIn(request, survey, tally, outcome)) await pipeline.add(waiting)
        if (clock() - turnAt < YIELD_EVERY_MS) continue
        await nextTurn()
        turnAt = clock()
      }
      await pipeline.finish()
    } finally {
      await queue.close()
    }
  }

  /** Gives what is to be embedded of a file, and records everything else at once. */
  async function takeIn(
    request: IndexRequest,
    survey: Survey,
    tally: Tally,
    outcome: ReadOutcome,
  ): Promise<readonly Waiting[]> {
    switch (outcome.kind) {
      case 'documents':
        return outcome.waiting
      case 'same':
        tally.unchanged++
        await store.recordFile(survey.target.collection, outcome.file)
        return []
      case 'kept': {
        const { uri, reason, message } = outcome
        tally.kept++
        tally.skipped.set(uri, { uri, reason, message })
        return []
      }
      case 'skipped':
        await recordSkip(request, survey, tally, outcome.file)
        return []
    }
  }

  async function run(request: IndexRequest): Promise<IndexReport> {
    const started = clock()
    const target = await resolveTarget(request.path, request.collection, await store.collections())
    if (target.rootExists) await store.openCollection(target.collection, target.root)
    const surveyed = await folders.survey(request, target)
    const { plan, known, found } = surveyed
    // A run over one file leaves the record of the runs over its folder as it is: it neither begins nor ends one.
    const isOverFolder = target.only === undefined
    if (plan.toRead.length > 0 && isOverFolder)
      await store.markRun(target.collection, 'begun', plan.toRead.length + plan.toRecord.length)
    const tally: Tally = {
      indexed: 0,
      unchanged: 0,
      kept: 0,
      chunks: 0,
      embedded: 0,
      pictures: 0,
      skipped: new Map(),
      refused: [],
    }
    tally.unchanged = plan.unchanged.filter(({ uri }) => known.get(uri)?.outcome === 'indexed').length
    request.onProgress?.({ type: 'found', files: found.length, toRead: plan.toRead.length })
    for (const skip of plan.toRecord) {
      await recordSkip(request, surveyed, tally, {
        fingerprint: '',
        contentHash: '',
        outcome: 'skipped',
        ...skip,
      })
    }
    await readAll(request, surveyed, tally)
    const removed = plan.removed.length === 0 ? 0 : await store.removeFiles(target.collection, plan.removed)
    if (isOverFolder) await store.markRun(target.collection, 'done')
    if (tally.indexed > 0 || tally.skipped.size > 0 || removed > 0) await store.pruneEmbeddings()
    const { skipped, ...counts } = tally
    const states = await store.fileStates(target.collection)
    const skippedFiles = listSkipped(skipped, states)
    return {
      collection: target.collection,
      root: target.root,
      ...counts,
      kept: tally.kept + plan.kept.length,
      skipped: skippedFiles.length - tally.kept,
      removed,
      ignored: surveyed.ignored,
      skippedFiles,
      notices: listNotices(states),
      tookMs: Math.round(clock() - started),
      notes: [...(await notesOf(store)), ...pictureNotes(request, dependencies)],
    }
  }

  return {
    async index(request) {
      throwIfAborted(request.signal)
      const lock = await dependencies.acquireLock()
      try {
        return await run(request)
      } finally {
        lock.release()
      }
    },

    forecast: (request) => forecastIndex(request, dependencies),
  }
}

function listSkipped(
  skipped: ReadonlyMap<string, SkippedFile>,
  states: ReadonlyMap<string, FileState>,
): SkippedFile[] {
  const all = new Map(skipped)
  for (const { uri, outcome, reason, message } of states.values()) {
    if (outcome === 'skipped' && reason !== undefined) all.set(uri, { uri, reason, message: message ?? '' })
  }
  return [...all.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

/** What is missing of files that are in the index, by file. */
function listNotices(states: ReadonlyMap<string, FileState>): FileNotice[] {
  return [...states.values()].flatMap(({ uri, notices = [] }) =>
    notices.map((notice) => ({ uri, ...notice })),
  )
}

function pictureNotes(
  { images = false }: IndexRequest,
  { pictures }: Pick<IndexerDependencies, 'pictures'>,
): string[] {
  return images && pictures === undefined
    ? ['Pictures were left out: they are read by Gemini, and no key is set (GOOGLE_API_KEY).']
    : []
}

async function notesOf(store: Store): Promise<string[]> {
  const identity = await store.identity()
  if (identity === undefined || identity.chunker === indexRules) return []
  return [
    `The passages were cut and analysed by older rules (${identity.chunker}). \`gemdex migrate\` would renew them.`,
  ]
}
