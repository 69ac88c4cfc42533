import type { KeyRing } from './access/key-ring.js'
import type { AnswerEvent, AskRequest } from './answer/answerer.js'
import type { CorpusRun } from './corpus/corpus-passage.js'
import type { Corpus } from './corpus/create-corpus.js'
import type { GapsReport } from './corpus/gaps/group-gaps.js'
import type { CorpusMapRequest } from './corpus/map/corpus-map.js'
import type { EmbedderIdentity, EmbedInput } from './embed/embedder.js'
import type { EvaluationReport, EvaluationRequest } from './evaluate/evaluate-search.js'
import type { Forecast } from './ingest/forecast.js'
import type { IndexRequest } from './ingest/index-request.js'
import type { MigrationForecast, MigrationReport, MigrationRequest } from './ingest/migrate.js'
import type { PushReport, PushRequest } from './ingest/push-document.js'
import type { IndexReport } from './ingest/report.js'
import type { JobRunner } from './jobs/job-runner.js'
import type { Observer } from './observer.js'
import type { PassageInContext } from './search/passage-in-context.js'
import type { SearchRequest } from './search/search-request.js'
import type { SimilarRequest } from './search/similar.js'
import type { SuggestOptions } from './search/suggest.js'
import type { AskOptions, Chat } from './sessions/conversations.js'
import type { Sessions } from './sessions/sessions.js'
import type {
  CollectionPart,
  CollectionSummary,
  DocumentFilter,
  ModelUsage,
  OtherVectors,
  Page,
  PartCounts,
  RunRecord,
  SizeChange,
  StoreCounts,
} from './store/store.js'
import type {
  Answer,
  CorpusMap,
  DocumentSummary,
  EmbedRole,
  ModelInfo,
  Notice,
  SearchResult,
  SimilarHit,
  Suggestion,
  WholeDocument,
} from './types.js'

export type { KeyRing } from './access/key-ring.js'
export type { AnswerEvent } from './answer/answerer.js'
export { MAX_IMAGE_BYTES, sniffImage } from './answer/check-images.js'
export type { ClassifyReport, ClassifyRequest, Label } from './corpus/classify/classify.js'
export type { SimilarityReport, SimilarityRequest } from './corpus/compare-two-texts.js'
export type { CorpusProgress, CorpusRun } from './corpus/corpus-passage.js'
export type {
  DuplicateGroup,
  DuplicatesReport,
  DuplicatesRequest,
} from './corpus/duplicates/find-duplicates.js'
export type { AskedQuestion, GapsReport, GapTopic } from './corpus/gaps/group-gaps.js'
export type { CorpusMapRequest } from './corpus/map/corpus-map.js'
export type { TopicsReport, TopicsRequest } from './corpus/topics/find-topics.js'
export type { Topic } from './corpus/topics/topic.js'
export type { EvaluationReport, EvaluationRequest } from './evaluate/evaluate-search.js'
export type { Forecast } from './ingest/forecast.js'
export { addForecasts } from './ingest/forecast.js'
export type { MigrationForecast, MigrationReport, MigrationRequest } from './ingest/migrate.js'
export type { PushReport, PushRequest } from './ingest/push-document.js'
export type { FileNotice, IndexProgress, IndexReport, SkippedFile } from './ingest/report.js'
export { failedFiles } from './ingest/report.js'
export type { Job, JobRequest } from './jobs/job-store.js'
export type { PassageInContext } from './search/passage-in-context.js'
export type { AskOptions, Chat } from './sessions/conversations.js'
export type { Sessions } from './sessions/sessions.js'
export { type OtherVectors, summaryOf } from './store/store.js'
export type { BackupReport, Finding, RestoreReport, VerifyReport } from './store/verify-report.js'

