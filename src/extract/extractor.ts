import type { Extracted, Metadata, Notice, Picture, SkipReason } from '../types.js'

/** What is known of a file before it is parsed. */
export type FileSample = {
  /** File name or URI; only its ending is looked at. */
  readonly name: string
  /** The first bytes, at least 4 KiB where the file has them. */
  readonly head: Uint8Array
}

/** What one file may cost. Counted over a file with all that is within it. */
export type ExtractLimits = {
  /** Characters of extracted text of one document above which the rest is cut off. */
  readonly maxChars: number
  /** Bytes that come out of compressed parts, in all. */
  readonly maxInflatedBytes: number
  /** How many times its compressed size a part may grow to, once it is above 4 MiB. */
  readonly maxInflateRatio: number
  /** Entries of an archive's directory. */
  readonly maxArchiveEntries: number
  /** Pages, slides, sheets or messages that are read of one file. */
  readonly maxParts: number
  /** Milliseconds after which no further page is begun; what was read until then is kept. */
  readonly maxParseMs: number
  /** How deep files may lie within files: 1 for the attachments of a mail. */
  readonly maxNesting: number
  /** How deep elements of XML and JSON may lie within one another. */
  readonly maxDepth: number
}

export type ExtractOptions = {
  readonly name: string
  readonly limits: ExtractLimits
  /** Whether a model will look at pictures: they are handed out then, also those that say nothing of themselves. */
  readonly pictures?: boolean
  readonly signal?: AbortSignal
}

/** A file that cannot be read, as a result and not an exception: one bad file never stops a run. */
export type Skipped = { readonly skipped: SkipReason; readonly message: string }

/** A file within a file: an attachment of a mail, a message of a mailbox. */
export type Attachment = {
  /** As the file names it; shown, and looked at for its ending. */
  readonly name: string
  readonly bytes: Uint8Array
  /** What the outer file says of it; the inner file's own words count more. */
  readonly metadata?: Metadata
}

/** What an extractor makes of a file: its text, which may be none where there are attachments or a picture. */
export type Extraction = Extracted & {
  readonly picture?: Picture
  readonly attachments?: readonly Attachment[]
  /** What was left out, for people. */
  readonly notices?: readonly Notice[]
}

/** A document of a file. `part` names it within the file; the file's own text has none. */
export type DocumentPart = Extracted & {
  readonly part?: string
  /** What a model is to look at; the text, which may be none, is what the picture says of itself. */
  readonly picture?: Picture
}

/** What a file holds: at least one document, the file's own first. */
export type ExtractedFile = {
  readonly documents: readonly DocumentPart[]
  /** Parts that are left out, and text that was cut at a limit. */
  readonly notices: readonly Notice[]
  /** Pictures that a model could look at and that were not asked for. */
  readonly unseenPictures?: number
}

/** Seam: reads one kind of file. Pure: bytes in, text with places out; no file system, no network. */
export interface Extractor {
  /** Short name for messages, such as `Markdown`. */
  readonly format: string
  /** Whether it runs in a worker process with limits: parsers of foreign formats can be made to run away. */
  readonly isIsolated: boolean
  accepts(file: FileSample): boolean
  /** Throws CANCELLED; a SkipError for a file that cannot be read; anything else counts as a file that is broken. */
  extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped>
}

/** Tells the two results of `extract` (and of whatever else may skip a file) apart. */
export function isSkipped(result: object): result is Skipped {
  return 'skipped' in result
}

/** Thrown deep inside a parser to skip the file. */
export class SkipError extends Error {
  readonly reason: SkipReason

  constructor(reason: SkipReason, message: string) {
    super(message)
    this.name = 'SkipError'
    this.reason = reason
  }
}
