import type { EmbedRole } from '../types.js'

/** One text to embed. `title` is used for the role `document` only. */
export type EmbedInput = { readonly text: string; readonly title?: string }

export type EmbedOptions = { readonly role: EmbedRole; readonly signal?: AbortSignal }

/** What makes two embedders' vectors comparable; kept with the index, never mixed. */
export type EmbedderIdentity = {
  readonly provider: 'gemini' | 'local'
  readonly modelId: string
  readonly dimensions: number
  /** How roles and titles are said to the model, with a version: `task-type/1`, `text-prefix/1`, `lexical/1`. */
  readonly roles: string
}

/**
 * Seam: turns texts into vectors.
 *
 * `embed` gives one unit-length vector of `identity.dimensions` per input, in input order, or throws a GemdexError; it
 * never gives fewer. It sends at most one request: callers split by `maxBatch` and `maxInputTokens`.
 *
 * Errors say what they can: BadVectorsError carries the vectors that are good; REQUEST_REFUSED has `inputIndex` when one
 * text is at fault, `field` `payload` when the request is too large, another `field` when it is wrong whatever the texts
 * are, and none of them when that is not known.
 */
export interface Embedder {
  readonly identity: EmbedderIdentity
  readonly maxBatch: number
  /** Estimated tokens of one input beyond which the model would cut it. */
  readonly maxInputTokens: number
  /** False for vectors that only know words, which then weigh less than keywords do. */
  readonly semantic: boolean
  /** Cosines at which a passage counts as unrelated (relevance 0) and as surely related (relevance 1). */
  readonly relevanceRange: { readonly unrelated: number; readonly related: number }
  embed(inputs: readonly EmbedInput[], options: EmbedOptions): Promise<Float32Array[]>
}
