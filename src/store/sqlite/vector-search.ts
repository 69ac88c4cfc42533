import type { Database } from 'better-sqlite3'
import type { ScoredChunk, VectorSearchOptions } from '../store.js'
import { openCandidatePool } from './codes/candidate-pool.js'
import { createCodeReader } from './codes/code-reader.js'
import { openCodeSpace, type SharedCodes } from './codes/code-space.js'
import { findNearest } from './codes/find-nearest.js'
import type { KernelChoice } from './codes/load-kernel.js'
import { type Marks, marksOf, putMarks } from './codes/mark-passages.js'
import { createVectorCoder } from './codes/vector-coder.js'
import { createVectorSetFinder, identityOf, mismatch } from './find-vector-set.js'
import type { IdSet } from './id-set.js'
import { toBlob } from './vector-blob.js'

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
 *
 * @param repairCodes Makes codes anew of which some are missing, in a transaction of its own.
 */
export function createVectorSearch(
  database: Database,
  { codes, lane, kernel }: CodeAccess,
  repairCodes?: () => void,
) {
  const space = openCodeSpace(codes, lane, kernel)
  const coder = createVectorCoder(space)
  const reader = createCodeReader(database, space, repairCodes)
  const sets = createVectorSetFinder(database)
  const ofAll = database.prepare<{ set: number; query: Buffer; limit: number }, ScoredChunk>(
    `SELECT cv.chunk_id AS chunkId, ${COSINE} AS score
     FROM chunk_vectors cv JOIN vectors v ON v.id = cv.vector_id
     WHERE cv.set_id = $set ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const ofThese = database.prepare<{ set: number; query: Buffer; limit: number; ids: string }, ScoredChunk>(
    `SELECT cv.chunk_id AS chunkId, ${COSINE} AS score
     FROM json_each($ids) wanted
     CROSS JOIN chunk_vectors cv ON cv.chunk_id = wanted.value AND cv.set_id = $set JOIN vectors v ON v.id = cv.vector_id
     ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const ofVectors = database
    .prepare<{ query: Buffer; ids: string }, [number, number]>(
      `SELECT v.id, ${COSINE} FROM json_each($ids) wanted CROSS JOIN vectors v ON v.id = wanted.value`,
    )
    .raw()
  /** Marks of sets of passages, as long as the codes stay as they are. */
  const known = new WeakMap<IdSet, { readonly version: number; readonly marks: Marks }>()

  function mark(passages: IdSet): void {
    const { version } = space
    const made = known.get(passages)
    const marks = made?.version === version ? made.marks : marksOf(space, reader.passages, passages.words)
    known.set(passages, { version, marks })
    putMarks(space, marks)
  }

  function byCodes(
    vector: Float32Array,
    query: Buffer,
    limit: number,
    passages: IdSet | undefined,
  ): ScoredChunk[] {
    if (passages !== undefined) mark(passages)
    const pool = openCandidatePool(space, coder.encodeQuery(vector), passages !== undefined)
    return findNearest(pool, limit, (ids) => new Map(ofVectors.all({ query, ids: JSON.stringify(ids) })))
  }

  /** In one snapshot. Undefined when another thread changed the codes meanwhile. */
  const attempt = database.transaction((search: () => ScoredChunk[]): ScoredChunk[] | undefined => {
    const state = reader.refresh()
    if (state === 'none') return []
    const version = space.version
    if (state !== 'current' || version % 2 === 1) return undefined
    const found = search()
    return space.version === version ? found : undefined
  })

  /** Compares with every one of these passages, or of all. */
  function byAll(
    set: number,
    query: Buffer,
    limit: number,
    ids: readonly number[] | undefined,
  ): ScoredChunk[] {
    return ids === undefined
      ? ofAll.all({ set, query, limit })
      : ofThese.all({ set, query, limit, ids: JSON.stringify(ids) })
  }

  return {
    /** Of the given passages, or of all: best first, equal ones by id. Retired vectors have no codes: all are compared. */
    search(
      vector: Float32Array,
      limit: number,
      passages: IdSet | undefined,
      { exact = false, among, of }: VectorSearchOptions,
    ): ScoredChunk[] {
      const { id: set, dimensions, state } = sets.require(of)
      if (of !== undefined && state === 'building') throw mismatch(identityOf(sets.require()), of)
      const query = toBlob(vector, dimensions)
      if (among !== undefined) {
        const ids = passages === undefined ? among : among.filter((id) => passages.has(id))
        return byAll(set, query, limit, ids)
      }
      if (exact || state === 'retired') return byAll(set, query, limit, passages?.ids())
      const search = () => byCodes(vector, query, limit, passages)
      for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
        const found = attempt(search)
        if (found !== undefined) return found
        reader.mend()
      }
      return space.exclusively(
        database.transaction(() => (reader.refreshExclusively() === 'none' ? [] : search())),
      )
    },
  }
}
