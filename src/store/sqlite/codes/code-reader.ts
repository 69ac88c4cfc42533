import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../../errors.js'
import { convertStoreError } from '../convert-error.js'
import { fromBlob } from '../vector-blob.js'
import { RECORD_HEADER_BYTES } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import { createPassageCodes } from './passage-codes.js'

/** Records read from the index at a time. */
const STEP = 4096

type StateRow = {
  setId: number
  generation: number
  dimensions: number
  lastChunk: number
  lastRemoval: number
}
type Removal = { id: number; first: number; last: number }

export type CodeReader = ReturnType<typeof createCodeReader>

/**
 * Brings the codes in memory up to the snapshot that the caller's transaction sees.
 *
 * @param repair Makes the codes anew when there are not all. It is tried once; without it, and where it cannot be done, as on a full
 *   disk, those that there are must do.
 */
export function createCodeReader(database: Database, space: CodeSpace, repair?: () => void) {
  const stateNow = database.prepare<[], StateRow>(
    `SELECT s.id AS setId, c.generation, s.dimensions, (SELECT ifnull(max(chunk_id), 0) FROM codes) AS lastChunk,
       (SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'removals') AS lastRemoval
     FROM vector_sets s JOIN code_sets c ON c.set_id = s.id WHERE s.state = 'active'`,
  )
  const meanOf = database.prepare<[number], Buffer>('SELECT mean FROM code_sets WHERE set_id = ?').pluck()
  // One value for thousands of rows: taking each from the driver costs ten times as much. SQLite keeps the bytes of blobs
  // as they are while it joins them as text.
  const recordsAfter = database.prepare<[number, number], { records: Buffer | null; last: number | null }>(
    `SELECT CAST(group_concat(record, '') AS BLOB) AS records, max(chunk_id) AS last
     FROM (SELECT chunk_id, record FROM codes WHERE chunk_id > ? ORDER BY chunk_id LIMIT ?)`,
  )
  const removalsAfter = database.prepare<[number], Removal>(
    'SELECT id, first_chunk AS first, last_chunk AS last FROM removals WHERE id > ? ORDER BY id',
  )
  const countPassages = database.prepare<[], number>('SELECT passages FROM keyword_totals').pluck()
  const countLinks = database
    .prepare<[number], number>('SELECT count(*) FROM chunk_vectors WHERE set_id = ?')
    .pluck()
  const passages = createPassageCodes(space)
  let isRepairDue = false
  let mayRepair = repair !== undefined

  function append(after: number): void {
    const bytes = RECORD_HEADER_BYTES + space.layout.codeBytes
    for (let last = after; ; ) {
      const { records, last: newest } = recordsAfter.get(last, STEP) ?? {}
      if (!records || !newest) return
      if (records.length % bytes !== 0) throw damaged()
      passages.append(records)
      last = newest
    }
  }

  function load(state: StateRow): void {
    space.setUp(state, fromBlob(meanOf.get(state.setId) ?? Buffer.alloc(0)))
    append(0)
  }

  /** Once each has been read, which to count them before would do once more. Mostly all passages have a vector. */
  function areAll({ setId }: StateRow): boolean {
    return space.slots === countPassages.get() || space.slots === countLinks.get(setId)
  }

  /** Brings the codes to this state from whichever they are in; to none when they are to be made anew first. */
  function follow(state: StateRow, isLast = false): void {
    const { lastChunk, lastRemoval } = space.progress
    const removals = removalsAfter.all(lastRemoval)
    const isCutOff = lastRemoval < state.lastRemoval && removals[0]?.id !== lastRemoval + 1
    const isPast = compare(space, state) === 'ahead'
    try {
      if (space.setup?.generation !== state.generation || isCutOff || isPast) {
        load(state)
        isRepairDue = mayRepair && !isLast && !areAll(state)
        // No other thread is to search a part of them meanwhile.
        if (isRepairDue) {
          space.clear()
          return
        }
      } else {
        for (const { first, last } of removals) passages.remove(first, last)
        append(lastChunk)
      }
      space.setProgress({ lastChunk: state.lastChunk, lastRemoval: state.lastRemoval })
    } catch (error) {
      space.clear()
      throw error
    }
  }

  return {
    passages,

    /**
     * Takes over what was added and removed since. `ahead` when another thread has followed a later snapshot, `behind` when codes
     * are missing: `mend`, and begin a new transaction. `none` when there are no codes.
     */
    refresh(): 'current' | 'ahead' | 'behind' | 'none' {
      const state = stateNow.get()
      if (state === undefined) return 'none'
      if (compare(space, state) === 'behind')
        space.exclusively(() => compare(space, state) === 'behind' && follow(state))
      return isRepairDue ? 'behind' : compare(space, state) === 'ahead' ? 'ahead' : 'current'
    },

    /**
     * The same inside `exclusively`, in a transaction that has begun in there: no thread can have followed a later snapshot,
     * so codes that are ahead are those of an index that has gone back in time, as by restoring a backup.
     */
    refreshExclusively(): 'current' | 'none' {
      const state = stateNow.get()
      if (state === undefined) return 'none'
      if (compare(space, state) !== 'current') follow(state, true)
      return 'current'
    },

    /** Outside of a transaction: has codes made anew of which some were missing when they were loaded. */
    mend(): void {
      if (!isRepairDue) return
      isRepairDue = false
      mayRepair = false
      try {
        repair?.()
      } catch (thrown) {
        if (!(convertStoreError(thrown, database.name) instanceof GemdexError)) throw thrown
      }
    },
  }
}

/** What the codes are in comparison with a snapshot. A passage that the snapshot does not see yet does no harm. */
function compare({ setup, progress }: CodeSpace, state: StateRow): 'behind' | 'current' | 'ahead' {
  const generation = setup?.generation ?? 0
  if (generation !== state.generation) return generation < state.generation ? 'behind' : 'ahead'
  const { lastChunk, lastRemoval } = progress
  if (lastRemoval > state.lastRemoval) return 'ahead'
  return lastRemoval < state.lastRemoval || lastChunk < state.lastChunk ? 'behind' : 'current'
}

function damaged(): GemdexError {
  return new GemdexError('STORE_CORRUPT', 'The search codes of the index are damaged', {
    hint: '`gemdex compact` makes them anew from the vectors.',
  })
}
