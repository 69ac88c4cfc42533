import { randomBytes } from 'node:crypto'
import type { GenerationSettings, Generator } from './answer/generator.js'
import { paceGenerator } from './answer/pace-generator.js'
import type { RequireClient } from './compose-gemini.js'
import { type Config, generatorProvider } from './config.js'
import type { CallGuard } from './embed/call-guarded.js'
import { createCircuitBreaker } from './embed/circuit-breaker.js'
import { createPacer, GENERATION_PACE } from './embed/pace.js'
import { quotaDay } from './embed/quota-day.js'
import { createGeminiGenerator } from './gemini/generator.js'
import { generationPrice, type PriceOverrides } from './gemini/prices.js'
import type { PictureReader } from './ingest/picture-reader.js'
import { createExtractiveGenerator } from './local/extractive-generator.js'
import type { Store } from './store/store.js'
import type { Usage } from './types.js'

/** By the price of the day. Quoting without a model is free. */
export function withPrice(usage: Usage, config: Config, prices: PriceOverrides | undefined): Usage {
  const price =
    generatorProvider(config) === 'local'
      ? { input: 0, output: 0 }
      : generationPrice(config.model, new Date(), prices)
  if (price === undefined) return usage
  const written = usage.answerTokens + usage.thinkingTokens
  return { ...usage, priceUsd: (usage.promptTokens * price.input + written * price.output) / 1_000_000 }
}

export function generationSettings(config: Config): GenerationSettings {
  const names = ['maxOutputTokens', 'stopSequences', 'candidates', 'temperature', 'topP', 'topK'] as const
  return Object.fromEntries(
    names.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])),
  )
}

/** What writes answers and what describes pictures: one model, made when first needed, whose limits both share. */
export function composeGeneration(
  config: Config,
  requireClient: RequireClient,
  store: Store,
  price: (usage: Usage) => Usage,
  observe: (generator: Generator) => Generator,
): { generator: () => Generator; openPictures: () => Promise<PictureReader | undefined> } {
  const { model } = config
  const isLocal = generatorProvider(config) === 'local'
  let generator: Generator | undefined
  let guard: Promise<CallGuard> | undefined
  const gemini = (what: string) =>
    observe(createGeminiGenerator({ client: requireClient(what), modelId: model }))

  const makeGuard = async (): Promise<CallGuard> => {
    const day = quotaDay(Date.now())
    const used = (await store.usage()).find((usage) => usage.model === model && usage.day === day)
    return {
      pacer: createPacer({
        name: model,
        told: { perMinute: config.rpm, tokensPerMinute: config.tpm, perDay: config.rpd },
        assumed: GENERATION_PACE,
        usedToday: { day, requests: used?.requests ?? 0 },
      }),
      breaker: createCircuitBreaker({ name: model }),
    }
  }
  const guardOf = () => (guard ??= makeGuard())

  return {
    generator: () =>
      (generator ??= isLocal
        ? observe(createExtractiveGenerator())
        : paceGenerator(gemini(`Answering with ${model} needs a key`), guardOf)),
    async openPictures() {
      if (isLocal) return undefined
      const { createPictureReader } = await import('./ingest/picture-reader.js')
      return createPictureReader({
        generator: gemini(`Describing pictures with ${model} needs a key`),
        guard: await guardOf(),
        safety: config.safety ?? [],
        withPrice: price,
      })
    },
  }
}

/** A word that nobody can guess, which passages are marked with in a prompt. */
export function randomMark(): string {
  return randomBytes(9).toString('base64url')
}
