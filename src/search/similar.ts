import type { Embedder } from '../embed/embedder.js'
import { GemdexError } from '../errors.js'
import { passageId, type SearchScope, type Store, type StoredChunk } from '../store/store.js'
import type { SimilarHit } from '../types.js'
import { collapseAlike } from './collapse-alike.js'
import { makeSnippet } from './make-snippet.js'
import { parseFilter } from './parse-filter.js'
import { relevanceOf } from './relevance.js'
import { withinReach } from './search-request.js'

const DEPTHS = [200, 1000, 5000]

export type SimilarRequest = {
  readonly documentId: string
  /** One passage of it (from 0) instead of all. */
  readonly ordinal?: number
  /** 1 to 100, default 10. */
  readonly limit?: number
  readonly collection?: string
  /** Documents of other collections are not there. */
  readonly collections?: readonly string[]
  readonly filter?: unknown
  /** Shows near-duplicates of one another once, naming the others. */
  readonly collapse?: boolean
}

/**
 * The documents nearest to a document, or to one of its passages, by the vectors that are stored: nothing is embedded.
 * A document is compared by the mean of its passages' vectors, the others by their nearest passage. Throws BAD_INPUT,
 * NOT_FOUND for a passage that is not there, and STORE_FAILED for one without a vector.
 */
export async function findSimilar(
  store: Store,
  embedder: Embedder | undefined,
  request: SimilarRequest,
): Promise<SimilarHit[]> {
  const { documentId, limit = 10 } = request
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new GemdexError('BAD_INPUT', `limit must be a whole number from 1 to 100, not ${limit}`, {
      field: 'limit',
    })
  const query = await vectorOf(store, request)
  const filters = [
    ...(request.filter === undefined ? [] : [parseFilter(request.filter)]),
    ...(request.collections === undefined ? [] : [withinReach(request.collections)]),
  ].filter((filter) => filter !== undefined)
  const scope: SearchScope = {
    ...(request.collection === undefined ? {} : { collection: request.collection }),
    ...(filters.length === 0 ? {} : { filter: { op: 'and', of: filters } }),
  }
  // Near-duplicates take places of their own before they are collapsed.
  const wanted = request.collapse ? Math.min(100, limit * 5) : limit
  let found: { chunk: StoredChunk; score: number }[] = []
  for (const depth of DEPTHS) {
    const scored = await store.searchVectors(query, depth, scope)
    const scores = new Map(scored.map(({ chunkId, score }) => [chunkId, score]))
    const chunks = await store.getChunks(scored.map(({ chunkId }) => chunkId))
    const best = new Map<string, StoredChunk>()
    for (const chunk of chunks) {
      if (chunk.documentId !== documentId && !best.has(chunk.documentId)) best.set(chunk.documentId, chunk)
    }
    found = [...best.values()]
      .slice(0, wanted)
      .map((chunk) => ({ chunk, score: scores.get(chunk.chunkId) ?? 0 }))
    if (best.size >= wanted || scored.length < depth) break
  }
  const shown = request.collapse ? collapseAlike(found) : found.map((item) => ({ item, duplicates: [] }))
  return shown.slice(0, limit).map(({ item: { chunk, score }, duplicates }) => ({
    ...toHit(chunk, score, embedder),
    ...(duplicates.length === 0 ? {} : { duplicates: duplicates.map((other) => other.chunk.uri) }),
  }))
}

/** At unit length. */
async function vectorOf(store: Store, request: SimilarRequest): Promise<Float32Array> {
  const { documentId, ordinal = 0 } = request
  const chunkIds = (await store.chunkIdsOf(documentId)).slice(ordinal, ordinal + 1)
  if (chunkIds.length === 0)
    throw new GemdexError('NOT_FOUND', `The document ${documentId} has no passage ${ordinal}`)
  const vectors =
    request.ordinal === undefined ? await store.documentVectors([documentId]) : await store.vectors(chunkIds)
  const [vector] = vectors.values()
  if (vector === undefined)
    throw new GemdexError('STORE_FAILED', `The document ${documentId} has no vectors to compare with`, {
      hint: 'Run `gemdex index` again: it embeds what could not be embedded.',
    })
  return vector
}

function toHit(chunk: StoredChunk, score: number, embedder: Embedder | undefined): SimilarHit {
  return {
    id: passageId(chunk.documentId, chunk.ordinal),
    documentId: chunk.documentId,
    score: Number(score.toFixed(6)),
    relevance: Number(relevanceOf(0, score, embedder).toFixed(4)),
    title: chunk.title,
    uri: chunk.uri,
    collection: chunk.collection,
    location: chunk.location,
    ...makeSnippet(chunk.text, new Map(), chunk.language),
    metadata: chunk.metadata,
  }
}
