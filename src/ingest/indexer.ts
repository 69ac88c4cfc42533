import { setImmediate as nextTurn } from 'node:timers/promises'
import { tokensOf } from '../embed/batch.js'
import type { CallGuard } from '../embed/call-guarded.js'
import { createEmbedQueue, type EmbeddedText } from '../embed/embed-queue.js'
import type { Embedder } from '../embed/embedder.js'
import { embeddingKey } from '../embed/embedding-key.js'
import { quotaDay } from '../embed/quota-day.js'
import { throwIfAborted } from '../errors.js'
import type { FileState, ModelUsage, Store } from '../store/store.js'
import type { SourceFile } from '../types.js'
import { createDocumentPipeline, type Waiting } from './document-pipeline.js'
import { type Forecast, forecastRun } from './forecast.js'
import { type PictureReader, placeholderReader } from './picture-reader.js'
import { indexRules } from './prepare-document.js'
import { readAhead } from './read-ahead.js'
import { type ExtractFile, type ReadOutcome, readDocument } from './read-document.js'
import type { FileNotice, IndexProgress, IndexReport, RefusedText, SkippedFile } from './report.js'
import { resolveTarget, type Target } from './resolve-target.js'
import { type Survey, surveyFolder } from './survey-folder.js'

/** The event loop gets a turn after so long, so that a service that indexes goes on answering. */
const YIELD_EVERY_MS = 20

export type IndexRequest = {
  readonly path: string
  readonly collection?: string
  /** Gitignore-style patterns. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Read every file again, and let a suddenly empty root remove what it held. */
  readonly force?: boolean
  /** Have a model describe pictures, and read the text in them. */
  readonly images?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IndexProgress) => void
}

export type IndexerDependencies = {
  readonly store: Store
  readonly embedder: Embedder
  /** The limits that all calls to the embedder share; none for one that has no limits. */
  readonly guard?: CallGuard
  /** USD for a million tokens; undefined when nobody knows. */
  readonly usdPerMillionTokens?: number
  readonly extractFile: ExtractFile
  /** None where there is no model that looks at pictures. */
  readonly pictures?: PictureReader
  /** Changes whenever a file that was skipped may be readable now. */
  readonly extractVersion: string
  /** Files that are read while others are embedded. */
  readonly filesAhead: number
  /** Requests to the embedder under way at the same time. */
  readonly concurrency: number
  /** Real paths of the index's own files, which are never read: closing them would drop SQLite's locks. */
  readonly ownFiles: readonly string[]
  /** Keeps other processes from indexing until released; throws INDEX_LOCKED naming who does. */
  readonly acquireLock: () => Promise<{ release(): void }>
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

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

  const readerFor = ({ images = false }: IndexRequest): PictureReader | undefined =>
    images ? dependencies.pictures : undefined

  /** What one run looks at pictures with reads what another one left out. */
  const extractVersionFor = (request: IndexRequest): string =>
    readerFor(request) === undefined ? dependencies.extractVersion : `${dependencies.extractVersion}+pictures`

  const survey = (request: IndexRequest, target: Target): Promise<Survey> =>
    surveyFolder(
      target,
      { ...request, seesPictures: readerFor(request) !== undefined },
      { store, extractVersion: extractVersionFor(request), ownFiles: dependencies.ownFiles },
    )

  const read = (
    request: IndexRequest,
    { target, known }: Survey,
    file: SourceFile,
    pictures: PictureReader | undefined,
  ): Promise<ReadOutcome> =>
    readDocument(file, {
      ...(pictures === undefined ? {} : { pictures }),
      onWait: (wait) => request.onProgress?.({ type: 'waiting', ...wait }),
      root: target.root,
      collection: target.collection,
      known: known.get(file.uri),
      force: request.force ?? false,
      embedder: embedder.identity,
      extractFile: dependencies.extractFile,
      ...signalOf(request),
    })

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
      fingerprint: `${state.fingerprint}|${extractVersionFor(request)}`,
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
    const reader = readerFor(request)
    const pictures = reader === undefined ? undefined : counting(reader, request, tally)
    try {
      let turnAt = clock()
      for await (const outcome of outcomesOf(request, survey, pictures)) {
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

  /** What comes of each file that is to be read, in order, read ahead of its use. */
  function outcomesOf(
    request: IndexRequest,
    survey: Survey,
    pictures: PictureReader | undefined,
  ): AsyncIterable<ReadOutcome> {
    const { filesAhead, concurrency } = dependencies
    // A model takes seconds for a picture: several are asked for at once.
    const ahead = pictures === undefined ? filesAhead : Math.max(filesAhead, concurrency)
    return readAhead(survey.plan.toRead, ahead, (file) => read(request, survey, file, pictures))
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
    const surveyed = await survey(request, target)
    const { plan, known, found } = surveyed
    if (plan.toRead.length > 0) await store.markRun(target.collection, 'begun')
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
    if (plan.toRead.length > 0) await store.markRun(target.collection, 'done')
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

    async forecast(request) {
      const target = await resolveTarget(request.path, request.collection, await store.collections())
      const surveyed = await survey(request, target)
      const counts = { files: 0, chunks: 0, tokens: 0, textsToSend: 0, tokensToSend: 0, pictures: 0 }
      const reader = readerFor(request)
      const placeholder =
        reader === undefined ? undefined : placeholderReader(reader, () => counts.pictures++)
      const seen = new Set<string>()
      for await (const outcome of outcomesOf(request, surveyed, placeholder)) {
        throwIfAborted(request.signal)
        if (outcome.kind !== 'documents') continue
        const chunks = outcome.waiting.flatMap((each) => each.chunks)
        const inputs = outcome.waiting.flatMap((each) => each.inputs)
        const known = await store.knownEmbeddings(chunks.flatMap(({ embeddingKey }) => embeddingKey ?? []))
        counts.files++
        counts.chunks += chunks.length
        for (const [i, { embeddingKey, text }] of chunks.entries()) {
          const sent = tokensOf(inputs[i] ?? { text })
          counts.tokens += sent
          if (embeddingKey === null || known.has(embeddingKey) || seen.has(embeddingKey)) continue
          seen.add(embeddingKey)
          counts.textsToSend++
          counts.tokensToSend += sent
        }
      }
      return forecastRun(counts, {
        ...conditionsOf(dependencies),
        ...(reader === undefined ? {} : { picture: reader.forecast() }),
      })
    },
  }
}

function conditionsOf({ guard, usdPerMillionTokens, concurrency, embedder }: IndexerDependencies) {
  const price = usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }
  const speed = { textsPerRequest: embedder.maxBatch, concurrency, requestMs: guard === undefined ? 0 : 1500 }
  if (guard === undefined) return { ...price, speed }
  const limits = guard.pacer.limits()
  const { requests: usedToday } = guard.pacer.usage()
  const finite = (limit: number) => (Number.isFinite(limit) ? limit : undefined)
  const quota = {
    textsPerMinute: finite(limits.perMinute),
    tokensPerMinute: finite(limits.tokensPerMinute),
    textsPerDay: finite(limits.perDay),
    usedToday,
  }
  return {
    ...price,
    speed,
    quota: Object.fromEntries(Object.entries(quota).filter(([, value]) => value !== undefined)),
  }
}

function signalOf({ signal }: IndexRequest): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
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
    `The passages were cut and analysed by older rules (${identity.chunker}). Indexing into a new file would renew them.`,
  ]
}
