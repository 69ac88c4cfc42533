import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../errors.js'
import type { Notice, SkipReason } from '../../types.js'
import type { Collection, CollectionSummary, FileState } from '../store.js'
import type { UriRange } from './document-tables.js'

type FileRow = Omit<FileState, 'reason' | 'message' | 'notices'> & {
  reason: SkipReason | null
  message: string | null
  notices: string | null
}

export type FileTables = ReturnType<typeof createFileTables>

/** Collections and what the last run made of each of their files. */
export function createFileTables(database: Database) {
  const summaries = database.prepare<[], SummaryRow>(
    `SELECT c.name, c.root, c.unfinished, c.run_began_ms AS beganMs, c.run_ended_ms AS endedMs, c.run_files AS files,
       c.run_files_done AS filesDone,
       (SELECT count(*) FROM documents d WHERE d.collection_id = c.id) AS documents,
       (SELECT count(*) FROM documents d JOIN chunks k ON k.document_id = d.id WHERE d.collection_id = c.id) AS chunks,
       (SELECT count(*) FROM documents d JOIN chunks k ON k.document_id = d.id
         JOIN chunk_vectors v ON v.chunk_id = k.id JOIN vector_sets s ON s.id = v.set_id
         WHERE d.collection_id = c.id AND s.state = 'active') AS embedded
     FROM collections c ORDER BY c.name`,
  )
  const byName = database.prepare<[string], Collection & { id: number }>(
    'SELECT id, name, root FROM collections WHERE name = ?',
  )
  const insertCollection = database.prepare('INSERT INTO collections (name, root) VALUES (?, ?)')
  const begin = database.prepare<RunMark>(
    `UPDATE collections SET unfinished = 1, run_began_ms = $nowMs, run_ended_ms = NULL, run_files = $files, run_files_done = 0
     WHERE id = $id`,
  )
  // A run that had nothing to do has not begun before it is done.
  const end = database.prepare<RunMark>(
    `UPDATE collections SET unfinished = 0, run_ended_ms = $nowMs,
       run_began_ms = iif(unfinished, run_began_ms, $nowMs), run_files = iif(unfinished, run_files, $files),
       run_files_done = iif(unfinished, run_files_done, $files)
     WHERE id = $id`,
  )
  // A file that is indexed by itself meanwhile may be one that the run had dealt with: never more than there are.
  const advance = database.prepare(
    `UPDATE collections SET run_files_done = run_files_done + 1
     WHERE id = ? AND unfinished = 1 AND run_files_done < run_files`,
  )
  const unfinished = database
    .prepare<[], number>('SELECT count(*) FROM collections WHERE unfinished = 1')
    .pluck()
  const states = database.prepare<[number], FileRow>(
    `SELECT uri, fingerprint, content_hash AS contentHash, outcome, reason, message, notices
     FROM files WHERE collection_id = ?`,
  )
  const record = database.prepare(
    `INSERT INTO files (collection_id, uri, fingerprint, content_hash, outcome, reason, message, notices)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, content_hash = excluded.content_hash,
       outcome = excluded.outcome, reason = excluded.reason, message = excluded.message, notices = excluded.notices`,
  )
  const remove = database.prepare('DELETE FROM files WHERE collection_id = ? AND uri = ?')
  const OF_DOCUMENT =
    '(collection_id, uri) IN (SELECT collection_id, file_uri FROM documents WHERE id = $document)'
  const removeSole = database.prepare<{ document: number }>(
    `DELETE FROM files WHERE ${OF_DOCUMENT} AND NOT EXISTS (SELECT 1 FROM documents d
       WHERE d.collection_id = files.collection_id AND d.file_uri = files.uri AND d.id <> $document)`,
  )
  const readAgain = database.prepare<{ document: number }>(
    `UPDATE files SET fingerprint = '', content_hash = '' WHERE ${OF_DOCUMENT}`,
  )
  const removeRange = database.prepare<UriRange & { collection: number }>(
    'DELETE FROM files WHERE collection_id = $collection AND uri >= $from AND uri < $below',
  )
  const removeCollection = database.prepare('DELETE FROM collections WHERE id = ?')
  const skippedByReason = database.prepare<[], { reason: SkipReason; count: number }>(
    "SELECT reason, count(*) AS count FROM files WHERE outcome = 'skipped' GROUP BY reason ORDER BY reason",
  )

  return {
    collections(): CollectionSummary[] {
      return summaries.all().map(summaryOf)
    },

    /** The collection's row id; NOT_FOUND when there is none of that name. */
    collectionId(name: string): number {
      const row = byName.get(name)
      if (row === undefined) throw new GemdexError('NOT_FOUND', `There is no collection named ${name}`)
      return row.id
    },

    openCollection(name: string, root: string | null): Collection {
      const row = byName.get(name)
      if (row === undefined) insertCollection.run(name, root)
      else if (row.root !== root) {
        const owner = row.root === null ? 'pushed documents' : row.root
        throw new GemdexError('COLLECTION_TAKEN', `The collection ${name} belongs to ${owner}`, {
          hint: `Give this folder another name with -c; \`gemdex remove -c ${name}\` removes what has this one.`,
        })
      }
      return { name, root }
    },

    markRun(id: number, state: 'begun' | 'done', files: number, nowMs: number): void {
      const mark = state === 'begun' ? begin : end
      mark.run({ id, files, nowMs })
    },

    hasUnfinishedRun(): boolean {
      return (unfinished.get() ?? 0) > 0
    },

    states(collectionId: number): Map<string, FileState> {
      return new Map(states.all(collectionId).map((row) => [row.uri, stateOf(row)]))
    },

    record(collectionId: number, file: FileState): void {
      record.run(
        collectionId,
        file.uri,
        file.fingerprint,
        file.contentHash,
        file.outcome,
        file.reason ?? null,
        file.message ?? null,
        file.notices === undefined || file.notices.length === 0 ? null : JSON.stringify(file.notices),
      )
      advance.run(collectionId)
    },

    remove(collectionId: number, uri: string): void {
      remove.run(collectionId, uri)
    },

    /**
     * Before a document is removed: its file is read again by the next run, if it is there. With other documents of it, as of a
     * mailbox, its record stays, so that they go when it has vanished.
     */
    forgetFileOf(document: number): void {
      removeSole.run({ document })
      readAgain.run({ document })
    },

    removeIn(collectionId: number, range: UriRange): void {
      removeRange.run({ collection: collectionId, ...range })
    },

    /** Of a collection that has neither documents nor files any more. */
    removeCollection(collectionId: number): void {
      removeCollection.run(collectionId)
    },

    skipped(): Partial<Record<SkipReason, number>> {
      return Object.fromEntries(skippedByReason.all().map(({ reason, count }) => [reason, count]))
    },
  }
}

type RunMark = { id: number; files: number; nowMs: number }

type SummaryRow = Omit<CollectionSummary, 'run'> & {
  unfinished: 0 | 1
  beganMs: number | null
  endedMs: number | null
  files: number
  filesDone: number
}

function summaryOf({
  unfinished,
  beganMs,
  endedMs,
  files,
  filesDone,
  ...row
}: SummaryRow): CollectionSummary {
  if (unfinished === 0 && endedMs === null) return row
  const began = beganMs === null ? {} : { beganMs }
  const ended = endedMs === null ? {} : { endedMs }
  return { ...row, run: { ...began, ...ended, files, filesDone } }
}

function stateOf({ reason, message, notices, ...state }: FileRow): FileState {
  return {
    ...state,
    ...(reason === null ? {} : { reason }),
    ...(message === null ? {} : { message }),
    ...(notices === null ? {} : { notices: JSON.parse(notices) as Notice[] }),
  }
}
