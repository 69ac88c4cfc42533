import type { EmbedOutcome, EmbedQueue } from '../embed/embed-queue.js'
import type { EmbedInput } from '../embed/embedder.js'
import { throwIfAborted } from '../errors.js'
import type { DocumentEntry, FileState, Store } from '../store/store.js'
import type { PreparedDocument } from './prepare-document.js'

/** Passages that may wait for their vectors before reading waits: enough for all requests under way and as many more. */
const MAX_WAITING_CHUNKS = 4_000
/** Documents written in one transaction: a commit costs a disk flush and a segment of the inverted index. */
const MAX_DOCUMENTS_PER_WRITE = 40

/** A document ready to be embedded and stored. */
export type Waiting = PreparedDocument & {
  /** With the last document of a file: what is to be remembered of the file, and the URIs of its other documents. */
  readonly file?: FileState
  readonly siblings?: readonly string[]
}

export type DocumentPipelineOptions = {
  readonly store: Store
  /** Keeps each vector durable before it hands it out. */
  readonly queue: EmbedQueue
  /** Texts that fill a request: the store is asked about as many at once, since fewer would not be sent yet. */
  readonly batch: number
  readonly signal?: AbortSignal
  /** Told of each document when it is stored, with what was refused of it. */
  readonly onStored: (entry: DocumentEntry, refused: readonly string[]) => void
}

export interface DocumentPipeline {
  /** Takes a document; resolves when there is room for another. Throws what made the embedding or storing of any fail. */
  add(document: Waiting): Promise<void>
  /** Resolves when everything taken is stored. */
  finish(): Promise<void>
}

type Refusal = Extract<EmbedOutcome, { refused: string }>

type Embedded = {
  readonly document: Waiting
  readonly outcome: Promise<ReadonlyMap<string, Refusal>>
  settled: boolean
}

/**
 * Embeds and stores documents while further ones are read. Texts whose vector is known, or under way, are not sent
 * again. Documents are stored in the order they came, several in one transaction, each only when all its vectors are
 * there, so that no search ever sees half of one.
 */
