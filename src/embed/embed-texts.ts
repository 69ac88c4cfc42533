import { GemdexError, throwIfAborted } from '../errors.js'
import { createEmbedQueue, type EmbedQueueOptions } from './embed-queue.js'
import type { Embedder, EmbedInput } from './embedder.js'

export type { EmbeddedText } from './embed-queue.js'

export type EmbedTextsOptions = Omit<EmbedQueueOptions, 'embedder' | 'onRefused'> & {
  /**
   * Told of each text (by its position in the list) that cannot be embedded, and why; its place in the result then holds
   * a vector of length 0. Without it, the first such text ends the whole.
   */
  readonly onRefused?: (index: number, reason: string) => void
}

const MAX_NAME_CHARS = 60

/**
 * Embeds any number of texts by an `EmbedQueue`. Gives one unit-length vector per input, in input order.
 *
 * When something fatal happens no further request is begun, those under way are let finish (they are paid for, and
 * `onBatch` gets them), and then the first error is thrown: CANCELLED when the signal aborts, REQUEST_REFUSED naming a text
 * that cannot be embedded, unless `onRefused` is there to take note of it.
 */
export async function embedTexts(
  embedder: Embedder,
  inputs: readonly EmbedInput[],
  options: EmbedTextsOptions,
): Promise<Float32Array[]> {
  const { onRefused, ...rest } = options
  throwIfAborted(options.signal)
  const queue = createEmbedQueue({
    ...rest,
    embedder,
    onRefused({ index, input }, reason) {
      if (onRefused === undefined) throw refusedText(index, input, reason)
      onRefused(index, reason)
    },
  })
  try {
    const outcomes = inputs.map((input) => queue.push(input))
    await queue.flush()
    const settled = await Promise.all(outcomes)
    return settled.map((outcome) => ('vector' in outcome ? outcome.vector : new Float32Array(0)))
  } finally {
    await queue.close()
  }
}

function refusedText(index: number, { text }: EmbedInput, reason: string): GemdexError {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  const name =
    line.length > MAX_NAME_CHARS
      ? `${Array.from(line)
          .slice(0, MAX_NAME_CHARS - 1)
          .join('')}…`
      : line
  return new GemdexError('REQUEST_REFUSED', `The text "${name}" cannot be embedded: ${reason}`, {
    hint: 'Change or remove the text; nothing is wrong with the others',
    inputIndex: index,
  })
}
