import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import { chunkerVersion } from '../chunk/chunk-document.js'
import { tokensOf } from '../embed/batch.js'
import { embedTexts } from '../embed/embed-texts.js'
import { quotaDay } from '../embed/quota-day.js'
import { type ErrorCode, GemdexError, throwIfAborted } from '../errors.js'
import { looksLikeSecretName } from '../files/looks-like-secret.js'
import { type DocumentEntry, type Embedding, type ModelUsage, summaryOf } from '../store/store.js'
import type { DocumentSummary, Metadata, Notice } from '../types.js'
import type { Waiting } from './document-pipeline.js'
import type { IndexerDependencies } from './index-request.js'
import { createDocumentPreparer } from './prepare-document.js'
import { prepareFile } from './read-document.js'

/** Collection of pushed documents that name none. */
export const PUSHED_COLLECTION = 'pushed'

/** What is told of a vector, and of a collection, that another process has removed. */
const MAY_BE_GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['STORE_FAILED', 'NOT_FOUND'])

export type PushRequest = {
  /** A path in its collection: a label, which also tells by its ending how the bytes are read. */
  readonly uri: string
  readonly bytes: Uint8Array
  /** Instead of the title that the document gives itself. */
  readonly title?: string
  /** Added to what the document says of itself; wins over it. */
  readonly metadata?: Metadata
  /** Default `pushed`. */
  readonly collection?: string
  readonly signal?: AbortSignal
}

export type PushReport = {
  /** What is in the index now: the document, then what is attached to it. */
  readonly documents: readonly DocumentSummary[]
  /** What of it is not in the index. */
  readonly notices: readonly Notice[]
}

export type PushDependencies = Pick<
  IndexerDependencies,
  'store' | 'embedder' | 'guard' | 'usdPerMillionTokens' | 'extractFile' | 'concurrency' | 'now'
>

/**
 * Puts a document into the index without a file, in place of what its collection has under its URI. When it resolves the
 * document is durable and found. Vectors and document are one transaction, so a run that goes on meanwhile, here or in another
 * process, takes nothing from it. Throws BAD_INPUT for bytes that cannot be read, COLLECTION_TAKEN when the collection belongs
 * to a folder, and what the embedder and the store throw.
 */
export async function pushDocument(
  { uri, bytes, signal, collection = PUSHED_COLLECTION, ...given }: PushRequest,
  dependencies: PushDependencies,
): Promise<PushReport> {
  const { store, embedder, extractFile } = dependencies
  throwIfAborted(signal)
  const abort = signal === undefined ? {} : { signal }
  const content = {
    ...given,
    uri,
    fingerprint: '',
    contentHash: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    modifiedMs: dependencies.now(),
  }
  const secret = looksLikeSecretName(basename(uri))
  const prepared =
    secret === undefined
      ? await prepareFile(bytes, content, {
          collection,
          prepareDocument: createDocumentPreparer(embedder.identity),
          extractFile,
          ...abort,
        })
      : { skipped: 'SECRET', message: secret }
  if ('skipped' in prepared) {
    throw new GemdexError(
      'BAD_INPUT',
      `The document cannot be indexed (${prepared.skipped}): ${prepared.message}`,
      {
        field: 'body',
      },
    )
  }
  const write = async () => {
    await store.openCollection(collection, null)
    return embedAndStore(prepared.waiting, dependencies, signal)
  }
  const refused = await write().catch((error: unknown) => {
    // A vector that was known may have been dropped meanwhile, with the last document that used it; or the whole collection.
    if (!(error instanceof GemdexError) || !MAY_BE_GONE.has(error.code)) throw error
    return write()
  })
  const ids = prepared.waiting.map(({ document }) => document.id)
  const stored = await Promise.all(ids.map((id) => store.getDocument(id)))
  return {
    documents: stored.filter((document) => document !== undefined).map(summaryOf),
    notices: [...(prepared.file.notices ?? []), ...noticesOf(refused)],
  }
}

/** Gives why some passages have no vector, by embedding key. */
async function embedAndStore(
  waiting: readonly Waiting[],
  dependencies: PushDependencies,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { store, embedder } = dependencies
  const { embeddings, refused, usage } = await embedMissing(waiting, dependencies, signal)
  await store.adopt({ embedder: embedder.identity, chunker: chunkerVersion })
  await store.replaceDocuments(
    waiting.map((each) => entryOf(each, refused)),
    { embeddings, usage, of: embedder.identity },
  )
  return refused
}

type Embedded = {
  readonly embeddings: readonly Embedding[]
  /** Why there is no vector, by key. */
  readonly refused: ReadonlyMap<string, string>
  readonly usage: ModelUsage
}

/** Embeds the passages whose vector is not known, each text once. */
async function embedMissing(
  waiting: readonly Waiting[],
  { store, embedder, guard, concurrency, now, usdPerMillionTokens = 0 }: PushDependencies,
  signal: AbortSignal | undefined,
): Promise<Embedded> {
  const wanted = new Map(
    waiting.flatMap(({ chunks, inputs }) =>
      chunks.flatMap(({ embeddingKey }, i) => {
        const input = inputs[i]
        return embeddingKey === null || input === undefined ? [] : [[embeddingKey, input] as const]
      }),
    ),
  )
  for (const known of await store.knownEmbeddings([...wanted.keys()])) wanted.delete(known)
  const keys = [...wanted.keys()]
  const inputs = [...wanted.values()]
  const refused = new Map<string, string>()
  let requests = 0
  const vectors = await embedTexts(embedder, inputs, {
    role: 'document',
    concurrency,
    ...guard,
    ...(signal === undefined ? {} : { signal }),
    onBatch: async () => {
      requests++
    },
    onRefused: (index, reason) => refused.set(keys[index] ?? '', reason),
  })
  const tokens = inputs.reduce((sum, input) => sum + tokensOf(input), 0)
  return {
    embeddings: keys.flatMap((key, i) => {
      const vector = vectors[i]
      return vector === undefined || refused.has(key) ? [] : [{ key, vector }]
    }),
    refused,
    usage: {
      model: embedder.identity.modelId,
      day: quotaDay(now()),
      requests,
      texts: inputs.length,
      tokens,
      priceUsd: (tokens / 1_000_000) * usdPerMillionTokens,
    },
  }
}

function entryOf(
  { document, chunks, file, siblings }: Waiting,
  refused: ReadonlyMap<string, string>,
): DocumentEntry {
  return {
    document,
    chunks: chunks.map((chunk) =>
      chunk.embeddingKey !== null && refused.has(chunk.embeddingKey)
        ? { ...chunk, embeddingKey: null }
        : chunk,
    ),
    ...(file === undefined ? {} : { file }),
    ...(siblings === undefined ? {} : { siblings }),
  }
}

function noticesOf(refused: ReadonlyMap<string, string>): Notice[] {
  return [...new Set(refused.values())].map((reason) => ({
    code: 'TRUNCATED',
    message: `Passages without a vector, found by keywords only: ${reason}`.slice(0, 200),
  }))
}
