import { randomInt } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { fromBlob } from '../vector-blob.js'
import { shapeOf } from './code-layout.js'
import { packRecord } from './code-record.js'
import { createSharedCodes, openCodeSpace } from './code-space.js'
import { createVectorCoder } from './vector-coder.js'

/** Of how codes are made: rotation, sums, layout of a record. Codes of another format are made anew. */
const CODE_FORMAT = 'signs/1'
/** Vectors that the mean is taken of: its squared error is below 1 / 1024, a tenth of the drift that counts. */
const SAMPLE = 1024
/** A mean that is off by more, as a squared distance, costs candidates: codes are made anew. */
const MAX_DRIFT = 0.01
/** Passages coded in one step of making all anew. */
const STEP = 1000
/** Generations are numbers in order, and no two writers give the same one, though they may not know of one another. */
const GENERATION_STEP = 2 ** 20
/** Removals that processes may still have to take over; one that is further behind loads all codes. */
const KEPT_REMOVALS = 100_000

/** The vectors that are searched. */
export type ActiveSet = { readonly id: number; readonly dimensions: number }

type SetRow = { format: string; generation: number; mean: Buffer; reviewedChunk: number }
type PassageRow = { chunkId: number; documentId: number; vectorId: number; vector: Buffer }

export type CodeWriter = ReturnType<typeof createCodeWriter>

/**
 * Keeps the codes of passages in step with their vectors. They are derived: whatever happens to them, the vectors say what
 * they must be. Expects to run inside the caller's transaction.
 */
