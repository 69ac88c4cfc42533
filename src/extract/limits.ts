import type { ExtractLimits } from './extractor.js'

/**
 * What one file may cost. Libraries need about five times the inflated size of an office file, so 100 MB fit a worker of
 * 512 MB; text above 10 million characters is a dump, not a document. Pages are read for less time than a worker has, so that
 * those of a very long file are not lost with it.
 */
export const defaultExtractLimits: ExtractLimits = {
  maxChars: 10_000_000,
  maxInflatedBytes: 100_000_000,
  maxInflateRatio: 200,
  maxArchiveEntries: 10_000,
  maxParts: 2_000,
  maxParseMs: 12_000,
  maxNesting: 4,
  maxDepth: 500,
}