export type OpenOptions = {
  /** What to do when the index file does not exist. `memory` opens an empty one that is not kept. */
  readonly ifMissing: 'fail' | 'create' | 'memory'
  /**
   * Work on the index in threads of its own (the default), so that this one goes on answering. Without them the engine
   * answers its first question sooner, as a command that asks one wants it.
   */
  readonly threads?: boolean
  /** Told of what takes time and costs money. */
  readonly observer?: Observer
  /**
   * Told, without paths, that the index is damaged and what mends it, which is looked for when the process that had it open last
   * did not close it: before the engine is open, or, of a large index with threads, while it is used. It is searched as far as it
   * can be read; unless only documents are damaged, it is not written (STORE_CORRUPT).
   */
  readonly onDamage?: (what: string) => void
}

/** Documents of other collections are not there. */
export type Reach = { readonly collections?: readonly string[] }

/** A collection, or what lies below a folder of it, and how much that is. */
export type PartOfIndex = CollectionPart & PartCounts

export type RemovalRequest = CollectionPart & {
  /** Remove nothing, and tell how much it would be. */
  readonly dryRun?: boolean
  /** Stops between two steps, with CANCELLED; what was removed by then stays so. */
  readonly signal?: AbortSignal
  /** Documents removed, and how many there were. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** One finding of a check-up. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
}

export type WatchHandlers = {
  /** Told of the first run, and of each further one that changed something. */
  readonly onReport: (report: IndexReport) => void
  /** Told of faults that may pass, such as a folder that is gone for now. */
  readonly onNotice: (notice: string) => void
}

export type Question = AskRequest['question']

/** Who embeds and who answers. */
export type ModelsInUse = {
  /** What the index was made with; null while nothing has been indexed. */
  readonly embedder: EmbedderIdentity | null
  /** Who embeds: the index's own embedder, or the one that a new index would get. */
  readonly provider: EmbedderIdentity['provider']
  /** Why queries are not embedded just now, if so: keywords answer then. */
  readonly degraded?: string
  /** Model that answers questions. */
  readonly generator: string
}

/** The last run over a collection's folder. A `stopped` one goes on when the folder is indexed again. */
export type LastRun = RunRecord & { readonly state: 'running' | 'stopped' | 'done' }

export type CollectionState = Omit<CollectionSummary, 'run'> & { readonly run?: LastRun }

export type IndexStatus = StoreCounts &
  ModelsInUse & {
    /** Path of the index file. */
    readonly db: string
    readonly collections: readonly CollectionState[]
    /** What was sent to embedding models, by model and day. */
    readonly usage: readonly ModelUsage[]
    /** Whether questions that were not answered are kept, and how many different ones there are. */
    readonly gaps: { readonly keeping: boolean; readonly questions: number }
    /** What is damaged and what mends it, if anything was found to be since the index was opened. */
    readonly damage?: string
  }

/** A file, or a part of one, that is not in the index. */
export type LeftOut = Notice & { readonly collection: string; readonly uri: string }

export type SimilarResult = {
  /** What the others are compared with. */
  readonly documentId: string
  readonly title: string
  readonly hits: readonly SimilarHit[]
}

export type EmbedRequest = {
  readonly inputs: readonly EmbedInput[]
  readonly role: EmbedRole
  readonly signal?: AbortSignal
}
export type EmbedResult = {
  readonly model: string
  readonly dimensions: number
  readonly vectors: readonly Float32Array[]
}

/**
 * What gemdex can do. Knows nothing of HTTP, arguments or vendors; every method throws GemdexError.
 */
