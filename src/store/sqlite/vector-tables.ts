import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../errors.js'
import type { Embedding, IndexIdentity, ScoredChunk } from '../store.js'
import type { PassageSet } from './passage-scopes.js'

type SetRow = { id: number; provider: 'gemini' | 'local'; model: string; dimensions: number; roles: string }

const MIN_NORM = 1e-6

export type VectorTables = ReturnType<typeof createVectorTables>

/** Vector sets and vectors. Cosines are computed by sqlite-vec over an ordinary table: exact, and cheap to point-read. */
export function createVectorTables(database: Database) {
  const activeSet = database.prepare<[], SetRow>(
    "SELECT id, provider, model, dimensions, roles FROM vector_sets WHERE state = 'active'",
  )
  const insertSet = database.prepare(
    "INSERT INTO vector_sets (provider, model, dimensions, roles, state, created_ms) VALUES (?, ?, ?, ?, 'active', ?)",
  )
  const known = database
    .prepare<[string, number], string>(
      'SELECT lower(hex(v.key)) FROM json_each(?) wanted CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(wanted.value)',
    )
    .pluck()
  const insertVector = database.prepare(
    'INSERT OR IGNORE INTO vectors (set_id, key, vector) VALUES (?, unhex(?), ?)',
  )
  const linkChunks = database.prepare(
    `INSERT INTO chunk_vectors (set_id, chunk_id, vector_id)
     SELECT v.set_id, link.value ->> 0, v.id FROM json_each(?) link
     CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(link.value ->> 1)`,
  )
  const vectorsOf = database
    .prepare<[number], number>(
      'SELECT DISTINCT v.vector_id FROM chunk_vectors v JOIN chunks k ON k.id = v.chunk_id WHERE k.document_id = ?',
    )
    .pluck()
  const dropUnused = database.prepare(
    `DELETE FROM vectors WHERE id IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM chunk_vectors c WHERE c.vector_id = vectors.id)`,
  )
  const pruneUnused = database.prepare(
    'DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM chunk_vectors c WHERE c.vector_id = vectors.id)',
  )
  const nearest = database.prepare<
    { set: number; query: Buffer; limit: number; passages: string | null },
    ScoredChunk
  >(
    `SELECT cv.chunk_id AS chunkId, 1 - vec_distance_cosine(v.vector, $query) AS score
     FROM chunk_vectors cv JOIN vectors v ON v.id = cv.vector_id
     WHERE cv.set_id = $set AND ($passages IS NULL OR cv.chunk_id IN (SELECT value FROM json_each($passages)))
     ORDER BY score DESC, chunkId LIMIT $limit`,
  )
  const byChunk = database.prepare<[string, number], { chunkId: number; vector: Buffer }>(
    `SELECT cv.chunk_id AS chunkId, v.vector FROM json_each(?) wanted
     CROSS JOIN chunk_vectors cv ON cv.chunk_id = wanted.value AND cv.set_id = ?
     JOIN vectors v ON v.id = cv.vector_id`,
  )

  function requireSet(): SetRow {
    const set = activeSet.get()
    if (set === undefined) throw new GemdexError('STORE_FAILED', 'The index has no vector set yet')
    return set
  }

  return {
    identity(): IndexIdentity['embedder'] | undefined {
      const set = activeSet.get()
      return (
        set && { provider: set.provider, modelId: set.model, dimensions: set.dimensions, roles: set.roles }
      )
    },

    create(embedder: IndexIdentity['embedder'], nowMs: number): void {
      insertSet.run(embedder.provider, embedder.modelId, embedder.dimensions, embedder.roles, nowMs)
    },

    known(keys: readonly string[]): Set<string> {
      const set = activeSet.get()
      return new Set(set === undefined ? [] : known.all(JSON.stringify(keys), set.id))
    },

    put(embeddings: readonly Embedding[]): void {
      const set = requireSet()
      for (const { key, vector } of embeddings) {
        insertVector.run(set.id, key, toBlob(vector, set.dimensions))
      }
    },

    /** Points passages at the vectors of their embedding keys; throws STORE_FAILED when one is not stored. */
    link(links: readonly (readonly [chunkId: number, key: string])[]): void {
      if (links.length === 0) return
      const { changes } = linkChunks.run(JSON.stringify(links), requireSet().id)
      if (changes === links.length) return
      const known = this.known(links.map(([, key]) => key))
      const missing = links.find(([, key]) => !known.has(key))?.[1]
      throw new GemdexError('STORE_FAILED', `No vector is stored for embedding key ${missing}`)
    },

    idsOf(documentRowid: number): number[] {
      return vectorsOf.all(documentRowid)
    },

    dropUnused(vectorIds: readonly number[]): void {
      dropUnused.run(JSON.stringify(vectorIds))
    },

    prune(): number {
      return pruneUnused.run().changes
    },

    /** Undefined before anything was indexed. */
    activeSetId: (): number | undefined => activeSet.get()?.id,

    /** A vector as the active set keeps it, for other tables. */
    pack(vector: Float32Array): { readonly setId: number; readonly blob: Buffer } {
      const set = requireSet()
      return { setId: set.id, blob: toBlob(vector, set.dimensions) }
    },

    search(query: Float32Array, limit: number, passages: PassageSet): ScoredChunk[] {
      const set = requireSet()
      return nearest.all({
        set: set.id,
        query: toBlob(query, set.dimensions),
        limit,
        passages: passages === undefined ? null : JSON.stringify([...passages]),
      })
    },

    /** Of passages, at unit length. */
    ofChunks(chunkIds: readonly number[]): Map<number, Float32Array> {
      const set = activeSet.get()
      if (set === undefined) return new Map()
      const rows = byChunk.all(JSON.stringify(chunkIds), set.id)
      return new Map(rows.map(({ chunkId, vector }) => [chunkId, fromBlob(vector)]))
    },
  }
}

/** A copy: the driver's buffer need not lie where floats may. */
function fromBlob(blob: Buffer): Float32Array {
  const vector = new Float32Array(Uint8Array.from(blob).buffer)
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

/** sqlite-vec takes NaN, infinities and zero vectors without a word and ranks them first: they stop here. */
function toBlob(vector: Float32Array, dimensions: number): Buffer {
  if (vector.length !== dimensions) {
    throw new GemdexError(
      'INDEX_MISMATCH',
      `A vector of ${vector.length} dimensions does not fit an index of ${dimensions}`,
    )
  }
  let squares = 0
  for (const value of vector) squares += value * value
  // The sum is finite and above the bound only if every component is finite and not all are zero. It must be finite in
  // 32 bits too: sqlite-vec sums in them, and the cosine of a sum that overflows is 0.
  if (!Number.isFinite(Math.fround(squares)) || Math.sqrt(squares) <= MIN_NORM) {
    throw new GemdexError(
      'BAD_RESPONSE',
      'A vector with NaN, infinite, huge or only zero components was refused',
    )
  }
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}
