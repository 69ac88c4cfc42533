import type { Database } from 'better-sqlite3'
import type { ScoredChunk, SearchScope } from '../store.js'
import { openCandidatePool } from './codes/candidate-pool.js'
import { createCodeReader } from './codes/code-reader.js'
import { openCodeSpace, type SharedCodes } from './codes/code-space.js'
import { findNearest } from './codes/find-nearest.js'
import type { KernelChoice } from './codes/load-kernel.js'
import { idSetOf, markDocuments } from './codes/mark-documents.js'
import { createVectorCoder } from './codes/vector-coder.js'
import { toBlob } from './vector-blob.js'
import { noVectorSet } from './vector-tables.js'

/** The codes that a connection searches, and its lane among the threads that do. */
export type CodeAccess = {
  readonly codes: SharedCodes
  readonly lane: number
  readonly kernel?: KernelChoice
}

/** Searches that met a change of the codes try again so often before they keep changes off. */
const MAX_ATTEMPTS = 3

const COSINE = '1 - vec_distance_cosine(v.vector, $query)'

export type VectorSearch = ReturnType<typeof createVectorSearch>

/**
 * The nearest passages by cosine, which sqlite-vec computes: of all of them, or of those that their codes in memory say
 * may be among the nearest.
 */
export function createVectorSearch(database: Database, { codes, lane, kernel }: CodeAccess) {
  const space = openCodeSpace(codes, lane, kernel)
  const coder = createVectorCoder(space)
  const reader = createCodeReader(database, space)
  const dimensionsOfSet = database
    .prepare<[], number>("SELECT dimensions FROM vector_sets WHERE state = 'active'")
    .pluck()
  const everywhere = database.prepare<
    { query: Buffer; limit: number; collection: string | null },
    ScoredChunk
  >(
    `SELECT cv.chunk_id AS chunkId, ${COSINE} AS score
     FROM vector_sets s JOIN chunk_vectors cv ON cv.set_id = s.id JOIN vectors v ON v.id = cv.vector_id
     WHERE s.state = 'active' AND ($collection IS NULL OR cv.chunk_id IN (
       SELECT k.id FROM chunks k JOIN documents d ON d.id = k.document_id
       JOIN collections c ON c.id = d.collection_id WHERE c.name = $collection))
     ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const ofVectors = database
    .prepare<{ query: Buffer; ids: string }, [number, number]>(
      `SELECT v.id, ${COSINE} FROM json_each($ids) wanted CROSS JOIN vectors v ON v.id = wanted.value`,
    )
    .raw()
  const documentsOf = database
    .prepare<[string], number>(
      'SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection_id WHERE c.name = ?',
    )
    .pluck()

  function byCodes(
    vector: Float32Array,
    query: Buffer,
    limit: number,
    { collection }: SearchScope,
  ): ScoredChunk[] {
    const isMarked = collection !== undefined
    if (isMarked && markDocuments(space, idSetOf(documentsOf.all(collection))) === 0) return []
    const pool = openCandidatePool(space, coder.encodeQuery(vector), isMarked)
    return findNearest(pool, limit, (ids) => new Map(ofVectors.all({ query, ids: JSON.stringify(ids) })))
  }

  /** Undefined when another thread changed the codes meanwhile. */
  function attempt(search: () => ScoredChunk[]): ScoredChunk[] | undefined {
    const state = reader.refresh()
    if (state === 'none') return []
    const version = space.version
    if (state === 'ahead' || version % 2 === 1) return undefined
    const found = search()
    return space.version === version ? found : undefined
  }

  return {
    /** Best first, equal ones by id. `exact` compares with every passage, whatever the codes say. */
    search(vector: Float32Array, limit: number, scope: SearchScope, exact: boolean): ScoredChunk[] {
      const dimensions = dimensionsOfSet.get()
      if (dimensions === undefined) throw noVectorSet()
      const query = toBlob(vector, dimensions)
      if (exact) return everywhere.all({ query, limit, collection: scope.collection ?? null })
      const search = () => byCodes(vector, query, limit, scope)
      for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
        const found = database.transaction(() => attempt(search))()
        if (found !== undefined) return found
      }
      return space.exclusively(
        database.transaction(() => (reader.refreshExclusively() === 'none' ? [] : search())),
      )
    },
  }
}
