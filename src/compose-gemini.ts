import type { EmbedderFactory } from './choose-embedder.js'
import type { Config } from './config.js'
import type { CallGuard } from './embed/call-guarded.js'
import { createCircuitBreaker } from './embed/circuit-breaker.js'
import type { Embedder, EmbedderIdentity } from './embed/embedder.js'
import { createPacer, EMBEDDING_PACE } from './embed/pace.js'
import { quotaDay } from './embed/quota-day.js'
import { GemdexError } from './errors.js'
import { createGeminiClient, type GeminiClient } from './gemini/client.js'
import { createGeminiEmbedder } from './gemini/embedder.js'
import { type PriceOverrides, parsePrices } from './gemini/prices.js'
import { createHashedEmbedder } from './local/hashed-embedder.js'
import { settings } from './settings.js'
import type { Store } from './store/store.js'

/** Gives the client; throws KEY_MISSING, saying what it is needed for, when there is no key. */
export type RequireClient = (what: string) => GeminiClient

/** The way to Gemini: a client made when first needed, so that everything else works without a key. */
export function composeGemini(
  config: Config,
  observe: (embedder: Embedder) => Embedder = (embedder) => embedder,
): { requireClient: RequireClient; make: EmbedderFactory } {
  let client: GeminiClient | undefined
  const requireClient: RequireClient = (what) => {
    client ??= createGeminiClient(geminiOptions(config, what))
    return client
  }
  const make: EmbedderFactory = {
    local: () => observe(createHashedEmbedder()),
    gemini: (modelId, dimensions) =>
      observe(
        createGeminiEmbedder({
          client: requireClient(`Embedding with ${modelId} needs a key`),
          modelId,
          ...(dimensions === undefined ? {} : { dimensions }),
        }),
      ),
  }
  return { requireClient, make }
}

function geminiOptions(config: Config, what: string) {
  if (config.apiKey === undefined) {
    throw new GemdexError('KEY_MISSING', `${what}: set GOOGLE_API_KEY`, {
      hint: 'Get a key at Google AI Studio and set GOOGLE_API_KEY (or GEMINI_API_KEY).',
    })
  }
  return {
    apiKey: config.apiKey,
    ...(config.geminiBaseUrl === undefined ? {} : { baseUrl: config.geminiBaseUrl }),
  }
}

/** One limiter and one circuit breaker for each embedding model of the API, with what the index knows of today's use. */
export function guardsOf(
  config: Config,
  store: Store,
): (embedder: EmbedderIdentity) => Promise<CallGuard | undefined> {
  const guards = new Map<string, CallGuard>()
  return async ({ provider, modelId }) => {
    if (provider === 'local') return undefined
    const today = quotaDay(Date.now())
    const used = (await store.usage()).find(({ model, day }) => model === modelId && day === today)
    const guard = guards.get(modelId) ?? {
      pacer: createPacer({
        name: modelId,
        told: { perMinute: config.embedRpm, tokensPerMinute: config.embedTpm, perDay: config.embedRpd },
        assumed: EMBEDDING_PACE,
        usedToday: { day: today, requests: used?.texts ?? 0 },
      }),
      breaker: createCircuitBreaker({ name: modelId }),
    }
    guards.set(modelId, guard)
    return guard
  }
}

/** Throws BAD_CONFIG naming the setting as whoever set it knows it. */
export function pricesOf({ prices, sources }: Config): PriceOverrides | undefined {
  const [variable = 'prices'] = settings.prices.env
  return prices === undefined
    ? undefined
    : parsePrices(prices, sources.prices === 'environment' ? variable : 'prices')
}
