import type { Request } from 'express'
import { parseRequest } from '../api/parse-request.js'
import {
  askRequest,
  documentPath,
  listQuery,
  modelsQuery,
  searchQuery,
  searchRequest,
  similarQuery,
  suggestQuery,
} from '../api/schemas.js'
import { summaryOf } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Call } from './call.js'
import { MAX_ASK_BODY_BYTES } from './limits.js'
import { readJsonBody } from './read-json-body.js'
import { QUERY, type Route, refuseQuery, type Services } from './route.js'
import { sessionRoutes } from './session-routes.js'
import { streamAnswer } from './stream-answer.js'

/** Every route there is, in the order they are listed. */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/search',
    async handle(request, { signal }, { engine }) {
      refuseQuery(request)
      const body = parseRequest(searchRequest, await readJsonBody(request), 'body')
      return engine.search({ ...body, signal })
    },
  },
  {
    method: 'GET',
    path: '/v1/search',
    handle: async (request, { signal }, { engine }) =>
      engine.search({ ...parseRequest(searchQuery, request.query, QUERY), signal }),
  },
  { method: 'POST', path: '/v1/ask', handle: ask },
  ...sessionRoutes,
  {
    method: 'GET',
    path: '/v1/documents',
    async handle(request, _, { engine }) {
      const { items, total, next } = await engine.listDocuments(parseRequest(listQuery, request.query, QUERY))
      return { documents: items, total, ...(next === undefined ? {} : { next }) }
    },
  },
  {
    method: 'GET',
    path: '/v1/documents/:id',
    handle: async (request, _, { engine }) => summaryOf(await engine.getDocument(referenceOf(request))),
  },
  {
    method: 'DELETE',
    path: '/v1/documents/:id',
    handle: async (request, _, { engine }) => ({
      removed: await engine.removeDocument(referenceOf(request)),
    }),
  },
  {
    method: 'GET',
    path: '/v1/documents/:id/content',
    async handle(request, _, { engine }) {
      const { id, uri, title, text, blocks, passages } = await engine.getDocument(referenceOf(request))
      return { id, uri, title, text, blocks, passages }
    },
  },
  {
    method: 'GET',
    path: '/v1/documents/:id/similar',
    async handle(request, _, { engine }) {
      const { id } = parseRequest(documentPath, request.params, 'path')
      return engine.similar(id, parseRequest(similarQuery, request.query, QUERY))
    },
  },
  {
    method: 'GET',
    path: '/v1/suggest',
    async handle(request, _, { engine }) {
      const { q, ...options } = parseRequest(suggestQuery, request.query, QUERY)
      return { suggestions: await engine.suggest(q, options) }
    },
  },
  {
    method: 'GET',
    path: '/v1/status',
    async handle(request, _, { engine }) {
      refuseQuery(request)
      // Where the index and its folders lie on this machine is not for clients.
      const { db: _db, collections, ...status } = await engine.status()
      return { ...status, collections: collections.map(({ root: _root, ...collection }) => collection) }
    },
  },
  {
    method: 'GET',
    path: '/v1/models',
    async handle(request, { signal }, { engine }) {
      const { method } = parseRequest(modelsQuery, request.query, QUERY)
      const models = await engine.models({ signal })
      return { models: models.filter(({ methods }) => method === undefined || methods.includes(method)) }
    },
  },
  { method: 'GET', path: '/healthz', handle: async () => ({ status: 'ok' }) },
  { method: 'GET', path: '/readyz', handle: checkReady },
  {
    method: 'GET',
    path: '/',
    handle: async (_request, _call, { version }) => ({
      name: 'gemdex',
      ...(version === undefined ? {} : { version }),
      routes: routes.map(({ method, path }) => `${method} ${path}`),
    }),
  },
]

async function ask(request: Request, call: Call, { engine, onError }: Services): Promise<unknown> {
  refuseQuery(request)
  const body = parseRequest(askRequest, await readJsonBody(request, MAX_ASK_BODY_BYTES), 'body')
  const { question, generation, ...rest } = body
  const options = {
    ...rest,
    ...(generation === undefined ? {} : { settings: generation }),
    signal: call.signal,
  }
  if (request.accepts('application/json', 'text/event-stream') !== 'text/event-stream')
    return engine.answer(question, options)
  return streamAnswer(engine.ask(question, options), call, (thrown) => onError(thrown, call))
}

async function checkReady(_: Request, call: Call, services: Services): Promise<unknown> {
  if (services.isClosing()) throw new GemdexError('UNAVAILABLE', 'The service is closing')
  try {
    await services.engine.listDocuments({ limit: 1 })
  } catch (error) {
    services.onError(error, call)
    throw new GemdexError('UNAVAILABLE', 'The index cannot be read', { cause: error })
  }
  return { status: 'ready' }
}

function referenceOf(request: Request): string {
  refuseQuery(request)
  return parseRequest(documentPath, request.params, 'path').id
}
