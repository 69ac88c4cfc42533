import { checkVectors } from '../embed/check-vectors.js'
import type { Embedder, EmbedInput, EmbedOptions } from '../embed/embedder.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import type { EmbedRole } from '../types.js'
import type { GeminiClient } from './client.js'
import { isRecord } from './is-record.js'
import { checkDimensions, checkModelId, embeddingModelFacts } from './models.js'
import { throwNamingModels } from './name-models.js'
import { type EmbedEntry, wordRole } from './role-wording.js'

export type GeminiEmbedderOptions = {
  readonly client: GeminiClient
  readonly modelId: string
  /** Default 768, or what the model has. */
  readonly dimensions?: number
  /** For one request. Default 10 s when somebody waits for it (a query of any kind), else 30 s. */
  readonly deadlineMs?: number
}

/** The API's own limit: "at most 100 requests can be in one batch". */
const MAX_BATCH = 100

const DEADLINE_MS = 30_000
const INTERACTIVE_DEADLINE_MS = 10_000
const INTERACTIVE_ROLES: readonly EmbedRole[] = ['query', 'question', 'fact', 'code']

/**
 * Embeds with one of Google's models, of either generation. Throws BAD_CONFIG for a name or a number of dimensions that
 * cannot be sent; whether the model exists, the API says at the first call (MODEL_NOT_FOUND).
 *
 * One text goes the same way as a hundred, as a batch: one form of request and answer to get right, and a batch of one
 * costs the same quota as `embedContent`.
 */
export function createGeminiEmbedder(options: GeminiEmbedderOptions): Embedder {
  const { client } = options
  const modelId = checkModelId(options.modelId)
  const facts = embeddingModelFacts(modelId)
  const dimensions = checkDimensions(modelId, options.dimensions)
  const sized = facts.dimensions.settable ? { outputDimensionality: dimensions } : {}

  return {
    identity: { provider: 'gemini', modelId, dimensions, roles: facts.roles },
    maxBatch: MAX_BATCH,
    maxInputTokens: facts.maxInputTokens,
    semantic: true,
    relevanceRange: facts.relevanceRange,
    async embed(inputs: readonly EmbedInput[], { role, signal }: EmbedOptions) {
      throwIfAborted(signal)
      checkInputs(inputs)
      if (inputs.length === 0) return []
      const entries: EmbedEntry[] = inputs.map((input) => ({
        ...wordRole(input, role, facts.roles),
        ...sized,
      }))
      const deadlineMs =
        options.deadlineMs ?? (INTERACTIVE_ROLES.includes(role) ? INTERACTIVE_DEADLINE_MS : DEADLINE_MS)
      const embeddings = await client
        .batchEmbedContents(modelId, entries, { signal, deadlineMs })
        .catch((error) => throwNamingModels(nameText(error), client, 'embedContent'))
      const values = embeddings.map((embedding) => (isRecord(embedding) ? embedding.values : undefined))
      return checkVectors(values, inputs.length, dimensions)
    },
  }
}

/** Finds here what the API would answer to the whole batch without saying which text it means. */
function checkInputs(inputs: readonly EmbedInput[]): void {
  if (inputs.length > MAX_BATCH) {
    throw new GemdexError(
      'BAD_INPUT',
      `${inputs.length} texts are too many for one request: ${MAX_BATCH} at most`,
    )
  }
  const empty = inputs.findIndex((input) => input.text === '')
  if (empty >= 0) {
    throw new GemdexError('BAD_INPUT', `Text ${empty} is empty: there is nothing to embed`, {
      inputIndex: empty,
    })
  }
}

/** Says which text a refusal is about, when the API names what it holds. Other fields are the request's, not a text's. */
function nameText(thrown: unknown): unknown {
  if (!(thrown instanceof GemdexError) || thrown.code !== 'REQUEST_REFUSED') return thrown
  const { code, message, hint, field, cause } = thrown
  const index = /^requests\[(\d+)\]\.(content|title)/.exec(field ?? '')?.[1]
  if (index === undefined || field === undefined) return thrown
  return new GemdexError(code, message, {
    field,
    inputIndex: Number(index),
    cause,
    ...(hint !== undefined && { hint }),
  })
}