export interface SearchEngine extends Corpus {
  /** Who may use the service. */
  readonly keys: KeyRing
  /** Indexing on behalf of clients, in the background. */
  readonly jobs: JobRunner
  /** Brings a folder or file into the index, or up to date with it. */
  index(request: IndexRequest): Promise<IndexReport>
  /** What `index` would take: files, passages, tokens, price and time. Sends and stores nothing. */
  forecast(request: IndexRequest): Promise<Forecast>
  /** Indexes a folder, then again whenever something in it changes, until the signal aborts. */
  watch(request: IndexRequest & { readonly signal: AbortSignal }, handlers: WatchHandlers): Promise<void>
  /** Puts a document into the index without a file. */
  push(request: PushRequest): Promise<PushReport>
  search(request: SearchRequest): Promise<SearchResult>
  /** The documents nearest to a document, or to a passage by the id of its hit, by the stored vectors. */
  similar(reference: string, options?: Omit<SimilarRequest, 'documentId' | 'ordinal'>): Promise<SimilarResult>
  /** The documents in the plane, near ones alike. */
  map(request?: CorpusMapRequest): Promise<CorpusMap>
  /** The questions that were refused or found nothing, where they are kept, by what they are about. Sends nothing. */
  gaps(run?: CorpusRun): Promise<GapsReport>
  /** Forgets one of those questions, or all; gives how many there were. */
  forgetGaps(question?: string): Promise<number>
  /** How a query that is being typed may go on. */
  suggest(typed: string, options?: SuggestOptions): Promise<readonly Suggestion[]>
  /** How good search is, on a collection with known answers or on questions made from the index. */
  evaluate(request: EvaluationRequest): Promise<EvaluationReport>
  /**
   * Answers from the passages found, as events ending with `done`. Leaving the loop early ends what is under way. An answer
   * that breaks off throws; the error's `partialAnswer` is what had come of it.
   */
  ask(question: Question, options?: AskOptions): AsyncIterable<AnswerEvent>
  /** The same, whole. */
  answer(question: Question, options?: AskOptions): Promise<Answer>
  /** A conversation, kept in the index: the one of that id, or a new one. */
  chat(sessionId?: string): Chat
  /** The conversations that are kept. */
  readonly sessions: Sessions
  /** Vectors by the index's embedder, or by the one that a new index would get. */
  embed(request: EmbedRequest): Promise<EmbedResult>
  /** The models that the key can use. */
  models(options?: { readonly signal?: AbortSignal }): Promise<readonly ModelInfo[]>
  /** Known without a look at what the index holds. */
  modelsInUse(): Promise<ModelsInUse>
  /** Counts everything there is. */
  status(): Promise<IndexStatus>
  /** What the last runs left out of the index, by collection and path. */
  listLeftOut(): Promise<readonly LeftOut[]>
  listDocuments(filter: DocumentFilter): Promise<Page<DocumentSummary>>
  /** By id, URI, or path of the file; NOT_FOUND else, BAD_INPUT when several collections have that URI. */
  getDocument(reference: string, reach?: Reach): Promise<WholeDocument>
  /** A passage by the id of a hit on it, with what stands around it; NOT_FOUND else. */
  getPassage(id: string, reach?: Reach): Promise<PassageInContext & { readonly document: DocumentSummary }>
  /** Removes a document from every table. Gives what was removed. */
  removeDocument(reference: string, reach?: Reach): Promise<DocumentSummary>
  /**
   * What lies below a folder, by its path on this machine or in its collection; NOT_FOUND else, BAD_INPUT for an empty path, one
   * above the folders of collections, or one that means several things.
   */
  findFolder(reference: string, reach?: Reach): Promise<readonly PartOfIndex[]>
  /**
   * Removes a collection, whose name is free then, or all documents below a folder of it. Others who write get their turn in between;
   * stopped or killed, it goes on when it is called again. NOT_FOUND when there is nothing; FORBIDDEN for a whole collection that
   * was made from a folder, when the reach is limited.
   */
  removePart(request: RemovalRequest & Reach): Promise<PartOfIndex>
  /**
   * Gives the space of what was removed back to the system. Needs room for the index twice more (STORE_FULL else); searches
   * go on meanwhile.
   */
  compact(): Promise<SizeChange>
  /**
   * Brings the index to the model, the dimensions and the rules in force, while it is searched; see `migrate`. What was the
   * index's own stays beside it until `dropOtherVectors`.
   */
  migrate(request?: MigrationRequest): Promise<MigrationReport>
  /** What `migrate` would take. Sends and stores nothing. */
  forecastMigration(request?: MigrationRequest): Promise<MigrationForecast>
  /** Drops what changes of the model have left, and gives what was dropped. */
  dropOtherVectors(): Promise<readonly OtherVectors[]>
  close(): Promise<void>
}
