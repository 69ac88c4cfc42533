import { randomBytes } from 'node:crypto'
import { GemdexError } from '../errors.js'
import type { Page } from '../store/store.js'
import type { Session, SessionSummary } from '../types.js'
import type { EmbeddedTurns, TurnWriter } from './embed-turns.js'
import { type FoundTurns, type SearchTurnsRequest, searchTurns, type TurnSearcher } from './search-turns.js'
import type { Owned, SessionStore } from './session-store.js'
import { unknownSession } from './unknown-session.js'

const MAX_TITLE_CHARS = 200
/** Too many to be guessed. */
const ID_BYTES = 12

/** Stored conversations. What names one that does not exist, or is not the owner's, throws NOT_FOUND. */
export interface Sessions {
  /** Those with the latest turn first. `after` is the `next` of the page before. */
  list(page: { readonly limit: number; readonly after?: string } & Owned): Promise<Page<SessionSummary>>
  get(id: string, owned?: Owned): Promise<Session>
  /** One without turns. Its title is its first question's unless given; BAD_INPUT for one that is blank or too long. */
  create(title?: string, owned?: Owned): Promise<Session>
  rename(id: string, title: string, owned?: Owned): Promise<void>
  remove(id: string, owned?: Owned): Promise<void>
  /** Finds turns of past conversations by their words, and by meaning where they were embedded. */
  search(request: SearchTurnsRequest): Promise<FoundTurns>
  /** Embeds the turns of a conversation, so that they are found by meaning. */
  embed(id: string, options?: { readonly signal?: AbortSignal }): Promise<EmbeddedTurns>
}

export type SessionsDependencies = {
  readonly store: SessionStore
  readonly searcher: () => Promise<TurnSearcher>
  readonly writer: () => Promise<TurnWriter>
}

export function createSessions({ store, searcher, writer }: SessionsDependencies): Sessions {
  async function get(id: string, owned?: Owned): Promise<Session> {
    const session = await store.getSession(id, owned)
    if (session === undefined) throw unknownSession(id)
    return session
  }

  return {
    list: (page) => store.listSessions(page),
    get,
    create: async (title, owned) =>
      store.openSession(newSessionId(), title === undefined ? '' : checkTitle(title), owned),
    async rename(id, title, owned) {
      if (!(await store.renameSession(id, checkTitle(title), owned))) throw unknownSession(id)
    },
    async remove(id, owned) {
      if (!(await store.removeSession(id, owned))) throw unknownSession(id)
    },
    search: async (request) => searchTurns(request, store, await searcher()),
    async embed(id, options = {}) {
      const { embedTurns } = await import('./embed-turns.js')
      return embedTurns(await get(id), store, await writer(), options.signal)
    },
  }
}

export function newSessionId(): string {
  return randomBytes(ID_BYTES).toString('hex')
}

function checkTitle(title: string): string {
  const line = title.replace(/\s+/g, ' ').trim()
  if (line === '' || line.length > MAX_TITLE_CHARS)
    throw new GemdexError('BAD_INPUT', `A title has 1 to ${MAX_TITLE_CHARS} characters`, { field: 'title' })
  return line
}
