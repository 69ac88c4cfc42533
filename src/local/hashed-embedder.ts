import type { Embedder, EmbedInput } from '../embed/embedder.js'
import { throwIfAborted } from '../errors.js'
import { contentTerms } from '../text/content-terms.js'
import { fnv1a } from '../text/fnv1a.js'

export const localModelId = 'local-lexical-v1'
const DIMENSIONS = 1024
const TITLE_WEIGHT = 2
const GRAM_WEIGHT = 0.5
const GRAM_CHARS = 4

/**
 * Vectors without a model: stems and character 4-grams hashed into 1,024 signed dimensions, weighed by the logarithm of
 * their count (feature hashing: Weinberger et al., ICML 2009). They know words, not meaning.
 */
export function createHashedEmbedder(): Embedder {
  return {
    identity: { provider: 'local', modelId: localModelId, dimensions: DIMENSIONS, roles: 'lexical/1' },
    maxBatch: 100,
    maxInputTokens: 1_000_000,
    semantic: false,
    // Among the sample documents, words that occur nowhere reach 0.14 by chance; misspelt ones 0.2 to 0.3.
    relevanceRange: { unrelated: 0.16, related: 0.8 },
    async embed(inputs, { signal }) {
      throwIfAborted(signal)
      return inputs.map(embedInput)
    },
  }
}

function embedInput(input: EmbedInput): Float32Array {
  const counts = new Map<string, number>()
  countFeatures(counts, input.text, 1)
  if (input.title !== undefined) countFeatures(counts, input.title, TITLE_WEIGHT)
  const vector = new Float32Array(DIMENSIONS)
  for (const [feature, count] of counts) {
    const weight = Math.log1p(count) * (feature.startsWith('#') ? GRAM_WEIGHT : 1)
    const hash = fnv1a(feature)
    const at = (hash >>> 1) % DIMENSIONS
    vector[at] = (vector[at] ?? 0) + (hash & 1 ? weight : -weight)
  }
  return toUnitLength(vector)
}

function countFeatures(counts: Map<string, number>, text: string, weight: number): void {
  const add = (feature: string) => counts.set(feature, (counts.get(feature) ?? 0) + weight)
  for (const { term } of contentTerms(text)) {
    add(term)
    const padded = `^${term}$`
    for (let i = 0; i + GRAM_CHARS <= padded.length; i++) add(`#${padded.slice(i, i + GRAM_CHARS)}`)
  }
}

/** A text without a single word still gets a vector, far from the others. */
function toUnitLength(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector)
  if (norm === 0) {
    vector[0] = 1
    return vector
  }
  return vector.map((value) => value / norm)
}
