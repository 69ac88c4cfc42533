import { estimateTokens } from '../text/estimate-tokens.js'
import type { EmbedInput } from './embedder.js'

/** What one request may hold. */
export type BatchLimits = {
  readonly maxCount: number
  readonly maxTokens?: number
  readonly maxBytes?: number
}

/** A cap on one request's tokens that was reported for the embedding models; no document confirms it. */
export const MAX_BATCH_TOKENS = 20_000

/** The observed cap on a request's body is 4,194,304 bytes (2025); the rest is room for what is not counted here. */
export const MAX_BATCH_BYTES = 3_000_000

/** Model, task type, dimensions and punctuation of one entry. */
const ENTRY_BYTES = 300

/** What one input takes up in a request. */
export type InputSize = { readonly tokens: number; readonly bytes: number }

/** How many inputs, from the first on, fit one request; at least one, if there is any. */
export function countFitting(sizes: readonly InputSize[], limits: BatchLimits): number {
  const { maxCount, maxTokens = MAX_BATCH_TOKENS, maxBytes = MAX_BATCH_BYTES } = limits
  let tokens = 0
  let bytes = 0
  const tooMany = sizes.findIndex((size, index) => {
    tokens += size.tokens
    bytes += size.bytes
    return index > 0 && (index >= maxCount || tokens > maxTokens || bytes > maxBytes)
  })
  return tooMany < 0 ? sizes.length : tooMany
}

/** Estimated tokens that a text is charged for, its title included. */
export function tokensOf({ text, title = '' }: EmbedInput): number {
  return estimateTokens(text) + (title === '' ? 0 : estimateTokens(title))
}

export function sizeOf({ text, title = '' }: EmbedInput): InputSize {
  return {
    tokens: tokensOf({ text, title }),
    bytes: Buffer.byteLength(JSON.stringify(text)) + Buffer.byteLength(JSON.stringify(title)) + ENTRY_BYTES,
  }
}
