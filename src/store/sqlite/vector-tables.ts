import type { Database } from 'better-sqlite3'
import type { EmbedderIdentity } from '../../embed/embedder.js'
import { GemdexError } from '../../errors.js'
import type { DocumentEmbedding, Embedding, IndexIdentity } from '../store.js'
import { checksumOf } from './checksum.js'
import { createCodeWriter } from './codes/code-writer.js'
import { createVectorSetFinder, identityOf, mismatch } from './find-vector-set.js'
import { fromBlob, toBlob } from './vector-blob.js'

/** Of a row of `vectors`: neither a passage nor a document has it. */
export const UNUSED = `NOT EXISTS (SELECT 1 FROM chunk_vectors c WHERE c.vector_id = vectors.id)
  AND NOT EXISTS (SELECT 1 FROM document_vectors d WHERE d.vector_id = vectors.id)`

export type VectorTables = ReturnType<typeof createVectorTables>

/** Vector sets and vectors, in an ordinary table, which is cheap to read by id; and which passages they belong to. */
export function createVectorTables(database: Database) {
  const sets = createVectorSetFinder(database)
  const insertSet = database.prepare(
    "INSERT INTO vector_sets (provider, model, dimensions, roles, state, created_ms) VALUES (?, ?, ?, ?, 'active', ?)",
  )
  const known = database
    .prepare<[string, number], string>(
      'SELECT lower(hex(v.key)) FROM json_each(?) wanted CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(wanted.value)',
    )
    .pluck()
  const insertVector = database.prepare(
    'INSERT OR IGNORE INTO vectors (set_id, key, vector, checksum) VALUES (?, ?, ?, ?)',
  )
  const linkChunks = database.prepare(
    `INSERT INTO chunk_vectors (set_id, chunk_id, vector_id)
     SELECT v.set_id, link.value ->> 0, v.id FROM json_each(?) link
     CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(link.value ->> 1)`,
  )
  const vectorsOf = database
    .prepare<{ documents: string }, number>(
      `SELECT v.vector_id FROM json_each($documents) wanted CROSS JOIN chunks k ON k.document_id = wanted.value
         JOIN chunk_vectors v ON v.chunk_id = k.id
       UNION SELECT vector_id FROM document_vectors
         WHERE document_id IN (SELECT value FROM json_each($documents))`,
    )
    .pluck()
  const dropUnused = database.prepare(
    `DELETE FROM vectors WHERE id IN (SELECT value FROM json_each(?)) AND ${UNUSED}`,
  )
  const pruneUnused = database.prepare(
    `DELETE FROM vectors WHERE ${UNUSED}
     AND set_id IN (SELECT id FROM vector_sets WHERE state <> 'building')`,
  )
  const byKey = database.prepare<[string, number], { key: string; vector: Buffer }>(
    `SELECT lower(hex(v.key)) AS key, v.vector FROM json_each(?) wanted
     CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(wanted.value)`,
  )
  const linkDocument = database.prepare(
    `INSERT OR IGNORE INTO document_vectors (document_id, vector_id)
     SELECT d.id, v.id FROM documents d JOIN vectors v ON v.set_id = ? AND v.key = unhex(?) WHERE d.public_id = ?`,
  )
  const codes = createCodeWriter(database)
  const byChunk = database.prepare<[string, number], { chunkId: number; vector: Buffer }>(
    `SELECT cv.chunk_id AS chunkId, v.vector FROM json_each(?) wanted
     CROSS JOIN chunk_vectors cv ON cv.chunk_id = wanted.value AND cv.set_id = ?
     JOIN vectors v ON v.id = cv.vector_id`,
  )

  const byDocument = database.prepare<[string, number], { documentId: string; vector: Buffer }>(
    `SELECT d.public_id AS documentId, v.vector FROM json_each(?) wanted
     CROSS JOIN documents d ON d.public_id = wanted.value
     CROSS JOIN chunks k ON k.document_id = d.id
     JOIN chunk_vectors cv ON cv.chunk_id = k.id AND cv.set_id = ?
     JOIN vectors v ON v.id = cv.vector_id`,
  )

  return {
    create(embedder: IndexIdentity['embedder'], nowMs: number): void {
      insertSet.run(embedder.provider, embedder.modelId, embedder.dimensions, embedder.roles, nowMs)
    },

    /** Throws INDEX_MISMATCH when the index's own embedder is another. */
    requireOwn(wanted: EmbedderIdentity): void {
      const own = sets.active()
      if (own !== undefined && sets.find(wanted)?.id !== own.id) throw mismatch(identityOf(own), wanted)
    },

    known(keys: readonly string[], of?: EmbedderIdentity): Set<string> {
      const set = of === undefined ? sets.active() : sets.find(of)
      return new Set(set === undefined ? [] : known.all(JSON.stringify(keys), set.id))
    },

    put(embeddings: readonly Embedding[], of?: EmbedderIdentity): void {
      const set = sets.require(of)
      for (const { key, vector } of embeddings) {
        const name = Buffer.from(key, 'hex')
        const blob = toBlob(vector, set.dimensions)
        insertVector.run(set.id, name, blob, checksumOf(name, blob))
      }
    },

    /** As they were put; keys without a vector are left out. */
    ofKeys(keys: readonly string[]): Map<string, Float32Array> {
      const set = sets.active()
      const rows = set === undefined ? [] : byKey.all(JSON.stringify(keys), set.id)
      return new Map(rows.map(({ key, vector }) => [key, fromBlob(vector)]))
    },

    /** Puts vectors of whole documents; those of documents that are gone are used by nothing. */
    putOfDocuments(entries: readonly DocumentEmbedding[]): void {
      this.put(entries)
      const set = sets.require()
      for (const { documentId, key } of entries) linkDocument.run(set.id, key, documentId)
    },

    /** Points passages at the vectors of their embedding keys; throws STORE_FAILED when one is not stored. */
    link(links: readonly (readonly [chunkId: number, key: string])[]): void {
      if (links.length === 0) return
      const set = sets.require()
      const { changes } = linkChunks.run(JSON.stringify(links), set.id)
      if (changes === links.length) {
        codes.add(
          set,
          links.map(([chunkId]) => chunkId),
        )
        return
      }
      const known = this.known(links.map(([, key]) => key))
      const missing = links.find(([, key]) => !known.has(key))?.[1]
      throw new GemdexError('STORE_FAILED', `No vector is stored for embedding key ${missing}`)
    },

    /** Of these documents and their passages. */
    idsOf(documentRowids: readonly number[]): number[] {
      return vectorsOf.all({ documents: JSON.stringify(documentRowids) })
    },

    dropUnused(vectorIds: readonly number[]): void {
      dropUnused.run(JSON.stringify(vectorIds))
    },

    prune(): number {
      return pruneUnused.run().changes
    },

    /** Undefined before anything was indexed. */
    activeSetId: (): number | undefined => sets.active()?.id,

    /** A vector as the active set keeps it, for other tables. */
    pack(vector: Float32Array): { readonly setId: number; readonly blob: Buffer } {
      const set = sets.require()
      return { setId: set.id, blob: toBlob(vector, set.dimensions) }
    },

    /** Makes the codes of passages anew, around the mean as it is now. */
    rebuildCodes(): void {
      const set = sets.active()
      if (set !== undefined) codes.rebuild(set)
    },

    /** Makes the codes of passages anew when they cannot be read, as in an index of an older version. */
    renewCodes(): void {
      const set = sets.active()
      if (set !== undefined && !codes.areReadable(set)) codes.rebuild(set)
    },

    /** The same when there are not all, which whoever loads them finds. */
    repairCodes(): void {
      const set = sets.active()
      if (set !== undefined && !codes.areAll(set)) codes.rebuild(set)
    },

    /** The means of documents, at unit length; one after the other, since documents may have very many passages. */
    ofDocuments(documentIds: readonly string[]): Map<string, Float32Array> {
      const set = sets.active()
      const sums = new Map<string, Float32Array>()
      if (set === undefined) return sums
      for (const row of byDocument.iterate(JSON.stringify(documentIds), set.id)) {
        const vector = unit(fromBlob(row.vector))
        const sum = sums.get(row.documentId)
        if (sum === undefined) sums.set(row.documentId, vector)
        else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0)
      }
      for (const [id, sum] of sums) {
        if (sum.every((value) => value === 0)) sums.delete(id)
        else sums.set(id, unit(sum))
      }
      return sums
    },

    /** Of passages, at unit length. */
    ofChunks(chunkIds: readonly number[]): Map<number, Float32Array> {
      const set = sets.active()
      if (set === undefined) return new Map()
      const rows = byChunk.all(JSON.stringify(chunkIds), set.id)
      return new Map(rows.map(({ chunkId, vector }) => [chunkId, unit(fromBlob(vector))]))
    },
  }
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}
