import type { Extracted, SkipReason } from '../types.js'

/** What is known of a file before it is parsed. */
export type FileSample = {
  /** File name or URI; only its ending is looked at. */
  readonly name: string
  /** The first bytes, at least 4 KiB where the file has them. */
  readonly head: Uint8Array
}

export type ExtractLimits = {
  /** Characters of extracted text above which the rest is cut off. */
  readonly maxChars: number
}

export type ExtractOptions = {
  readonly name: string
  readonly limits: ExtractLimits
  readonly signal?: AbortSignal
}

/** A file that cannot be read, as a result and not an exception: one bad file never stops a run. */
export type Skipped = { readonly skipped: SkipReason; readonly message: string }

/** Seam: reads one kind of file. Pure: bytes in, text with places out; no file system, no network. */
export interface Extractor {
  /** Short name for messages, such as `markdown`. */
  readonly format: string
  accepts(file: FileSample): boolean
  extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extracted | Skipped>
}

/** Tells the two results of `extract` (and of whatever else may skip a file) apart. */
export function isSkipped(result: object): result is Skipped {
  return 'skipped' in result
}
