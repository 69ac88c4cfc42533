import type { EmbedderIdentity } from '../embed/embedder.js'
import type { ExtractLimits, Skipped } from '../extract/extractor.js'
import { looksLikeSecret } from '../files/looks-like-secret.js'
import { readSourceFile } from '../files/read-file.js'
import type { FileState } from '../store/store.js'
import type { Extracted, SkipReason, SourceFile } from '../types.js'
import type { Waiting } from './document-pipeline.js'
import { prepareDocument } from './prepare-document.js'

export type ExtractFile = (
  bytes: Uint8Array,
  options: { readonly name: string; readonly limits: ExtractLimits; readonly signal?: AbortSignal },
) => Promise<Extracted | Skipped>

export type ReadOptions = {
  readonly root: string
  readonly collection: string
  /** What the index knows of the file. */
  readonly known: FileState | undefined
  /** Read it though its bytes are the same. */
  readonly force: boolean
  readonly embedder: EmbedderIdentity
  readonly extractFile: ExtractFile
  readonly limits: ExtractLimits
  readonly signal?: AbortSignal
}

/** What came of reading a file. */
export type ReadOutcome =
  | { readonly kind: 'document'; readonly waiting: Waiting }
  /** The same bytes as before. */
  | { readonly kind: 'same'; readonly file: FileState }
  | {
      readonly kind: 'skipped'
      readonly file: FileState & { readonly reason: SkipReason; readonly message: string }
    }
  /** Could not be read this time; what the index has of it stays. */
  | { readonly kind: 'kept'; readonly reason: SkipReason; readonly message: string }

/** Reads one file and cuts it into passages. Throws CANCELLED only; whatever is wrong with the file is an outcome. */
export async function readDocument(source: SourceFile, options: ReadOptions): Promise<ReadOutcome> {
  const { known } = options
  const { uri } = source
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const skip = (
    reason: SkipReason,
    message: string,
    fingerprint = source.fingerprint,
    contentHash = '',
  ): ReadOutcome => ({
    kind: 'skipped',
    file: { uri, fingerprint, contentHash, outcome: 'skipped', reason, message },
  })
  const read = await readSourceFile(source, options.root, signal)
  if ('skipped' in read) {
    const mayPass = read.skipped === 'unreadable' || read.skipped === 'vanished'
    if (!mayPass || known?.outcome !== 'indexed') return skip(read.skipped, read.message)
    // The fault may pass, and a file that is gone is removed by the next run.
    return { kind: 'kept', reason: read.skipped, message: read.message }
  }
  const { bytes, contentHash, fingerprint } = read
  const file: FileState = { uri, fingerprint, contentHash, outcome: 'indexed' }
  if (!options.force && known?.outcome === 'indexed' && known.contentHash === contentHash)
    return { kind: 'same', file }
  const secret = looksLikeSecret(bytes)
  if (secret !== undefined) return skip('secret', secret, fingerprint, contentHash)
  const extracted = await options.extractFile(bytes, { name: uri, limits: options.limits, ...signal })
  if ('skipped' in extracted) return skip(extracted.skipped, extracted.message, fingerprint, contentHash)
  const { collection } = options
  const { sizeBytes, modifiedMs } = source
  const prepared = prepareDocument(
    extracted,
    { collection, uri, sizeBytes, contentHash, modifiedMs },
    options.embedder,
  )
  if (prepared.chunks.length === 0) return skip('no-text', 'it holds no text', fingerprint, contentHash)
  return { kind: 'document', waiting: { ...prepared, file } }
}