export function createCodeWriter(database: Database) {
  const getSet = database.prepare<[number], SetRow>(
    'SELECT format, generation, mean, reviewed_chunk AS reviewedChunk FROM code_sets WHERE set_id = ?',
  )
  const putSet = database.prepare(
    `INSERT INTO code_sets (set_id, format, generation, mean, reviewed_chunk) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET format = excluded.format, generation = excluded.generation, mean = excluded.mean,
       reviewed_chunk = excluded.reviewed_chunk`,
  )
  const dropOthers = database.prepare('DELETE FROM code_sets WHERE set_id <> ?')
  const setReviewed = database.prepare('UPDATE code_sets SET reviewed_chunk = ? WHERE set_id = ?')
  const insert = database.prepare('INSERT INTO codes (chunk_id, record) VALUES (?, ?)')
  const clear = database.prepare('DELETE FROM codes')
  const passages = `SELECT cv.chunk_id AS chunkId, k.document_id AS documentId, cv.vector_id AS vectorId, v.vector
    FROM chunk_vectors cv JOIN chunks k ON k.id = cv.chunk_id JOIN vectors v ON v.id = cv.vector_id`
  const some = database.prepare<[number, string], PassageRow>(
    `${passages} WHERE cv.set_id = ? AND cv.chunk_id IN (SELECT value FROM json_each(?)) ORDER BY cv.chunk_id`,
  )
  const further = database.prepare<[number, number, number], PassageRow>(
    `${passages} WHERE cv.set_id = ? AND cv.chunk_id > ? ORDER BY cv.chunk_id LIMIT ?`,
  )
  const countCodes = database.prepare<[], number>('SELECT count(*) FROM codes').pluck()
  const countLinksOf = database
    .prepare<[number], number>('SELECT count(*) FROM chunk_vectors WHERE set_id = ?')
    .pluck()
  const hasLinks = database
    .prepare<[number], 0 | 1>('SELECT EXISTS (SELECT 1 FROM chunk_vectors WHERE set_id = ?)')
    .pluck()
  const recordOf = database.prepare<[number], Buffer>('SELECT record FROM codes WHERE chunk_id = ?').pluck()
  const chunkRange = database.prepare<[], { first: number | null; last: number | null }>(
    'SELECT (SELECT min(chunk_id) FROM chunk_vectors) AS first, (SELECT max(chunk_id) FROM chunk_vectors) AS last',
  )
  const vectorFrom = database
    .prepare<[number, number], Buffer>(
      `SELECT v.vector FROM chunk_vectors cv JOIN vectors v ON v.id = cv.vector_id
       WHERE cv.chunk_id >= ? AND cv.set_id = ? ORDER BY cv.chunk_id LIMIT 1`,
    )
    .pluck()
  const lastGeneration = database
    .prepare<[], number>('SELECT ifnull(max(generation), 0) FROM code_sets')
    .pluck()
  const trimRemovals = database.prepare('DELETE FROM removals WHERE id <= (SELECT max(id) FROM removals) - ?')
  /** Of this writer alone: it only codes. */
  const space = openCodeSpace(createSharedCodes(1), 0)
  const coder = createVectorCoder(space)

  function load({ id, dimensions }: ActiveSet, generation: number, mean: Float32Array): void {
    space.exclusively(() => space.setUp({ setId: id, generation, dimensions }, mean))
  }

  /** The mean of the passages' vectors, rotated; of a sample spread evenly over them. */
  function sampleMean(set: ActiveSet): Float32Array {
    const { first, last } = chunkRange.get() ?? {}
    const sum = new Float64Array(space.layout.length)
    if (!first || !last) return Float32Array.from(sum)
    const step = Math.max(1, (last - first + 1) / SAMPLE)
    let number = 0
    for (let id = first; id <= last; id += step) {
      const vector = vectorFrom.get(Math.floor(id), set.id)
      if (vector === undefined) break
      const rotated = coder.rotate(fromBlob(vector))
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (rotated[i] ?? 0)
      number++
    }
    return Float32Array.from(sum, (value) => value / Math.max(1, number))
  }

  function recordFor({ vector, ...ids }: PassageRow): Buffer {
    return packRecord({ ...ids, coded: coder.encode(fromBlob(vector)) })
  }

  function code(rows: readonly PassageRow[]): void {
    for (const row of rows) insert.run(row.chunkId, recordFor(row))
  }

  /** All passages of a set that have a vector, ascending, some at a time. */
  function* passagesIn(set: ActiveSet): Generator<readonly PassageRow[]> {
    for (let last = 0; ; ) {
      const rows = further.all(set.id, last, STEP)
      yield rows
      if (rows.length < STEP) return
      last = rows.at(-1)?.chunkId ?? 0
    }
  }

  function codeAll(set: ActiveSet): void {
    clear.run()
    for (const rows of passagesIn(set)) code(rows)
  }

  /** Makes all codes anew, around the mean as it is now. */
  function rebuild(set: ActiveSet): void {
    const before = Math.floor((lastGeneration.get() ?? 0) / GENERATION_STEP)
    const generation = (before + 1) * GENERATION_STEP + randomInt(GENERATION_STEP)
    if (space.setup?.dimensions !== set.dimensions) load(set, generation, new Float32Array(0))
    load(set, generation, sampleMean(set))
    const { views, layout } = space
    const mean = Buffer.from(views.f32.slice(layout.mean / 4, layout.mean / 4 + layout.length).buffer)
    dropOthers.run(set.id)
    putSet.run(set.id, CODE_FORMAT, generation, mean, chunkRange.get()?.last ?? 0)
    codeAll(set)
  }

  /** Gets ready to code with the mean that the index has; false when it has none of this format. */
  function follow(set: ActiveSet): boolean {
    const row = getSet.get(set.id)
    if (row?.format !== CODE_FORMAT) return false
    const { setId, generation } = space.setup ?? {}
    if (setId !== set.id || generation !== row.generation) load(set, row.generation, fromBlob(row.mean))
    return true
  }

  /** Looks at the mean whenever there are four times as many passages. */
  function review(set: ActiveSet): void {
    const last = chunkRange.get()?.last ?? 0
    if (last < 4 * (getSet.get(set.id)?.reviewedChunk ?? 0)) return
    const { views, layout } = space
    const drift = sampleMean(set).reduce(
      (sum, value, i) => sum + (value - (views.f32[layout.mean / 4 + i] ?? 0)) ** 2,
      0,
    )
    if (drift > MAX_DRIFT) rebuild(set)
    else setReviewed.run(last, set.id)
    trimRemovals.run(KEPT_REMOVALS)
  }

  return {
    /** Codes passages that have just been linked to their vectors. */
    add(set: ActiveSet, chunkIds: readonly number[]): void {
      if (!follow(set)) rebuild(set)
      else {
        code(some.all(set.id, JSON.stringify(chunkIds)))
        review(set)
      }
    },

    /** Whether the codes are of the format of this program. */
    areReadable: (set: ActiveSet): boolean =>
      hasLinks.get(set.id) === 0 || getSet.get(set.id)?.format === CODE_FORMAT,

    /** Whether there is a code for each passage that has a vector. Reads all of both. */
    areAll: (set: ActiveSet): boolean => countLinksOf.get(set.id) === countCodes.get(),

    /** How many codes are missing, of no passage, or not what their vectors say. */
    countWrong(set: ActiveSet): number {
      const all = countCodes.get() ?? 0
      const links = countLinksOf.get(set.id) ?? 0
      if (links === 0) return all
      if (getSet.get(set.id)?.mean.length !== 4 * shapeOf(set.dimensions).length || !follow(set)) return links
      let wrong = 0
      let right = 0
      for (const rows of passagesIn(set)) {
        for (const row of rows) {
          // Damage may change the type of a value, and a vector of another length is not for this coder.
          const record: unknown = recordOf.get(row.chunkId)
          const isRight =
            row.vector.length === 4 * set.dimensions &&
            Buffer.isBuffer(record) &&
            record.equals(recordFor(row))
          if (isRight) right++
          else wrong++
        }
      }
      return wrong + Math.max(0, all - right - wrong)
    },

    rebuild,
  }
}
