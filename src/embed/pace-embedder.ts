import { tokensOf } from './batch.js'
import { type CallGuard, callGuarded } from './call-guarded.js'
import type { Embedder, EmbedInput } from './embedder.js'
import type { Cost } from './pace.js'

/**
 * The same embedder for somebody who waits, such as a searcher: its calls share limits and circuit breaker with all
 * others, go before those of indexing, and throw at once what waiting would take too long for: RATE_LIMITED, UNAVAILABLE
 * or QUOTA_EXHAUSTED. Makes one attempt.
 */
export function paceEmbedder(embedder: Embedder, guard: CallGuard): Embedder {
  return {
    identity: embedder.identity,
    maxBatch: embedder.maxBatch,
    maxInputTokens: embedder.maxInputTokens,
    semantic: embedder.semantic,
    relevanceRange: embedder.relevanceRange,
    embed: (inputs, options) =>
      callGuarded(() => embedder.embed(inputs, options), guard, {
        cost: costOf(inputs),
        patience: 'fail-fast',
        ...(options.signal && { signal: options.signal }),
      }),
  }
}

/** What a request for these texts uses up: each text counts as a request. */
export function costOf(inputs: readonly EmbedInput[]): Cost {
  return {
    requests: inputs.length,
    tokens: inputs.reduce((sum, input) => sum + tokensOf(input), 0),
  }
}