export function createDocumentPipeline({
  store,
  queue,
  batch,
  signal,
  onStored,
}: DocumentPipelineOptions): DocumentPipeline {
  /** Whose texts have not been looked up, and how many these are. */
  let arrived: Waiting[] = []
  let arrivedChunks = 0
  let isComplete = false
  const waiting: Embedded[] = []
  /** Texts under way by key; undefined once embedded, or why there will be no vector. */
  const underWay = new Map<string, Promise<Refusal | undefined>>()
  /** Files that are to be read again, as the service may take what it refused of them. */
  const unfinished = new Set<string>()
  let waitingChunks = 0
  let failure: unknown
  let embedding: Promise<void> | undefined
  let writing: Promise<void> | undefined
  let wake = () => {}

  /** Sends what texts of these documents need sending. */
  async function embed(documents: readonly Waiting[]): Promise<Embedded[]> {
    const keys = documents.flatMap(keysOf)
    // A text under way now may be done, and forgotten here, by the time the store has answered: it is not asked for.
    const asked = new Set(keys.filter((key) => !underWay.has(key)))
    const known = asked.size === 0 ? asked : await store.knownEmbeddings([...asked])
    return documents.map((document) => {
      for (const [i, { embeddingKey }] of document.chunks.entries()) {
        const input = document.inputs[i]
        if (embeddingKey === null || input === undefined || !asked.has(embeddingKey)) continue
        if (!known.has(embeddingKey) && !underWay.has(embeddingKey)) send(embeddingKey, input)
      }
      return awaitVectors(document)
    })
  }

  function send(key: string, input: EmbedInput): void {
    const pushed = queue.push(input).then((outcome) => ('refused' in outcome ? outcome : undefined))
    underWay.set(key, pushed)
    // Refusals stay, so that an equal text is not sent to be refused again; a fault is thrown where it is awaited.
    pushed.then((refused) => refused === undefined && underWay.delete(key)).catch(() => {})
  }

  function awaitVectors(document: Waiting): Embedded {
    const awaited = keysOf(document).flatMap((key) =>
      underWay.has(key) ? [[key, underWay.get(key)] as const] : [],
    )
    const outcome = Promise.all(awaited.map(async ([key, result]) => [key, await result] as const)).then(
      refusedOf,
    )
    const embedded: Embedded = { document, outcome, settled: false }
    outcome.then(
      () => {
        embedded.settled = true
      },
      () => {},
    )
    return embedded
  }

  async function embedAll(): Promise<void> {
    try {
      while (isLookUpDue() && failure === undefined) {
        const documents = arrived
        arrived = []
        arrivedChunks = 0
        waiting.push(...(await embed(documents)))
        keepWriting()
        wake()
      }
    } catch (error) {
      failure ??= error
    }
    embedding = undefined
    wake()
  }

  function isLookUpDue(): boolean {
    const isDue = isComplete || arrivedChunks >= batch || waitingChunks > MAX_WAITING_CHUNKS
    return isDue && arrived.length > 0
  }

  function keepEmbedding(): void {
    if (isLookUpDue()) embedding ??= embedAll()
  }

  /** Stores the first documents in line as their vectors come. */
  async function writeNext(): Promise<void> {
    const [first] = waiting
    await first?.outcome
    throwIfAborted(signal)
    const ready: Embedded[] = []
    while (waiting[0]?.settled && ready.length < MAX_DOCUMENTS_PER_WRITE) ready.push(...waiting.splice(0, 1))
    const entries: [DocumentEntry, readonly string[]][] = []
    for (const { document, outcome } of ready) {
      const refused = await outcome
      const chunks = document.chunks.map((chunk) =>
        chunk.embeddingKey !== null && refused.has(chunk.embeddingKey)
          ? { ...chunk, embeddingKey: null }
          : chunk,
      )
      const reasons = [...refused.values()]
      if (reasons.some(({ mayPass }) => mayPass)) unfinished.add(document.document.fileUri)
      const entry = { document: document.document, chunks, ...fileOf(document) }
      entries.push([entry, reasons.map(({ refused }) => refused)])
    }
    await store.replaceDocuments(entries.map(([entry]) => entry))
    for (const [entry, refused] of entries) {
      waitingChunks -= entry.chunks.length
      onStored(entry, refused)
    }
    wake()
  }

  /** The next run reads a file again, and asks once more, where the service may do better then. */
  function fileOf({ document, file, siblings }: Waiting): Pick<DocumentEntry, 'file' | 'siblings'> {
    if (file === undefined) return {}
    const again = unfinished.delete(document.fileUri) ? { fingerprint: '', contentHash: '' } : {}
    return { file: { ...file, ...again }, ...(siblings === undefined ? {} : { siblings }) }
  }

  async function writeAll(): Promise<void> {
    try {
      while (waiting.length > 0) await writeNext()
    } catch (error) {
      failure ??= error
    }
    // In the same turn as the last look at the line: a document added in between would never be written.
    writing = undefined
    wake()
  }

  function keepWriting(): void {
    if (failure === undefined) writing ??= writeAll()
  }

  function throwFailure(): void {
    if (failure !== undefined) throw failure
  }

  return {
    async add(document) {
      throwFailure()
      arrived.push(document)
      arrivedChunks += document.chunks.length
      waitingChunks += document.chunks.length
      keepEmbedding()
      while (waitingChunks > MAX_WAITING_CHUNKS && failure === undefined) {
        // The texts that hold up the line may fill no batch, and nothing fills it while reading waits.
        void queue.flush().catch(() => {})
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      throwFailure()
    },

    async finish() {
      isComplete = true
      keepEmbedding()
      while (embedding !== undefined) await embedding
      // What made the queue fail reaches the writer too, after the documents that are complete.
      await queue.flush().catch(() => {})
      while (writing !== undefined) await writing
      throwFailure()
    },
  }
}

function keysOf({ chunks }: Waiting): string[] {
  return chunks.flatMap(({ embeddingKey }) => embeddingKey ?? [])
}

function refusedOf(
  results: readonly (readonly [string, Refusal | undefined])[],
): ReadonlyMap<string, Refusal> {
  return new Map(
    results.flatMap(([key, refused]) => (refused === undefined ? [] : [[key, refused] as const])),
  )
}
