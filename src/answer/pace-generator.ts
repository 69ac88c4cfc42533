import { type CallGuard, callGuarded } from '../embed/call-guarded.js'
import { estimateTokens } from '../text/estimate-tokens.js'
import type { GeneratePart, GenerateRequest, Generator } from './generator.js'

/** Of an image, or a tile of a large one, on older models; no page says more of newer ones. */
const IMAGE_TOKENS = 258

/**
 * A generator that keeps to its model's limits, which are asked for with each call. Until the first part is there, a call
 * counts as under way.
 */
export function paceGenerator(generator: Generator, guardOf: () => Promise<CallGuard>): Generator {
  return {
    ...generator,
    async *generate(request, { signal }) {
      const abort = signal === undefined ? {} : { signal }
      const tokens = countTokens(request)
      let parts: AsyncIterator<GeneratePart> | undefined
      const start = async () => {
        parts = generator.generate(request, abort)[Symbol.asyncIterator]()
        return parts.next()
      }
      const first = await callGuarded(start, await guardOf(), {
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

function countTokens({ system, messages }: GenerateRequest): number {
  return messages.reduce(
    (sum, { text, images = [] }) => sum + estimateTokens(text) + images.length * IMAGE_TOKENS,
    estimateTokens(system),
  )
}
