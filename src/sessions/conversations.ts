import type { AnswerEvent, Answerer, AskRequest } from '../answer/answerer.js'
import type { Turn } from '../types.js'
import { askInSession, type SessionRef } from './ask-in-session.js'
import { createSerialiser } from './serialise.js'
import type { Owned, SessionStore } from './session-store.js'
import { newSessionId } from './sessions.js'
import { unknownSession } from './unknown-session.js'

export type TurnOptions = Omit<AskRequest, 'question' | 'past'>

export type AskOptions = TurnOptions &
  Owned & {
    /** A conversation that the question goes on with; NOT_FOUND when there is none of that id. Null is none. */
    readonly sessionId?: string | null
  }

/** A conversation: each question goes with what was answered before. Turns wait for one another. */
export interface Chat {
  readonly id: string
  ask(question: AskRequest['question'], options?: TurnOptions): AsyncIterable<AnswerEvent>
  /** The turns so far, oldest first. */
  history(): Promise<readonly Turn[]>
}

export type Conversations = {
  ask(question: AskRequest['question'], options: AskOptions): AsyncIterable<AnswerEvent>
  /** Goes on with a conversation (NOT_FOUND at the first use when there is none), or begins one that its first turn makes. */
  chat(id?: string): Chat
}

export function createConversations(parts: {
  readonly store: SessionStore
  readonly answerer: Answerer
}): Conversations {
  const dependencies = { ...parts, serialiser: createSerialiser() }
  const { store, answerer } = parts

  function chatIn(session: SessionRef): Chat {
    return {
      id: session.id,
      ask: (question, options = {}) => askInSession(session, { ...options, question }, dependencies),
      async history() {
        const known = await store.getSession(session.id)
        if (known === undefined && !session.isNew) throw unknownSession(session.id)
        return known?.turns ?? []
      },
    }
  }

  return {
    ask(question, { sessionId, owner, ...options }) {
      return sessionId === undefined || sessionId === null
        ? answerer.ask({ ...options, question })
        : askInSession(
            { id: sessionId, isNew: false, ...(owner === undefined ? {} : { owner }) },
            { ...options, question },
            dependencies,
          )
    },
    chat: (id) => chatIn(id === undefined ? { id: newSessionId(), isNew: true } : { id, isNew: false }),
  }
}
