import { tokensOf } from '../embed/batch.js'
import {
  createEmbedQueue,
  type EmbeddedText,
  type EmbedOutcome,
  type EmbedQueue,
} from '../embed/embed-queue.js'
import type { EmbedderIdentity } from '../embed/embedder.js'
import { embeddingKey } from '../embed/embedding-key.js'
import { quotaDay } from '../embed/quota-day.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import type { DocumentSummary } from '../types.js'
import { createDocumentPipeline } from './document-pipeline.js'
import { type Forecast, forecastRun } from './forecast.js'
import { conditionsOf } from './forecast-index.js'
import type { IndexerDependencies } from './index-request.js'
import { createDocumentPreparer, indexRules } from './prepare-document.js'
import type { IndexProgress, RefusedText } from './report.js'
import { allDocuments, type PassageToEmbed, passagesOf, renewed } from './stored-passages.js'

/** Texts sent before passages are pointed at their vectors: enough to keep all requests under way busy. */
const TEXTS_AT_A_TIME = 2_000
/** Documents that are written while vectors are made do without the new ones at first: so often they are made up for. */
const MAX_ROUNDS = 20

export type MigrationRequest = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IndexProgress) => void
}

export type MigrationDependencies = Omit<
  IndexerDependencies,
  'extractFile' | 'extractVersion' | 'pictures' | 'filesAhead' | 'ownFiles'
>

export type MigrationReport = {
  readonly from: EmbedderIdentity
  readonly to: EmbedderIdentity
  readonly documents: number
  /** Texts sent to the embedder. */
  readonly embedded: number
  /** Documents whose passages were cut and analysed anew, by the rules of this version. */
  readonly renewed: number
  /** Documents that keep their passages: damaged ones, and those of an older version whose text alone does not tell where to cut. */
  readonly kept: number
  readonly refused: readonly RefusedText[]
  readonly tookMs: number
}

/** What a migration will take, and from what to what. */
export type MigrationForecast = Forecast & {
  readonly from: EmbedderIdentity
  readonly to: EmbedderIdentity
  /** Whether passages are cut and analysed anew. */
  readonly renews: boolean
}

type Tally = { embedded: number; renewed: number; kept: number; readonly refused: Map<number, RefusedText> }

/**
 * Brings an index to the given embedder and to the rules of this version, from the texts that it keeps: no file is read. Vectors
 * are built beside the old ones, each durable as soon as it has come, and searches go on against the old until the new ones take
 * their place in one transaction. Interrupted at any moment, the next run goes on where this one was. Passages without a vector
 * get one. Throws NO_INDEX for an empty index, INDEX_LOCKED, and what the embedder and the store throw.
 */
export async function migrate(
  request: MigrationRequest,
  dependencies: MigrationDependencies,
): Promise<MigrationReport> {
  const { store, embedder, clock } = dependencies
  const started = clock()
  const lock = await dependencies.acquireLock()
  try {
    const { from, renews } = await stateOf(dependencies)
    const tally: Tally = { embedded: 0, renewed: 0, kept: 0, refused: new Map() }
    const { documents } = await store.counts()
    request.onProgress?.({ type: 'found', files: documents, toRead: documents * (renews ? 2 : 1) })
    await store.beginVectors(embedder.identity)
    for (let round = 1; ; round++) {
      await embedAll(request, dependencies, tally)
      if ((await store.switchVectors(embedder.identity, [...tally.refused.keys()])) === 0) break
      if (round === MAX_ROUNDS) throw neverDone()
    }
    if (renews) await renewAll(request, dependencies, tally)
    await store.pruneEmbeddings()
    const { refused, ...counts } = tally
    return {
      from,
      to: embedder.identity,
      documents,
      ...counts,
      refused: [...refused.values()],
      tookMs: Math.round(clock() - started),
    }
  } finally {
    lock.release()
  }
}

/** What `migrate` would take. Sends and stores nothing. */
export async function forecastMigration(
  request: MigrationRequest,
  dependencies: MigrationDependencies,
): Promise<MigrationForecast> {
  const { store, embedder } = dependencies
  const { from, renews } = await stateOf(dependencies)
  const prepareDocument = createDocumentPreparer(embedder.identity)
  const counts = { files: 0, chunks: 0, tokens: 0, textsToSend: 0, tokensToSend: 0 }
  const seen = new Set<string>()
  const count = async (passages: readonly PassageToEmbed[]) => {
    const known = await store.knownEmbeddings(
      passages.map(({ key }) => key),
      embedder.identity,
    )
    for (const { key, input } of passages) {
      const tokens = tokensOf(input)
      counts.tokens += tokens
      if (known.has(key) || seen.has(key)) continue
      seen.add(key)
      counts.textsToSend++
      counts.tokensToSend += tokens
    }
  }
  for await (const document of allDocuments(store)) {
    throwIfAborted(request.signal)
    const passages = await passagesOf(store, document, embedder.identity)
    counts.files++
    counts.chunks += passages.length
    await count(passages)
    const prepared = renews ? await renewed(store, document, prepareDocument) : undefined
    if (prepared === undefined) continue
    await count(
      prepared.chunks.flatMap(({ embeddingKey: key }, i) => {
        const input = prepared.inputs[i]
        return key === null || input === undefined ? [] : [{ chunkId: 0, key, input }]
      }),
    )
  }
  return { ...forecastRun(counts, conditionsOf(dependencies)), from, to: embedder.identity, renews }
}

