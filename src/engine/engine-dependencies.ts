import type { KeyStore } from '../access/key-store.js'
import type { AnswererDependencies } from '../answer/answerer.js'
import type { GapStore } from '../corpus/gaps/gap-store.js'
import type { Projector } from '../corpus/map/projector.js'
import type { CallGuard } from '../embed/call-guarded.js'
import type { Embedder, EmbedderIdentity } from '../embed/embedder.js'
import type { Evaluation } from '../evaluate/runner.js'
import type { IndexerDependencies } from '../ingest/index-request.js'
import type { PictureReader } from '../ingest/picture-reader.js'
import type { JobStore } from '../jobs/job-store.js'
import type { QueryEmbedder } from '../search/open-lists.js'
import type { SessionStore } from '../sessions/session-store.js'
import type { IndexIdentity, Store } from '../store/store.js'
import type { ConfiguredKey, ModelInfo } from '../types.js'

/** What an engine works with. */
export type EngineDependencies = {
  readonly db: string
  /** What was found damaged, so far. */
  readonly damage: () => string | undefined
  readonly store: Store
  /** Since when some process indexes, in milliseconds since 1970; undefined while none does. */
  readonly indexingSince: () => number | undefined
  readonly keyStore: KeyStore
  /** Keys of the settings. */
  readonly configuredKeys: readonly ConfiguredKey[]
  readonly jobStore: JobStore
  readonly gapStore: GapStore
  /** Whether questions that were not answered are kept. */
  readonly keepGaps: boolean
  /** Folders that clients of a service may have indexed. */
  readonly allowedRoots: readonly string[]
  readonly sessionStore: SessionStore
  /** The embedder for an index of this identity (or for a new one), or why there is none. */
  readonly queryEmbedder: (identity: IndexIdentity | undefined) => QueryEmbedder
  /** The same for writing: throws KEY_MISSING or INDEX_MISMATCH with what to do. */
  readonly writingEmbedder: (identity: IndexIdentity | undefined) => Embedder
  /** What `migrate` brings an index of this identity to, by the settings in force. */
  readonly targetEmbedder: (identity: IndexIdentity) => Embedder
  readonly listModels: (options: { readonly signal?: AbortSignal }) => Promise<readonly ModelInfo[]>
  /** Who would embed a new index. */
  readonly newProvider: EmbedderIdentity['provider']
  /** Name of the model that answers. */
  readonly generatorId: string
  readonly answering: Omit<AnswererDependencies, 'searcher'>
  readonly indexing: Omit<
    IndexerDependencies,
    'store' | 'embedder' | 'clock' | 'guard' | 'usdPerMillionTokens' | 'pictures'
  >
  /** What draws maps. */
  readonly projector: Projector
  /** What looks at pictures; undefined where there is no model that does. */
  readonly openPictures: () => Promise<PictureReader | undefined>
  /** Whether what answers questions is loaded at once, not with the first question: for who has other questions to come. */
  readonly loadsAhead: boolean
  /** A measuring run over a fresh index that is not kept. */
  readonly openEvaluation: () => Promise<Evaluation>
  /** The limits that all calls to an embedder share; undefined for one without limits. */
  readonly guardOf: (embedder: EmbedderIdentity) => Promise<CallGuard | undefined>
  /** List price of an embedder, if anybody knows. */
  readonly usdPerMillionTokens: (embedder: EmbedderIdentity) => number | undefined
  /** Called when the engine is closed, before its store is. */
  readonly onClose?: () => Promise<void>
  /** Monotonic milliseconds. */
  readonly clock: () => number
}
