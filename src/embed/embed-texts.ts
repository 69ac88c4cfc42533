import pLimit from 'p-limit'
import { throwIfAborted } from '../errors.js'
import type { EmbedRole } from '../types.js'
import { type Batch, type BatchLimits, splitIntoBatches } from './batch.js'
import type { Embedder, EmbedInput } from './embedder.js'
import { type RetryOptions, withRetry } from './retry.js'

/** A vector and the position of its text in the list that was given. */
export type EmbeddedText = { readonly index: number; readonly vector: Float32Array }

export type EmbedTextsOptions = {
  readonly role: EmbedRole
  readonly signal?: AbortSignal
  /** Requests under way at the same time. Default 4. */
  readonly concurrency?: number
  /**
   * Called with each batch as soon as it is there, in whatever order they come, so that it can be kept at once. The
   * next call does not wait for the last one's promise; a throw ends the whole.
   */
  readonly onBatch?: (embeddings: readonly EmbeddedText[]) => void | Promise<void>
  readonly limits?: Omit<BatchLimits, 'maxCount'>
  readonly retry?: Omit<RetryOptions, 'signal'>
}

const CONCURRENCY = 4

/**
 * Embeds any number of texts: in batches that fit a request, each tried again when that may help. Gives one unit-length
 * vector per input, in input order.
 *
 * When a batch fails for good, no further one is begun, those under way are let finish (they are paid for, and `onBatch`
 * gets them), and then the first error is thrown. Throws CANCELLED when the signal aborts.
 */
export async function embedTexts(
  embedder: Embedder,
  inputs: readonly EmbedInput[],
  options: EmbedTextsOptions,
): Promise<Float32Array[]> {
  const { signal, concurrency = CONCURRENCY } = options
  throwIfAborted(signal)
  const batches = splitIntoBatches(inputs, { ...options.limits, maxCount: embedder.maxBatch })
  const vectors: Float32Array[] = new Array(inputs.length)
  const failures: unknown[] = []

  // Stops waits and further batches; requests under way heed the caller's signal alone.
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort, { once: true })

  const limit = pLimit(concurrency)
  const run = async (batch: Batch) => {
    if (stop.signal.aborted) return
    try {
      for (const { index, vector } of await embedBatch(embedder, batch, options, stop.signal))
        vectors[index] = vector
    } catch (error) {
      failures.push(error)
      stop.abort()
    }
  }
  try {
    await Promise.all(batches.map((batch) => limit(run, batch)))
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
  if (failures.length > 0) throw failures[0]
  throwIfAborted(signal)
  return vectors
}

async function embedBatch(
  embedder: Embedder,
  batch: Batch,
  { role, signal, onBatch, retry }: EmbedTextsOptions,
  stopSignal: AbortSignal,
): Promise<EmbeddedText[]> {
  const request = { role, ...(signal && { signal }) }
  const vectors = await withRetry(() => embedder.embed(batch.inputs, request), {
    ...retry,
    signal: stopSignal,
  })
  const embeddings = vectors.map((vector, offset) => ({ index: batch.start + offset, vector }))
  await onBatch?.(embeddings)
  return embeddings
}
