import type { Database } from 'better-sqlite3'
import { addUsage } from '../../add-usage.js'
import { GemdexError } from '../../errors.js'
import type { NewTurn, Owned, Place, TurnTerms } from '../../sessions/session-store.js'
import { analyzedText } from '../../text/analyze.js'
import type {
  Citation,
  ScoredTurn,
  Session,
  SessionSummary,
  TextSpan,
  Turn,
  TurnSource,
  TurnStatus,
  Usage,
} from '../../types.js'
import type { Page } from '../store.js'
import { type Blanked, blankCited } from './blank-cited.js'

type SessionRow = { id: string; title: string; createdMs: number; updatedMs: number }
type TurnRow = {
  id: number
  ordinal: number
  createdMs: number
  question: string
  standaloneQuestion: string
  status: TurnStatus
  answer: string
  unsupported: string
  sources: string
  model: string
  reason: string | null
  finishReason: string | null
  errorCode: string | null
  usage: string | null
}

const SESSION = 'SELECT s.id, s.title, s.created_ms AS createdMs, s.updated_ms AS updatedMs FROM sessions s'
const TURN = `SELECT id, ordinal, created_ms AS createdMs, question, standalone_question AS standaloneQuestion, status,
  answer, unsupported, sources, model, reason, finish_reason AS finishReason, error_code AS errorCode, usage FROM turns`
/** Which conversations `s` count. */
type Whose = { anybody: 0 | 1; owner: string | null }
const OWNED = '($anybody OR s.owner IS $owner)'
const FOUND = `SELECT t.session_id AS sessionId, s.title, t.ordinal, t.question, t.answer`

export type SessionTables = ReturnType<typeof createSessionTables>

