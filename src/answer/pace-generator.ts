import { type CallGuard, callGuarded } from '../embed/call-guarded.js'
import { estimateTokens } from '../text/estimate-tokens.js'
import type { GeneratePart, Generator } from './generator.js'

/** A generator that keeps to its model's limits. Until the first part is there, a call counts as under way. */
export function paceGenerator(generator: Generator, guard: CallGuard): Generator {
  return {
    modelId: generator.modelId,
    maxInputTokens: generator.maxInputTokens,
    extractive: generator.extractive,
    async *generate(request, { signal }) {
      const abort = signal === undefined ? {} : { signal }
      const texts = [request.system, ...request.messages.map(({ text }) => text)]
      const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
      let parts: AsyncIterator<GeneratePart> | undefined
      const start = async () => {
        parts = generator.generate(request, abort)[Symbol.asyncIterator]()
        return parts.next()
      }
      const first = await callGuarded(start, guard, {
        cost: { requests: 1, tokens },
        patience: 'fail-fast',
        ...abort,
      })
      try {
        for (let next = first; !next.done; next = (await parts?.next()) ?? { done: true, value: undefined })
          yield next.value
      } finally {
        await parts?.return?.()
      }
    },
  }
}
