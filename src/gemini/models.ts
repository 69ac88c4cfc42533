import { GemdexError } from '../errors.js'

/** How a model wants a text's role said; part of an index's identity, see `role-wording.ts`. */
export type RoleConvention = 'task-type/1' | 'text-prefix/1'

/** What gemdex knows of an embedding model. */
export type EmbeddingModelFacts = {
  readonly dimensions: {
    /** What gemdex asks for unless told otherwise. */
    readonly default: number
    readonly min: number
    readonly max: number
    /** False when the model has one size only and refuses to be asked. */
    readonly settable: boolean
  }
  readonly maxInputTokens: number
  readonly roles: RoleConvention
  /** Cosines of an unrelated and of a surely related pair. Starting values, to be calibrated with an evaluation. */
  readonly relevanceRange: { readonly unrelated: number; readonly related: number }
}

/**
 * 768 of gemini-embedding-001's 3072 dimensions cost it 0.2 points of MTEB (67.99 against 68.16 at 2048) and need a
 * quarter of the room (Google's embeddings guide).
 */
const COMPACT_DIMENSIONS = 768

const DEFAULT_EMBEDDING_MODEL: EmbeddingModelFacts = {
  dimensions: { default: COMPACT_DIMENSIONS, min: 1, max: 65_536, settable: true },
  maxInputTokens: 2048,
  roles: 'task-type/1',
  relevanceRange: { unrelated: 0.55, related: 0.8 },
}

/** Families by the start of their id, first match wins; Google's embeddings guide, November 2026. */
const EMBEDDING_MODELS: readonly { readonly ids: RegExp; readonly facts: EmbeddingModelFacts }[] = [
  {
    ids: /^gemini-embedding-2(-|$)/,
    facts: {
      dimensions: { default: COMPACT_DIMENSIONS, min: 128, max: 3072, settable: true },
      maxInputTokens: 8192,
      roles: 'text-prefix/1',
      relevanceRange: { unrelated: 0.35, related: 0.75 },
    },
  },
  {
    ids: /^gemini-embedding-001$/,
    facts: {
      ...DEFAULT_EMBEDDING_MODEL,
      dimensions: { ...DEFAULT_EMBEDDING_MODEL.dimensions, min: 128, max: 3072 },
    },
  },
  {
    ids: /^text-embedding-004$/,
    facts: { ...DEFAULT_EMBEDDING_MODEL, dimensions: { ...DEFAULT_EMBEDDING_MODEL.dimensions, max: 768 } },
  },
  {
    ids: /^embedding-001$/,
    facts: { ...DEFAULT_EMBEDDING_MODEL, dimensions: { default: 768, min: 768, max: 768, settable: false } },
  },
]

/**
 * What is known of an embedding model. A name is data: one that is not in the table, or that Google has retired, is
 * taken for a model of gemini-embedding-001's kind, and the API says whether it exists.
 */
export function embeddingModelFacts(modelId: string): EmbeddingModelFacts {
  return EMBEDDING_MODELS.find((family) => family.ids.test(modelId))?.facts ?? DEFAULT_EMBEDDING_MODEL
}

/** Input tokens of text models by the start of their id, first match wins; for others see `DEFAULT_INPUT_TOKENS`. */
const INPUT_TOKENS: readonly { readonly ids: RegExp; readonly tokens: number }[] = [
  { ids: /^gemini-(pro|1\.0)/, tokens: 30_720 },
  { ids: /^gemini-/, tokens: 1_048_576 },
]

/** For names that say nothing: what the smallest models in use take. */
const DEFAULT_INPUT_TOKENS = 30_720

/** How many tokens of prompt a text model takes. */
export function generationInputTokens(modelId: string): number {
  return INPUT_TOKENS.find((family) => family.ids.test(modelId))?.tokens ?? DEFAULT_INPUT_TOKENS
}

/**
 * The id without a leading `models/`. Throws BAD_CONFIG when it could change the URL that it becomes part of (the SDK
 * does not escape it).
 */
export function checkModelId(modelId: string): string {
  const id = modelId.trim().replace(/^models\//, '')
  if (/^(tunedModels\/)?[A-Za-z0-9][\w.-]*$/.test(id)) return id
  throw new GemdexError('BAD_CONFIG', `${JSON.stringify(modelId)} cannot be the name of a model`, {
    hint: 'Run `gemdex models` to see the names',
  })
}

/**
 * The dimensions to ask a model for: the given ones when the model can have them, else its default. Throws BAD_CONFIG
 * for a number that the model refuses.
 */
export function checkDimensions(modelId: string, dimensions: number | undefined): number {
  const { default: preferred, min, max } = embeddingModelFacts(modelId).dimensions
  if (dimensions === undefined) return preferred
  if (Number.isInteger(dimensions) && dimensions >= min && dimensions <= max) return dimensions
  throw new GemdexError('BAD_CONFIG', `${modelId} cannot give vectors of ${dimensions} dimensions`, {
    hint: min === max ? `It has ${max} dimensions` : `Choose a whole number from ${min} to ${max}`,
  })
}
