import type { Page } from '../store/store.js'
import type { ScoredTurn, Session, SessionSummary, Turn } from '../types.js'

/** A turn to be added: its place in the conversation and the time are the store's to give. */
export type NewTurn = Omit<Turn, 'ordinal' | 'createdMs'>

/**
 * Whose conversations count: those of a key by its id, those of no key for null, everybody's when left out. A conversation of
 * somebody else is not there. What is made belongs to the owner.
 */
export type Owned = { readonly owner?: string | null }

/** Whose the conversation is, and which turn whoever answered took for its last one; 0 for none. */
export type Place = Owned & { readonly after?: number }

/** What a turn is found by. */
export type TurnTerms = {
  /** Analysed terms of question and answer, blank-separated. */
  readonly terms: string
}

/**
 * Seam: keeps conversations.
 *
 * Every write is durable when its promise resolves. Removing a document blanks what stored turns quote of it, in the same
 * transaction: the quotes of its citations, and the sentences of the answers that may rest on it alone. Methods throw
 * GemdexErrors with a STORE_ code.
 */
export interface SessionStore {
  /** Throws STORE_READ_ONLY where nothing can be written: to be asked before anything is paid for that is to be kept. */
  requireWritable(): Promise<void>
  /** Gives the conversation, new or as it was. An empty title is taken from its first turn. */
  openSession(id: string, title: string, owned?: Owned): Promise<Session>
  getSession(id: string, owned?: Owned): Promise<Session | undefined>
  /** Those with the latest turn first. `after` is the `next` of the page before. */
  listSessions(
    page: { readonly limit: number; readonly after?: string } & Owned,
  ): Promise<Page<SessionSummary>>
  /** False when there is none of that id. */
  renameSession(id: string, title: string, owned?: Owned): Promise<boolean>
  removeSession(id: string, owned?: Owned): Promise<boolean>
  /**
   * Adds a turn at the end of the conversation, which is made when there is none of that id; names it if nobody has. Throws
   * SESSION_BUSY when its last turn is not the one that the place says: another process has added one, or removed it.
   */
  appendTurn(id: string, turn: NewTurn & TurnTerms, title: string, place?: Place): Promise<Turn>
  /** Remembers vectors of turns; a turn loses its vector when part of it is blanked. STORE_FAILED before anything was indexed. */
  putTurnVectors(
    id: string,
    vectors: readonly { readonly ordinal: number; readonly vector: Float32Array }[],
  ): Promise<void>
  /** Whether any turn has a vector of the active set. */
  hasTurnVectors(): Promise<boolean>
  /** Turns with any of the terms, by BM25. */
  searchTurnsByTerms(terms: readonly string[], limit: number, owned?: Owned): Promise<ScoredTurn[]>
  /** Turns that have a vector, by cosine. */
  searchTurnsByVector(vector: Float32Array, limit: number, owned?: Owned): Promise<ScoredTurn[]>
}
