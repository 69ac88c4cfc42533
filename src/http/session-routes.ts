import type { Request } from 'express'
import { parseRequest } from '../api/parse-request.js'
import { newSession, sessionName, sessionPath, sessionSearchQuery, sessionsQuery } from '../api/schemas.js'
import { hasBody, readJsonBody } from './read-json-body.js'
import { QUERY, type Route, refuseQuery } from './route.js'

/** Conversations. The search stands before the ids, since the first route that fits is taken. */
export const sessionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/sessions',
    async handle(request, _, { engine }) {
      const { items, total, next } = await engine.sessions.list(
        parseRequest(sessionsQuery, request.query, QUERY),
      )
      return { sessions: items, total, ...(next === undefined ? {} : { next }) }
    },
  },
  {
    method: 'POST',
    path: '/v1/sessions',
    async handle(request, _, { engine }) {
      refuseQuery(request)
      const body = hasBody(request) ? await readJsonBody(request) : {}
      return engine.sessions.create(parseRequest(newSession, body, 'body').title)
    },
  },
  {
    method: 'GET',
    path: '/v1/sessions/search',
    handle: async (request, { signal }, { engine }) =>
      engine.sessions.search({ ...parseRequest(sessionSearchQuery, request.query, QUERY), signal }),
  },
  {
    method: 'GET',
    path: '/v1/sessions/:id',
    handle: async (request, _, { engine }) => engine.sessions.get(idOf(request)),
  },
  {
    method: 'PATCH',
    path: '/v1/sessions/:id',
    async handle(request, _, { engine }) {
      const id = idOf(request)
      const { title } = parseRequest(sessionName, await readJsonBody(request), 'body')
      await engine.sessions.rename(id, title)
      return engine.sessions.get(id)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/sessions/:id',
    async handle(request, _, { engine }) {
      const id = idOf(request)
      await engine.sessions.remove(id)
      return { removed: { id } }
    },
  },
]

function idOf(request: Request): string {
  refuseQuery(request)
  return parseRequest(sessionPath, request.params, 'path').id
}
