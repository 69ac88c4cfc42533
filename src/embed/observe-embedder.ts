import { toGemdexError } from '../errors.js'
import type { Observer } from '../observer.js'
import { tokensOf } from './batch.js'
import type { Embedder } from './embedder.js'

/** The same embedder, its calls told of: time (of queries: what is indexed has nobody waiting for it), tokens and faults. */
export function observeEmbedder(
  embedder: Embedder,
  observer: Observer,
  usdPerMillionTokens: number | undefined,
): Embedder {
  const { modelId } = embedder.identity
  return {
    identity: embedder.identity,
    maxBatch: embedder.maxBatch,
    maxInputTokens: embedder.maxInputTokens,
    semantic: embedder.semantic,
    relevanceRange: embedder.relevanceRange,
    async embed(inputs, options) {
      const started = performance.now()
      try {
        const vectors = await embedder.embed(inputs, options)
        const tokens = inputs.reduce((sum, input) => sum + tokensOf(input), 0)
        const price =
          usdPerMillionTokens === undefined ? undefined : (tokens / 1_000_000) * usdPerMillionTokens
        observer.spent(modelId, 'embedded', tokens, price)
        return vectors
      } catch (thrown) {
        observer.failed(modelId, toGemdexError(thrown).code)
        throw thrown
      } finally {
        if (options.role !== 'document') observer.tookMs('embed', performance.now() - started)
      }
    },
  }
}
