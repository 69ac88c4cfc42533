import { type Config, newIndexProvider } from './config.js'
import type { Embedder } from './embed/embedder.js'
import { GemdexError } from './errors.js'
import type { QueryEmbedder } from './search/open-lists.js'
import type { IndexIdentity } from './store/store.js'

/** Makes the adapters; throws KEY_MISSING when there is no key for Gemini. */
export type EmbedderFactory = {
  readonly local: () => Embedder
  readonly gemini: (modelId: string, dimensions: number | undefined) => Embedder
}

/**
 * The embedder to write an index with. An existing index decides; settings and key decide for a new one only. Throws
 * INDEX_MISMATCH when a setting contradicts the index, KEY_MISSING when the index needs a key that is not there.
 */
export function chooseEmbedder(
  config: Config,
  identity: IndexIdentity | undefined,
  make: EmbedderFactory,
): Embedder {
  if (identity === undefined) {
    return chooseForNewIndex(config, make)
  }
  refuseContradiction(config, identity)
  const { provider, modelId, dimensions } = identity.embedder
  const embedder = provider === 'local' ? make.local() : make.gemini(modelId, dimensions)
  if (embedder.identity.roles !== identity.embedder.roles || embedder.identity.modelId !== modelId) {
    throw new GemdexError(
      'INDEX_MISMATCH',
      `The index was made with ${nameOf(identity.embedder)}; this gemdex makes ${nameOf(embedder.identity)}`,
      { hint: '`gemdex migrate` brings the index to it; searches go on meanwhile.' },
    )
  }
  return embedder
}

function chooseForNewIndex(config: Config, make: EmbedderFactory): Embedder {
  if (newIndexProvider(config) === 'gemini') return make.gemini(config.embeddingModel, config.dimensions)
  return chooseLocal(config, make)
}

function chooseLocal(config: Config, make: EmbedderFactory): Embedder {
  const embedder = make.local()
  const { dimensions } = embedder.identity
  if (isSet(config, 'dimensions') && config.dimensions !== dimensions) {
    throw new GemdexError(
      'BAD_CONFIG',
      `The built-in lexical provider has vectors of ${dimensions} dimensions, not ${config.dimensions}`,
      {
        hint: 'Take the setting back, or set GOOGLE_API_KEY to embed with Gemini.',
        field: 'dimensions',
      },
    )
  }
  return embedder
}

/** The same for queries: what only lacks a key is no error, but leaves the search to keywords. */
export function chooseQueryEmbedder(
  config: Config,
  identity: IndexIdentity | undefined,
  make: EmbedderFactory,
): QueryEmbedder {
  if (identity !== undefined) refuseContradiction(config, identity)
  try {
    return chooseEmbedder(config, identity, make)
  } catch (error) {
    if (!(error instanceof GemdexError)) throw error
    return { unavailable: error.message }
  }
}

/**
 * The embedder that `migrate` brings an index to: the index's own, changed by what the settings ask for. Throws as making the
 * adapters does.
 */
export function chooseTarget(config: Config, { embedder }: IndexIdentity, make: EmbedderFactory): Embedder {
  const asksForModel = isSet(config, 'embeddingModel')
  const own = asksForModel ? 'gemini' : embedder.provider
  const provider = isSet(config, 'embedder') ? config.embedder : own
  if (provider === 'local') return chooseLocal(config, make)
  const stays =
    embedder.provider === 'gemini' && (!asksForModel || config.embeddingModel === embedder.modelId)
  if (!stays)
    return make.gemini(config.embeddingModel, isSet(config, 'dimensions') ? config.dimensions : undefined)
  return make.gemini(embedder.modelId, isSet(config, 'dimensions') ? config.dimensions : embedder.dimensions)
}

function refuseContradiction(config: Config, { embedder }: IndexIdentity): void {
  const wanted = [
    isSet(config, 'embedder') && config.embedder !== embedder.provider ? `embedder ${config.embedder}` : '',
    isSet(config, 'embeddingModel') &&
    config.embedder !== 'local' &&
    config.embeddingModel !== embedder.modelId
      ? `embedding model ${config.embeddingModel}`
      : '',
    isSet(config, 'dimensions') && config.dimensions !== embedder.dimensions
      ? `${config.dimensions} dimensions`
      : '',
  ].filter((part) => part !== '')
  if (wanted.length === 0) return
  throw new GemdexError(
    'INDEX_MISMATCH',
    `The settings ask for ${wanted.join(' and ')}, but the index was made with ${nameOf(embedder)}`,
    {
      hint: `Take the setting back to use this index, or bring the index to it with \`gemdex migrate${flagsOf(config)}\`.`,
    },
  )
}

/** The flags of `migrate` that say what the settings ask for. */
function flagsOf(config: Config): string {
  return [
    isSet(config, 'embedder') ? ` --embedder ${config.embedder}` : '',
    isSet(config, 'embeddingModel') && config.embedder !== 'local'
      ? ` --embedding-model ${config.embeddingModel}`
      : '',
    isSet(config, 'dimensions') ? ` --dimensions ${config.dimensions}` : '',
  ].join('')
}

function isSet(config: Config, name: 'embedder' | 'embeddingModel' | 'dimensions'): boolean {
  return (config.sources[name] ?? 'default') !== 'default'
}

function nameOf(embedder: IndexIdentity['embedder']): string {
  return `${embedder.modelId} (${embedder.dimensions} dimensions, roles ${embedder.roles})`
}
