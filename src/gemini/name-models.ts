import { GemdexError } from '../errors.js'
import type { GeminiClient } from './client.js'
import { listModels } from './list-models.js'

const DEADLINE_MS = 5_000

/**
 * Throws what a call threw. When the model was not found, with the names of those that the key can use for the method: a
 * name may be retired, or not open to new projects.
 */
export async function throwNamingModels(
  thrown: unknown,
  client: GeminiClient,
  method: 'embedContent' | 'generateContent',
): Promise<never> {
  if (!(thrown instanceof GemdexError) || thrown.code !== 'MODEL_NOT_FOUND') throw thrown
  const models = await listModels(client, { deadlineMs: DEADLINE_MS }).catch(() => [])
  const usable = models.filter(({ methods }) => methods.includes(method)).map(({ id }) => id)
  if (usable.length === 0) throw thrown
  throw new GemdexError('MODEL_NOT_FOUND', `${thrown.message}; the key can use ${usable.join(', ')}`, {
    ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    cause: thrown.cause,
  })
}
