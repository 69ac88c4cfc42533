import type { SessionStore } from '../../sessions/session-store.js'
import { anyOf } from './quote-terms.js'
import type { SessionTables } from './session-tables.js'
import type { VectorTables } from './vector-tables.js'

export type SessionStoreParts = {
  readonly sessions: SessionTables
  readonly vectors: VectorTables
  readonly requireWritable: () => void
  readonly read: <T>(operation: () => T) => Promise<T>
  /** Runs in a transaction. */
  readonly write: <T>(operation: () => T) => Promise<T>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Conversations in the file that holds the documents they quote. */
export function createSessionStore({
  sessions,
  vectors,
  requireWritable,
  read,
  write,
  now,
}: SessionStoreParts): SessionStore {
  return {
    requireWritable: () => read(requireWritable),
    openSession: (id, title, owned = {}) => write(() => sessions.open(id, title, now(), owned)),
    getSession: (id, owned = {}) => read(() => sessions.get(id, owned)),
    listSessions: (page) => read(() => sessions.list(page)),
    renameSession: (id, title, owned = {}) => write(() => sessions.rename(id, title, now(), owned)),
    removeSession: (id, owned = {}) => write(() => sessions.remove(id, owned)),
    appendTurn: (id, turn, title, place = {}) =>
      write(() => sessions.append(id, turn, { title, nowMs: now() }, place)),

    putTurnVectors: (id, entries) =>
      write(() => {
        for (const { ordinal, vector } of entries) {
          const { setId, blob } = vectors.pack(vector)
          sessions.putVector(setId, id, ordinal, blob)
        }
      }),

    hasTurnVectors: () =>
      read(() => {
        const setId = vectors.activeSetId()
        return setId !== undefined && sessions.hasVectors(setId)
      }),

    searchTurnsByTerms: (terms, limit, owned = {}) =>
      read(() => (terms.length === 0 ? [] : sessions.searchTerms(anyOf(terms), limit, owned))),

    searchTurnsByVector: (vector, limit, owned = {}) =>
      read(() => {
        const { setId, blob } = vectors.pack(vector)
        return sessions.searchVector(setId, blob, limit, owned)
      }),
  }
}
