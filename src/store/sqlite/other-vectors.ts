import type { Database } from 'better-sqlite3'
import type { EmbedderIdentity } from '../../embed/embedder.js'
import type { OtherVectors, PassageLink } from '../store.js'
import { createCodeWriter } from './codes/code-writer.js'
import { createVectorSetFinder, identityOf, type VectorSet } from './find-vector-set.js'
import { UNUSED } from './vector-tables.js'

/** Of a vector beside its components: key, ids, its place in two indexes. */
const ROW_BYTES = 100

/**
 * Vectors of another embedder beside the index's own: how they are built, take their place, and go. Writes expect to run inside
 * the caller's transaction.
 */
export function createOtherVectors(database: Database) {
  const sets = createVectorSetFinder(database)
  const codes = createCodeWriter(database)
  const insertSet = database.prepare(
    `INSERT INTO vector_sets (provider, model, dimensions, roles, state, created_ms)
     VALUES (?, ?, ?, ?, 'building', ?)`,
  )
  const setState = database.prepare<[VectorSet['state'], number]>(
    'UPDATE vector_sets SET state = ? WHERE id = ?',
  )
  const countVectors = database
    .prepare<[number], number>('SELECT count(*) FROM vectors WHERE set_id = ?')
    .pluck()
  const link = database.prepare(
    `INSERT OR IGNORE INTO chunk_vectors (set_id, chunk_id, vector_id)
     SELECT v.set_id, k.id, v.id FROM json_each(?) link
     CROSS JOIN chunks k ON k.id = link.value ->> 'chunkId'
     CROSS JOIN vectors v ON v.set_id = ? AND v.key = unhex(link.value ->> 'key')`,
  )
  const missing = database
    .prepare<{ own: number; other: number; refused: string }, number>(
      `SELECT count(*) FROM chunk_vectors o WHERE o.set_id = $own
         AND NOT EXISTS (SELECT 1 FROM chunk_vectors n WHERE n.chunk_id = o.chunk_id AND n.set_id = $other)
         AND o.chunk_id NOT IN (SELECT value FROM json_each($refused))`,
    )
    .pluck()
  const prune = database.prepare(`DELETE FROM vectors WHERE set_id = ? AND ${UNUSED}`)
  const drops = ['chunk_vectors', 'turn_vectors', 'code_sets', 'vectors'].map((table) =>
    database.prepare<[number]>(`DELETE FROM ${table} WHERE set_id = ?`),
  )
  const dropSet = database.prepare<[number]>('DELETE FROM vector_sets WHERE id = ?')

  function remove({ id }: VectorSet): void {
    for (const drop of drops) drop.run(id)
    dropSet.run(id)
  }

  function list(): OtherVectors[] {
    return sets.all().flatMap((set) => {
      if (set.state === 'active') return []
      const vectors = countVectors.get(set.id) ?? 0
      const sizeBytes = vectors * (4 * set.dimensions + ROW_BYTES)
      return [{ embedder: identityOf(set), state: set.state, vectors, sizeBytes }]
    })
  }

  return {
    list,

    begin(of: EmbedderIdentity, nowMs: number): void {
      const present = sets.find(of)
      for (const set of sets.all()) if (set.state === 'building' && set.id !== present?.id) remove(set)
      if (present === undefined) insertSet.run(of.provider, of.modelId, of.dimensions, of.roles, nowMs)
      else if (present.state === 'retired') setState.run('building', present.id)
    },

    /** Whether passages have got vectors of the index's own embedder by that. */
    link(links: readonly PassageLink[], of: EmbedderIdentity): boolean {
      const set = sets.require(of)
      const { changes } = link.run(JSON.stringify(links), set.id)
      const isOwn = changes > 0 && set.state === 'active'
      // Codes are in the order of passages, and others that follow them look behind the last one only.
      if (isOwn) codes.rebuild(set)
      return isOwn
    },

    makeOwn(to: EmbedderIdentity, refused: readonly number[]): number {
      const [own, other] = [sets.require(), sets.require(to)]
      if (own.id === other.id) return 0
      const left = missing.get({ own: own.id, other: other.id, refused: JSON.stringify(refused) }) ?? 0
      if (left > 0) return left
      setState.run('retired', own.id)
      setState.run('active', other.id)
      codes.rebuild(other)
      prune.run(other.id)
      return 0
    },

    drop(): OtherVectors[] {
      const dropped = list()
      for (const set of sets.all()) if (set.state !== 'active') remove(set)
      return dropped
    },
  }
}
