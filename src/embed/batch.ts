import { estimateTokens } from '../text/estimate-tokens.js'
import type { EmbedInput } from './embedder.js'

/** What one request may hold. */
export type BatchLimits = {
  readonly maxCount: number
  readonly maxTokens?: number
  readonly maxBytes?: number
}

/** Consecutive inputs; `start` is the position of the first one in the whole list. */
export type Batch = { readonly start: number; readonly inputs: readonly EmbedInput[] }

/** A cap on one request's tokens that was reported for the embedding models; no document confirms it. */
const MAX_TOKENS = 20_000

/** The observed cap on a request's body is 4,194,304 bytes (2025); the rest is room for what is not counted here. */
const MAX_BYTES = 3_000_000

/** Model, task type, dimensions and punctuation of one entry. */
const ENTRY_BYTES = 300

/**
 * Splits inputs into batches that each fit one request by count, estimated tokens and bytes of JSON. Keeps the order and
 * loses nothing: an input that is too large by itself travels alone, and the service judges it. Pure.
 */
export function splitIntoBatches(inputs: readonly EmbedInput[], limits: BatchLimits): Batch[] {
  const { maxCount, maxTokens = MAX_TOKENS, maxBytes = MAX_BYTES } = limits
  const batches: Batch[] = []
  let start = 0
  let tokens = 0
  let bytes = 0
  inputs.forEach((input, index) => {
    const size = sizeOf(input)
    const full =
      index - start >= maxCount || tokens + size.tokens > maxTokens || bytes + size.bytes > maxBytes
    if (full && index > start) {
      batches.push({ start, inputs: inputs.slice(start, index) })
      start = index
      tokens = 0
      bytes = 0
    }
    tokens += size.tokens
    bytes += size.bytes
  })
  if (start < inputs.length) batches.push({ start, inputs: inputs.slice(start) })
  return batches
}

function sizeOf({ text, title = '' }: EmbedInput): { tokens: number; bytes: number } {
  return {
    tokens: estimateTokens(text) + (title === '' ? 0 : estimateTokens(title)),
    bytes: Buffer.byteLength(JSON.stringify(text)) + Buffer.byteLength(JSON.stringify(title)) + ENTRY_BYTES,
  }
}
