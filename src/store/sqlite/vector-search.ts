import type { Database } from 'better-sqlite3'
import type { ScoredChunk, VectorSearchOptions } from '../store.js'
import { openCandidatePool } from './codes/candidate-pool.js'
import { createCodeReader } from './codes/code-reader.js'
import { openCodeSpace, type SharedCodes } from './codes/code-space.js'
import { findNearest } from './codes/find-nearest.js'
import type { KernelChoice } from './codes/load-kernel.js'
import { type Marks, marksOf, putMarks } from './codes/mark-passages.js'
import { createVectorCoder } from './codes/vector-coder.js'
import type { PassageSet } from './passage-set.js'
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
  const ofAll = database.prepare<{ query: Buffer; limit: number }, ScoredChunk>(
    `SELECT cv.chunk_id AS chunkId, ${COSINE} AS score
     FROM vector_sets s JOIN chunk_vectors cv ON cv.set_id = s.id JOIN vectors v ON v.id = cv.vector_id
     WHERE s.state = 'active' ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const ofThese = database.prepare<{ query: Buffer; limit: number; ids: string }, ScoredChunk>(
    `SELECT cv.chunk_id AS chunkId, ${COSINE} AS score
     FROM json_each($ids) wanted CROSS JOIN vector_sets s ON s.state = 'active'
     CROSS JOIN chunk_vectors cv ON cv.chunk_id = wanted.value AND cv.set_id = s.id JOIN vectors v ON v.id = cv.vector_id
     ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const ofVectors = database
    .prepare<{ query: Buffer; ids: string }, [number, number]>(
      `SELECT v.id, ${COSINE} FROM json_each($ids) wanted CROSS JOIN vectors v ON v.id = wanted.value`,
    )
    .raw()
  /** Marks of sets of passages, as long as the codes stay as they are. */
  const known = new WeakMap<PassageSet, { readonly version: number; readonly marks: Marks }>()

  function mark(passages: PassageSet): void {
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
    passages: PassageSet | undefined,
  ): ScoredChunk[] {
    if (passages !== undefined) mark(passages)
    const pool = openCandidatePool(space, coder.encodeQuery(vector), passages !== undefined)
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

  /** Compares with every one of these passages, or of all. */
  function byAll(query: Buffer, limit: number, ids: readonly number[] | undefined): ScoredChunk[] {
    return ids === undefined
      ? ofAll.all({ query, limit })
      : ofThese.all({ query, limit, ids: JSON.stringify(ids) })
  }

  return {
    /** Of the given passages, or of all: best first, equal ones by id. */
    search(
      vector: Float32Array,
      limit: number,
      passages: PassageSet | undefined,
      { exact = false, among }: VectorSearchOptions,
    ): ScoredChunk[] {
      const dimensions = dimensionsOfSet.get()
      if (dimensions === undefined) throw noVectorSet()
      const query = toBlob(vector, dimensions)
      if (among !== undefined) {
        const ids = passages === undefined ? among : among.filter((id) => passages.has(id))
        return byAll(query, limit, ids)
      }
      if (exact) return byAll(query, limit, passages?.ids())
      const search = () => byCodes(vector, query, limit, passages)
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