async function stateOf({
  store,
}: MigrationDependencies): Promise<{ from: EmbedderIdentity; renews: boolean }> {
  const identity = await store.identity()
  if (identity === undefined) {
    throw new GemdexError('NO_INDEX', 'Nothing is indexed yet: there is nothing to migrate', {
      hint: 'Make an index with `gemdex index <folder>`; the settings in force decide its model.',
    })
  }
  return { from: identity.embedder, renews: identity.chunker !== indexRules }
}

/** Gives every passage its vector of the embedder. */
async function embedAll(
  request: MigrationRequest,
  dependencies: MigrationDependencies,
  tally: Tally,
): Promise<void> {
  const { store, embedder } = dependencies
  const queue = openQueue(request, dependencies, tally)
  const pending = new Map<string, Promise<EmbedOutcome>>()
  let waiting: (PassageToEmbed & { uri: string })[] = []
  const settle = async () => {
    await queue.flush()
    const links = []
    for (const { chunkId, key, uri } of waiting) {
      const outcome = await pending.get(key)
      if (outcome !== undefined && 'refused' in outcome)
        tally.refused.set(chunkId, { uri, message: outcome.refused })
      else links.push({ chunkId, key })
    }
    await store.linkEmbeddings(links, embedder.identity)
    waiting = []
    pending.clear()
  }
  try {
    for await (const document of allDocuments(store)) {
      throwIfAborted(request.signal)
      const passages = (await passagesOf(store, document, embedder.identity)).filter(
        ({ chunkId }) => !tally.refused.has(chunkId),
      )
      const known = await store.knownEmbeddings(
        passages.map(({ key }) => key),
        embedder.identity,
      )
      for (const passage of passages) {
        waiting.push({ ...passage, uri: document.uri })
        if (!known.has(passage.key) && !pending.has(passage.key))
          pending.set(passage.key, queue.push(passage.input))
      }
      request.onProgress?.({ type: 'indexed', uri: document.uri, chunks: passages.length })
      if (pending.size >= TEXTS_AT_A_TIME || waiting.length >= 4 * TEXTS_AT_A_TIME) await settle()
    }
    await settle()
  } finally {
    await queue.close()
  }
}

/** Cuts and analyses every document anew; each takes the place of its old passages at once. */
async function renewAll(
  request: MigrationRequest,
  dependencies: MigrationDependencies,
  tally: Tally,
): Promise<void> {
  const { store, embedder } = dependencies
  const queue = openQueue(request, dependencies, tally)
  const prepareDocument = createDocumentPreparer(embedder.identity)
  const pipeline = createDocumentPipeline({
    store,
    queue,
    batch: embedder.maxBatch,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    onStored: ({ document, chunks }, refused) => {
      tally.renewed++
      for (const message of refused)
        tally.refused.set(-tally.refused.size - 1, { uri: document.uri, message })
      request.onProgress?.({ type: 'indexed', uri: document.uri, chunks: chunks.length })
    },
  })
  try {
    // Listed beforehand: what is renewed is a new row, and must not be met again.
    const documents: DocumentSummary[] = []
    for await (const document of allDocuments(store)) documents.push(document)
    for (const document of documents) {
      throwIfAborted(request.signal)
      const prepared = await renewed(store, document, prepareDocument)
      if (prepared === undefined) tally.kept++
      else await pipeline.add(prepared)
    }
    await pipeline.finish()
  } finally {
    await queue.close()
  }
  await store.setRules(indexRules)
}

/** A queue whose vectors are durable, and whose cost is counted, before anybody gets them. */
function openQueue(
  { signal, onProgress }: MigrationRequest,
  dependencies: MigrationDependencies,
  tally: Tally,
): EmbedQueue {
  const { store, embedder, guard, concurrency, now, usdPerMillionTokens = 0 } = dependencies
  const model = embedder.identity.modelId
  return createEmbedQueue({
    embedder,
    role: 'document',
    concurrency,
    ...guard,
    ...(signal === undefined ? {} : { signal }),
    onWait: (wait) => onProgress?.({ type: 'waiting', ...wait }),
    onBatch: async (results: readonly EmbeddedText[]) => {
      const tokens = results.reduce((sum, { input }) => sum + tokensOf(input), 0)
      const priceUsd = (tokens / 1_000_000) * usdPerMillionTokens
      const texts = results.length
      await store.putEmbeddings(
        results.map(({ input, vector }) => ({
          key: embeddingKey(embedder.identity, 'document', input),
          vector,
        })),
        { model, day: quotaDay(now()), requests: 1, texts, tokens, priceUsd },
        embedder.identity,
      )
      tally.embedded += texts
      onProgress?.({ type: 'embedded', texts, tokens, priceUsd })
    },
  })
}

function neverDone(): GemdexError {
  return new GemdexError('STORE_BUSY', 'Documents are pushed faster than they can be embedded', {
    hint: 'Run the command again when less is pushed; what was embedded is kept.',
    retryable: true,
  })
}
