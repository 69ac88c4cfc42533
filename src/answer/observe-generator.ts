import { toGemdexError } from '../errors.js'
import type { Observer } from '../observer.js'
import type { Usage } from '../types.js'
import type { Generator } from './generator.js'

/** What a call cost by list prices; undefined when nobody knows. */
export type PriceOf = (usage: Usage) => number | undefined

/** The same generator, its calls told of: time to their end, tokens and faults. */
export function observeGenerator(generator: Generator, observer: Observer, priceOf: PriceOf): Generator {
  const { modelId } = generator
  return {
    ...generator,
    async *generate(request, options) {
      const started = performance.now()
      try {
        for await (const part of generator.generate(request, options)) {
          if (part.type === 'finish' && part.usage !== undefined) {
            const { promptTokens, answerTokens, thinkingTokens } = part.usage
            observer.spent(modelId, 'prompt', promptTokens, priceOf(part.usage))
            observer.spent(modelId, 'answer', answerTokens)
            observer.spent(modelId, 'thinking', thinkingTokens)
          }
          yield part
        }
      } catch (thrown) {
        observer.failed(modelId, toGemdexError(thrown).code)
        throw thrown
      } finally {
        observer.tookMs('generate', performance.now() - started)
      }
    },
  }
}
