import type { EmbedderIdentity } from '../embed/embedder.js'
import type { ExtractedFile, Skipped } from '../extract/extractor.js'
import { looksLikeSecret } from '../files/looks-like-secret.js'
import { readSourceFile } from '../files/read-file.js'
import type { FileState } from '../store/store.js'
import type { SkipReason, SourceFile } from '../types.js'
import { describePictures } from './describe-pictures.js'
import type { Waiting } from './document-pipeline.js'
import type { PictureReader, ReadPictureOptions } from './picture-reader.js'
import { type PreparedDocument, prepareDocument } from './prepare-document.js'
import { withUnseen } from './unseen.js'

export type ExtractFile = (
  bytes: Uint8Array,
  options: { readonly name: string; readonly pictures?: boolean; readonly signal?: AbortSignal },
) => Promise<ExtractedFile | Skipped>

export type ReadOptions = {
  readonly root: string
  readonly collection: string
  /** What the index knows of the file. */
  readonly known: FileState | undefined
  /** Read it though its bytes are the same. */
  readonly force: boolean
  readonly embedder: EmbedderIdentity
  readonly extractFile: ExtractFile
  /** Looks at pictures; none when they are to be left out. */
  readonly pictures?: PictureReader
  readonly onWait?: ReadPictureOptions['onWait']
  readonly signal?: AbortSignal
}

/** What came of reading a file. */
export type ReadOutcome =
  /** Its documents, in order; the last one carries the file's state. */
  | { readonly kind: 'documents'; readonly waiting: readonly Waiting[]; readonly file: FileState }
  /** The same bytes as before. */
  | { readonly kind: 'same'; readonly file: FileState }
  | {
      readonly kind: 'skipped'
      readonly file: FileState & { readonly reason: SkipReason; readonly message: string }
    }
  /** Could not be read this time; what the index has of it stays. */
  | { readonly kind: 'kept'; readonly uri: string; readonly reason: SkipReason; readonly message: string }

/**
 * Reads one file and cuts it into passages. Whatever is wrong with the file is an outcome. Throws CANCELLED, and what the reader
 * of pictures throws.
 */
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
    const mayPass = read.skipped === 'PERMISSION' || read.skipped === 'NOT_FOUND'
    if (!mayPass || known?.outcome !== 'indexed') return skip(read.skipped, read.message)
    // The fault may pass, and a file that is gone is removed by the next run.
    return { kind: 'kept', uri, reason: read.skipped, message: read.message }
  }
  const { bytes, contentHash, fingerprint } = read
  if (!options.force && known?.outcome === 'indexed' && isKnown(known, contentHash, options))
    return { kind: 'same', file: { ...known, fingerprint } }
  const secret = looksLikeSecret(bytes)
  if (secret !== undefined) return skip('SECRET', secret, fingerprint, contentHash)
  const extracted = await extract(bytes, uri, options)
  if ('skipped' in extracted) return skip(extracted.skipped, extracted.message, fingerprint, contentHash)
  const prepared = prepareParts(extracted, source, contentHash, options)
  const { notices } = extracted
  const file: FileState = {
    uri,
    fingerprint,
    contentHash: (extracted.unseenPictures ?? 0) > 0 ? withUnseen(contentHash) : contentHash,
    outcome: 'indexed',
    notices,
  }
  if (prepared.length === 0) return skip('NO_TEXT', 'it holds no text', fingerprint, contentHash)
  const uris = prepared.map(({ document }) => document.uri)
  const waiting = prepared.map((each, i) =>
    i === prepared.length - 1 ? { ...each, file, siblings: uris.slice(0, i) } : each,
  )
  return { kind: 'documents', waiting, file }
}

function isKnown(known: FileState, contentHash: string, { pictures }: ReadOptions): boolean {
  return (
    known.contentHash === contentHash ||
    (pictures === undefined && known.contentHash === withUnseen(contentHash))
  )
}

async function extract(
  bytes: Uint8Array,
  name: string,
  { extractFile, pictures, signal, onWait }: ReadOptions,
): Promise<ExtractedFile | Skipped> {
  const abort = signal === undefined ? {} : { signal }
  if (pictures === undefined) return extractFile(bytes, { name, ...abort })
  const extracted = await extractFile(bytes, { name, pictures: true, ...abort })
  if ('skipped' in extracted) return extracted
  return describePictures(extracted, pictures, { ...abort, ...(onWait === undefined ? {} : { onWait }) })
}

/** Each document of a file as it is to be stored; those that hold nothing to cut are left out. */
function prepareParts(
  { documents }: ExtractedFile,
  { uri, sizeBytes, modifiedMs }: SourceFile,
  contentHash: string,
  { collection, embedder }: ReadOptions,
): PreparedDocument[] {
  return documents
    .map(({ part, ...extracted }) =>
      prepareDocument(
        extracted,
        {
          collection,
          uri: part === undefined ? uri : `${uri}/${part}`,
          fileUri: uri,
          sizeBytes,
          contentHash,
          modifiedMs,
        },
        embedder,
      ),
    )
    .filter(({ chunks }) => chunks.length > 0)
}
