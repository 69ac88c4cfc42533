import type { Notice, SkipReason } from '../types.js'

/** A file that is not in the index, and why. */
export type SkippedFile = { readonly uri: string; readonly reason: SkipReason; readonly message: string }

/** Something that is missing of a file that is in the index. */
export type FileNotice = Notice & { readonly uri: string }

/** A passage that the embedder would not take, by its document, and why. */
export type RefusedText = { readonly uri: string; readonly message: string }

/** What a run did. Files are counted once, in exactly one of the first five. */
export type IndexReport = {
  readonly collection: string
  readonly root: string
  readonly indexed: number
  readonly unchanged: number
  /** Files not read this time by a passing fault, whose passages stay. */
  readonly kept: number
  readonly skipped: number
  readonly removed: number
  /** Left out by rules: .gitignore, .gemdexignore, hidden, node_modules, filters. */
  readonly ignored: number
  /**
   * Every file that is not in the index now, also those known from earlier runs; and those that could not be read this
   * time, whose passages stay.
   */
  readonly skippedFiles: readonly SkippedFile[]
  /** Of the files that are in the index: text cut at a limit, and parts that are left out. */
  readonly notices: readonly FileNotice[]
  /** Passages written, and how many texts were sent to the embedder for them. */
  readonly chunks: number
  readonly embedded: number
  /** Pictures that a model described. */
  readonly pictures: number
  /** Passages that the embedder refused: found by keywords only. */
  readonly refused: readonly RefusedText[]
  readonly tookMs: number
  /** Things worth telling that are not errors. */
  readonly notes: readonly string[]
}

export type IndexProgress =
  | { readonly type: 'found'; readonly files: number; readonly toRead: number }
  | { readonly type: 'embedded'; readonly texts: number; readonly tokens: number; readonly priceUsd: number }
  /** A model has described a picture. */
  | { readonly type: 'described'; readonly tokens: number; readonly priceUsd: number }
  /** Nothing is sent until `untilMs` (milliseconds since 1970). */
  | { readonly type: 'waiting'; readonly untilMs: number; readonly reason: 'rate-limit' | 'unavailable' }
  | { readonly type: 'indexed'; readonly uri: string; readonly chunks: number }
  | ({ readonly type: 'skipped' } & SkippedFile)

/** Reasons under which a file was meant to be readable: a run with one of these ends with exit code 3. */
const FAULTS: ReadonlySet<SkipReason> = new Set<SkipReason>([
  'PARSE_ERROR',
  'TYPE_MISMATCH',
  'ENCODING',
  'XML_FORBIDDEN',
  'ARCHIVE_BOMB',
  'TOO_LARGE',
  'TOO_DEEP',
  'TIMEOUT',
  'PERMISSION',
  'PATH_TOO_LONG',
  'NAME_ENCODING',
])

/** The files that should have been readable and were not. */
export function failedFiles(report: IndexReport): SkippedFile[] {
  return report.skippedFiles.filter((file) => FAULTS.has(file.reason))
}
