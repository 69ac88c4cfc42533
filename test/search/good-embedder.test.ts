import { describe, expect, test } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { meanMeasures, measureQuery } from '../../src/evaluate/metrics.js'
import { createRandom } from '../../src/evaluate/significance.js'
import { segmentWords } from '../../src/text/segment-words.js'
import { searcherOf, storeOf } from './small-index.js'

const CONCEPTS = 60
const DIMENSIONS = CONCEPTS + 1

/** Concepts by two names each: documents use the first or the second, queries any. */
const nameOf = (concept: number, form: number) =>
  `${form === 0 ? 'alpha' : 'omega'}${String.fromCharCode(97 + (concept % 26), 97 + Math.floor(concept / 26))}q`
const conceptOf = new Map(
  Array.from(
    { length: CONCEPTS * 2 },
    (_, i) => [nameOf(Math.floor(i / 2), i % 2), Math.floor(i / 2)] as const,
  ),
)

/** Knows which names mean the same. */
const embedder: Embedder = {
  identity: { provider: 'local', modelId: 'synonyms', dimensions: DIMENSIONS, roles: 'test/1' },
  maxBatch: 100,
  maxInputTokens: 1_000,
  semantic: true,
  relevanceRange: { unrelated: 0.2, related: 0.9 },
  embed: async (inputs) =>
    inputs.map(({ text }) => {
      const vector = new Float32Array(DIMENSIONS)
      vector[CONCEPTS] = 0.1
      for (const { word } of segmentWords(text)) {
        const at = conceptOf.get(word.toLowerCase())
        if (at !== undefined) vector[at] = 1
      }
      const norm = Math.hypot(...vector)
      return vector.map((value) => value / norm)
    }),
}

describe('a good embedder', () => {
  test('raises nDCG@10 of hybrid search by at least 0.05 over keywords', async () => {
    const random = createRandom(3)
    const pick = () => Math.floor(random() * CONCEPTS)
    const documents = Array.from({ length: 300 }, (_, i) => {
      const concepts = [pick(), pick(), pick()]
      // A number that only keywords tell apart.
      const words = concepts.map((concept) => nameOf(concept, random() < 0.5 ? 0 : 1))
      return {
        id: `d${i}`,
        concepts,
        number: `n${i % 40}`,
        passages: [`${words.join(' and ')} number n${i % 40}`],
      }
    })
    const store = await storeOf(documents, embedder)
    const searcher = searcherOf(store, embedder)
    const measure = async (mode: 'keyword' | 'hybrid') => {
      const all = []
      for (const { id, concepts, number } of documents.slice(0, 100)) {
        const query = `${concepts.map((concept, i) => nameOf(concept, i % 2)).join(' ')} ${number}`
        const ranked = await searcher.rankDocuments({ query, mode, limit: 10 })
        const run = new Map(ranked.map(({ documentId, score }) => [documentId, score]))
        all.push(
          measureQuery(new Map([[id, 1]]), run) ?? { ndcg10: 0, recall10: 0, recall100: 0, mrr10: 0, map: 0 },
        )
      }
      return meanMeasures(all).ndcg10
    }
    const [keyword, hybrid] = [await measure('keyword'), await measure('hybrid')]
    expect(hybrid - keyword).toBeGreaterThan(0.05)
  }, 60_000)
})
