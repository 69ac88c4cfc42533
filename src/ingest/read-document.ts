import type { ExtractedFile, Skipped } from '../extract/extractor.js'
import { looksLikeSecret } from '../files/looks-like-secret.js'
import { readSourceFile } from '../files/read-file.js'
import type { FileState } from '../store/store.js'
import type { Metadata, SkipReason, SourceFile } from '../types.js'
import { describePictures } from './describe-pictures.js'
import type { Waiting } from './document-pipeline.js'
import type { PictureReader, ReadPictureOptions } from './picture-reader.js'
import type { PrepareDocument, PreparedDocument } from './prepare-document.js'
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
  readonly prepareDocument: PrepareDocument
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
  const prepared = await prepareFile(bytes, { ...source, fingerprint, contentHash }, options)
  return 'skipped' in prepared
    ? skip(prepared.skipped, prepared.message, fingerprint, contentHash)
    : { kind: 'documents', ...prepared }
}

/** A file whose bytes are there. */
export type FileContent = Pick<FileState, 'uri' | 'fingerprint' | 'contentHash'> & {
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** What is known of its own document besides what it says of itself; wins over that. */
  readonly title?: string
  readonly metadata?: Metadata
}

export type FileReadOptions = Omit<ReadOptions, 'root' | 'known' | 'force'>

export type PreparedFile = {
  /** Its documents, in order; the last one carries the file's state. */
  readonly waiting: readonly Waiting[]
  readonly file: FileState
}

/**
 * Makes documents of a file's bytes, or says why there are none. Throws CANCELLED, and what the reader of pictures throws.
 */
export async function prepareFile(
  bytes: Uint8Array,
  content: FileContent,
  options: FileReadOptions,
): Promise<PreparedFile | Skipped> {
  const { uri, fingerprint, contentHash } = content
  const secret = looksLikeSecret(bytes)
  if (secret !== undefined) return { skipped: 'SECRET', message: secret }
  const extracted = await extract(bytes, uri, options)
  if ('skipped' in extracted) return extracted
  const prepared = prepareParts(extracted, content, options)
  if (prepared.length === 0) return { skipped: 'NO_TEXT', message: 'it holds no text' }
  const file: FileState = {
    uri,
    fingerprint,
    contentHash: (extracted.unseenPictures ?? 0) > 0 ? withUnseen(contentHash) : contentHash,
    outcome: 'indexed',
    notices: extracted.notices,
  }
  const uris = prepared.map(({ document }) => document.uri)
  const waiting = prepared.map((each, i) =>
    i === prepared.length - 1 ? { ...each, file, siblings: uris.slice(0, i) } : each,
  )
  return { waiting, file }
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
  { extractFile, pictures, signal, onWait }: FileReadOptions,
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
  { uri, sizeBytes, modifiedMs, contentHash, title, metadata }: FileContent,
  { collection, prepareDocument }: Pick<ReadOptions, 'collection' | 'prepareDocument'>,
): PreparedDocument[] {
  return documents
    .map(({ part, ...extracted }) => {
      const source = { collection, fileUri: uri, sizeBytes, contentHash, modifiedMs }
      if (part !== undefined) return prepareDocument(extracted, { ...source, uri: `${uri}/${part}` })
      return prepareDocument(
        { ...extracted, metadata: { ...extracted.metadata, ...metadata } },
        { ...source, uri, ...(title === undefined ? {} : { title }) },
      )
    })
    .filter(({ chunks }) => chunks.length > 0)
}
