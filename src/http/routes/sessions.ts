import { operations } from '../../api/operations.js'
import { type Route, route } from '../route.js'

/** Conversations. The search stands before the ids, since the first route that fits is taken. */
export const sessionRoutes: readonly Route[] = [
  route(operations.listSessions, async ({ query }, { engine }) => {
    const { items, total, next } = await engine.sessions.list(query)
    return { sessions: items, total, ...(next === undefined ? {} : { next }) }
  }),
  route(operations.createSession, ({ body }, { engine }) => engine.sessions.create(body.title)),
  route(operations.searchSessions, ({ query }, { engine, call: { signal } }) =>
    engine.sessions.search({ ...query, signal }),
  ),
  route(operations.getSession, ({ params }, { engine }) => engine.sessions.get(params.id)),
  route(operations.renameSession, async ({ params: { id }, body }, { engine }) => {
    await engine.sessions.rename(id, body.title)
    return engine.sessions.get(id)
  }),
  route(operations.removeSession, async ({ params: { id } }, { engine }) => {
    await engine.sessions.remove(id)
    return { removed: { id } }
  }),
]
