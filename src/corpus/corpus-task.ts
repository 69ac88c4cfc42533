import type { CorpusPassage, CorpusProgress } from './corpus-passage.js'

/** A step over the whole corpus, as its thread runs it: all passages first, then the result. */
export interface CorpusTask<Result> {
  /** Takes passages in the order of the store. */
  add(passages: readonly CorpusPassage[]): void
  /** What comes of all that was added. May take long, and tells of it. */
  finish(report: (progress: CorpusProgress) => void): Result
}