/** Conversations and their turns. Writes expect to run inside the caller's transaction. */
export function createSessionTables(database: Database) {
  const byId = database.prepare<Whose & { id: string }, SessionRow>(
    `${SESSION} WHERE s.id = $id AND ${OWNED}`,
  )
  const page = database.prepare<Whose & { beforeMs: number; before: string; limit: number }, SessionRow>(
    `${SESSION} WHERE (s.updated_ms, s.id) < ($beforeMs, $before) AND ${OWNED}
     ORDER BY s.updated_ms DESC, s.id DESC LIMIT $limit`,
  )
  const total = database.prepare<Whose, number>(`SELECT count(*) FROM sessions s WHERE ${OWNED}`).pluck()
  const insertSession = database.prepare(
    'INSERT OR IGNORE INTO sessions (id, title, created_ms, updated_ms, owner) VALUES (?, ?, ?, ?, ?)',
  )
  const rename = database.prepare<Whose & { id: string; title: string; nowMs: number }>(
    `UPDATE sessions AS s SET title = $title, updated_ms = $nowMs WHERE id = $id AND ${OWNED}`,
  )
  const touch = database.prepare(
    "UPDATE sessions SET updated_ms = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
  )
  const remove = database.prepare<Whose & { id: string }>(
    `DELETE FROM sessions AS s WHERE id = $id AND ${OWNED}`,
  )
  const turnsOf = database.prepare<[string], TurnRow>(`${TURN} WHERE session_id = ? ORDER BY ordinal`)
  const usagesOf = database
    .prepare<[string], string | null>('SELECT usage FROM turns WHERE session_id = ?')
    .pluck()
  const nextOrdinal = database
    .prepare<[string], number>('SELECT coalesce(max(ordinal), 0) + 1 FROM turns WHERE session_id = ?')
    .pluck()
  const insertTurn = database.prepare(
    `INSERT INTO turns (session_id, ordinal, created_ms, question, standalone_question, status, answer, unsupported,
       sources, model, reason, finish_reason, error_code, usage)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertCitation = database.prepare(
    'INSERT INTO turn_citations (turn_id, ordinal, document_id, citation) VALUES (?, ?, ?, ?)',
  )
  const citationsOf = database
    .prepare<[number], string>('SELECT citation FROM turn_citations WHERE turn_id = ? ORDER BY ordinal')
    .pluck()
  const insertTerms = database.prepare('INSERT INTO turn_fts (rowid, terms) VALUES (?, ?)')
  const updateTerms = database.prepare('UPDATE turn_fts SET terms = ? WHERE rowid = ?')
  const quoting = database.prepare<{ documentId: string }, TurnRow>(
    `${TURN} WHERE id IN (SELECT turn_id FROM turn_citations WHERE document_id = $documentId) OR (answer <> ''
       AND id NOT IN (SELECT turn_id FROM turn_citations)
       AND EXISTS (SELECT 1 FROM json_each(sources) WHERE json_extract(value, '$.documentId') = $documentId))`,
  )
  const updateAnswer = database.prepare('UPDATE turns SET answer = ?, unsupported = ? WHERE id = ?')
  const updateCitation = database.prepare(
    'UPDATE turn_citations SET citation = ? WHERE turn_id = ? AND ordinal = ?',
  )
  const hasVectors = database
    .prepare<[number], number>('SELECT EXISTS (SELECT 1 FROM turn_vectors WHERE set_id = ?)')
    .pluck()
  const deleteVectors = database.prepare('DELETE FROM turn_vectors WHERE turn_id = ?')
  const putVector = database.prepare(
    `INSERT INTO turn_vectors (set_id, turn_id, vector)
     SELECT ?, id, ? FROM turns WHERE session_id = ? AND ordinal = ?
     ON CONFLICT DO UPDATE SET vector = excluded.vector`,
  )
  const byTerms = database.prepare<Whose & { match: string; limit: number }, ScoredTurn>(
    `${FOUND}, -f.rank AS score FROM turn_fts f JOIN turns t ON t.id = f.rowid JOIN sessions s ON s.id = t.session_id
     WHERE turn_fts MATCH $match AND ${OWNED} ORDER BY f.rank, t.id LIMIT $limit`,
  )
  const byVector = database.prepare<Whose & { set: number; query: Buffer; limit: number }, ScoredTurn>(
    `${FOUND}, 1 - vec_distance_cosine(v.vector, $query) AS score FROM turn_vectors v
     JOIN turns t ON t.id = v.turn_id JOIN sessions s ON s.id = t.session_id
     WHERE v.set_id = $set AND ${OWNED} ORDER BY score DESC, t.id LIMIT $limit`,
  )

  function turn(row: TurnRow): Turn {
    return toTurn(
      row,
      citationsOf.all(row.id).map((citation) => JSON.parse(citation) as Citation),
    )
  }

  function get(id: string, owned: Owned): Session | undefined {
    const row = byId.get({ id, ...whose(owned) })
    if (row === undefined) return undefined
    const turns = turnsOf.all(id).map(turn)
    return { ...row, ...withUsage(turns.map(({ usage }) => usage)), turns }
  }

  return {
    get,

    open(id: string, title: string, nowMs: number, owned: Owned): Session {
      insertSession.run(id, title, nowMs, nowMs, owned.owner ?? null)
      return get(id, owned) ?? { id, title, createdMs: nowMs, updatedMs: nowMs, turns: [] }
    },

    list({ limit, after, ...owned }: { limit: number; after?: string } & Owned): Page<SessionSummary> {
      const last = after === undefined ? undefined : byId.get({ id: after, ...whose(owned) })
      const before =
        last === undefined
          ? { beforeMs: Number.MAX_SAFE_INTEGER, before: '' }
          : { beforeMs: last.updatedMs, before: last.id }
      const rows = page.all({ ...before, limit: limit + 1, ...whose(owned) })
      const items = rows.slice(0, limit).map((row) => {
        const usages = usagesOf.all(row.id).map(readUsage)
        return { ...row, turns: usages.length, ...withUsage(usages) }
      })
      const next = rows.length > limit ? items.at(-1)?.id : undefined
      return { items, total: total.get(whose(owned)) ?? 0, ...(next === undefined ? {} : { next }) }
    },

    rename: (id: string, title: string, nowMs: number, owned: Owned): boolean =>
      rename.run({ id, title, nowMs, ...whose(owned) }).changes > 0,
    remove: (id: string, owned: Owned): boolean => remove.run({ id, ...whose(owned) }).changes > 0,

    append(
      id: string,
      added: NewTurn & TurnTerms,
      { title, nowMs }: { title: string; nowMs: number },
      { owner, after }: Place,
    ): Turn {
      const ordinal = nextOrdinal.get(id) ?? 1
      if (after !== undefined && ordinal !== after + 1) throw busySession(id)
      insertSession.run(id, title, nowMs, nowMs, owner ?? null)
      const { lastInsertRowid } = insertTurn.run(
        id,
        ordinal,
        nowMs,
        added.question,
        added.standaloneQuestion,
        added.status,
        added.answer,
        JSON.stringify(added.unsupported),
        JSON.stringify(added.sources),
        added.model,
        added.reason ?? null,
        added.finishReason ?? null,
        added.errorCode ?? null,
        added.usage === undefined ? null : JSON.stringify(added.usage),
      )
      for (const [i, citation] of added.citations.entries())
        insertCitation.run(lastInsertRowid, i, citation.documentId, JSON.stringify(citation))
      insertTerms.run(lastInsertRowid, added.terms)
      touch.run(nowMs, title, id)
      const { terms: _, ...turn } = added
      return { ...turn, ordinal, createdMs: nowMs }
    },

    putVector(setId: number, id: string, ordinal: number, vector: Buffer): void {
      putVector.run(setId, vector, id, ordinal)
    },

    hasVectors: (setId: number): boolean => hasVectors.get(setId) === 1,

    searchTerms(match: string, limit: number, owned: Owned): ScoredTurn[] {
      return byTerms.all({ match, limit, ...whose(owned) })
    },

    searchVector(setId: number, query: Buffer, limit: number, owned: Owned): ScoredTurn[] {
      return byVector.all({ set: setId, query, limit, ...whose(owned) })
    },

    /** Blanks what stored turns quote of a document that is being removed. */
    blank(documentId: string): void {
      for (const row of quoting.all({ documentId })) {
        const before = turn(row)
        const after: Blanked = blankCited(before, documentId)
        updateAnswer.run(after.answer, JSON.stringify(after.unsupported), row.id)
        for (const [i, citation] of after.citations.entries())
          updateCitation.run(JSON.stringify(citation), row.id, i)
        updateTerms.run(analyzedText(`${before.question}\n${after.answer}`), row.id)
        deleteVectors.run(row.id)
      }
    },
  }
}

function busySession(id: string): GemdexError {
  return new GemdexError(
    'SESSION_BUSY',
    `The conversation "${id}" has changed while the answer was written`,
    {
      hint: 'The answer is not kept. Ask again: the question then goes with what has been said meanwhile.',
      retryable: true,
    },
  )
}

function whose({ owner }: Owned): Whose {
  return { anybody: owner === undefined ? 1 : 0, owner: owner ?? null }
}

function toTurn(row: TurnRow, citations: readonly Citation[]): Turn {
  const { id: _, unsupported, sources, reason, finishReason, errorCode, usage, ...rest } = row
  const used = readUsage(usage)
  return {
    ...rest,
    citations,
    unsupported: JSON.parse(unsupported) as TextSpan[],
    sources: JSON.parse(sources) as TurnSource[],
    ...(reason === null ? {} : { reason }),
    ...(finishReason === null ? {} : { finishReason }),
    ...(errorCode === null ? {} : { errorCode }),
    ...(used === undefined ? {} : { usage: used }),
  }
}

function readUsage(usage: string | null): Usage | undefined {
  return usage === null ? undefined : (JSON.parse(usage) as Usage)
}

function withUsage(usages: readonly (Usage | undefined)[]): { usage?: Usage } {
  const usage = addUsage(usages)
  return usage === undefined ? {} : { usage }
}
