import type { CallGuard } from '../embed/call-guarded.js'
import type { Embedder } from '../embed/embedder.js'
import type { Store } from '../store/store.js'
import type { PictureReader } from './picture-reader.js'
import type { ExtractFile } from './read-document.js'
import type { IndexProgress } from './report.js'

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

/** A request's signal as an option, where it has one. */
export function signalOf({ signal }: IndexRequest): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
