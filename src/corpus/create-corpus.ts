import type { Generator, SafetySetting } from '../answer/generator.js'
import type { Embedder, EmbedInput } from '../embed/embedder.js'
import { cosine } from '../search/diversify.js'
import { relevanceOf } from '../search/relevance.js'
import type { Store } from '../store/store.js'
import type { EmbedRole } from '../types.js'
import { type ClassifyReport, type ClassifyRequest, classify } from './classify/classify.js'
import { checkTwoTexts, type SimilarityReport, type SimilarityRequest } from './compare-two-texts.js'
import {
  type DuplicatesReport,
  type DuplicatesRequest,
  findDuplicates,
} from './duplicates/find-duplicates.js'
import { findTopics, type TopicsReport, type TopicsRequest } from './topics/find-topics.js'
import { keepTopics } from './topics/keep-topics.js'
import { createTopicTitler } from './topics/topic-titler.js'

/** What can be asked of an index as a whole. */
export interface Corpus {
  /** Documents and passages that are in the index more than once: equal, nearly so, or within others. */
  duplicates(request?: DuplicatesRequest): Promise<DuplicatesReport>
  /** What the documents are about, in two levels. */
  topics(request?: TopicsRequest): Promise<TopicsReport>
  /** Which label texts, or the documents of the index, have, by descriptions or examples. */
  classify(request: ClassifyRequest): Promise<ClassifyReport>
  /** How much two texts mean the same, to the embedder of the index. */
  similarity(request: SimilarityRequest): Promise<SimilarityReport>
}

export type CorpusDependencies = {
  readonly store: Store
  /** The index's embedder, or why there is none. */
  readonly embedder: () => Promise<Embedder | { readonly unavailable: string }>
  readonly embed: (request: {
    readonly inputs: readonly EmbedInput[]
    readonly role: EmbedRole
    readonly signal?: AbortSignal
  }) => Promise<{ readonly model: string; readonly vectors: readonly Float32Array[] }>
  readonly usdPerMillionTokens: (identity: Embedder['identity']) => number | undefined
  /** What writes titles; throws where there is none. */
  readonly generator: () => Generator
  readonly safety: readonly SafetySetting[]
  readonly randomMark: () => string
}

export function createCorpus(dependencies: CorpusDependencies): Corpus {
  const { store, embed, generator } = dependencies

  function titler() {
    const writer = generator()
    return writer.extractive ? undefined : createTopicTitler({ ...dependencies, generator: writer })
  }

  function embedAs(role: EmbedRole) {
    return async (inputs: readonly EmbedInput[], signal?: AbortSignal) =>
      (await embed({ inputs, role, ...(signal === undefined ? {} : { signal }) })).vectors
  }

  const topics = keepTopics(store, (request) =>
    findTopics({ ...dependencies, titler: titler(), embed: embedAs('clustering') }, request),
  )

  return {
    duplicates: (request = {}) => findDuplicates(store, request),

    topics: (request = {}) => topics(request),

    classify: (request) => classify({ ...dependencies, embed: embedAs('classification') }, request),

    async similarity({ texts, signal }) {
      checkTwoTexts(texts)
      const inputs = texts.map((text) => ({ text }))
      const { model, vectors } = await embed({
        inputs,
        role: 'similarity',
        ...(signal === undefined ? {} : { signal }),
      })
      const embedder = await dependencies.embedder()
      const known = 'unavailable' in embedder ? undefined : embedder
      const similarity = Number(cosine(vectors[0], vectors[1]).toFixed(6))
      return {
        similarity,
        relevance: Number(relevanceOf(0, similarity, known).toFixed(4)),
        by: known?.semantic === true ? 'vectors' : 'terms',
        model,
      }
    },
  }
}
