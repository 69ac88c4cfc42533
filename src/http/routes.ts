import type { Request } from 'express'
import { parseRequest } from '../api/parse-request.js'
import {
  askRequest,
  documentPath,
  listQuery,
  modelsQuery,
  noQuery,
  searchQuery,
  searchRequest,
} from '../api/schemas.js'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Call } from './call.js'
import { readJsonBody } from './read-json-body.js'
import { streamAnswer } from './stream-answer.js'

export type Handler = (request: Request, call: Call) => Promise<unknown>

export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Gives what is sent as JSON with status 200; undefined when it has answered by itself. */
  readonly handle: Handler
}

export type RouteDependencies = {
  readonly engine: SearchEngine
  readonly version?: string
  readonly isClosing: () => boolean
  /** Told of errors that no answer's status shows, or whose answer hides what they are. */
  readonly onError: (thrown: unknown, call: Call) => void
}

/** Every route there is, in the order they are listed. */
export function createRoutes(dependencies: RouteDependencies): readonly Route[] {
  const routes: Route[] = [
    ...askingRoutes(dependencies),
    ...documentRoutes(dependencies),
    ...stateRoutes(dependencies),
  ]
  const { version } = dependencies
  const overview = async () => ({
    name: 'gemdex',
    ...(version === undefined ? {} : { version }),
    routes: routes.map(({ method, path }) => `${method} ${path}`),
  })
  routes.push({ method: 'GET', path: '/', handle: overview })
  return routes
}

function askingRoutes({ engine, onError }: RouteDependencies): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/search',
      async handle(request, { signal }) {
        parseRequest(noQuery, request.query, 'query string')
        const body = parseRequest(searchRequest, await readJsonBody(request), 'body')
        return engine.search({ ...body, signal })
      },
    },
    {
      method: 'GET',
      path: '/v1/search',
      handle: async (request, { signal }) =>
        engine.search({ ...parseRequest(searchQuery, request.query, 'query string'), signal }),
    },
    {
      method: 'POST',
      path: '/v1/ask',
      async handle(request, call) {
        parseRequest(noQuery, request.query, 'query string')
        const body = parseRequest(askRequest, await readJsonBody(request), 'body')
        const { question, generation, ...rest } = body
        const options = {
          ...rest,
          ...(generation === undefined ? {} : { settings: generation }),
          signal: call.signal,
        }
        if (request.accepts('application/json', 'text/event-stream') !== 'text/event-stream')
          return engine.answer(question, options)
        return streamAnswer(engine.ask(question, options), call, (thrown) => onError(thrown, call))
      },
    },
  ]
}

function documentRoutes({ engine }: RouteDependencies): Route[] {
  const referenceOf = (request: Request) => {
    parseRequest(noQuery, request.query, 'query string')
    return parseRequest(documentPath, request.params, 'path').id
  }
  return [
    {
      method: 'GET',
      path: '/v1/documents',
      async handle(request) {
        const page = await engine.listDocuments(parseRequest(listQuery, request.query, 'query string'))
        const { items, total, next } = page
        return { documents: items, total, ...(next === undefined ? {} : { next }) }
      },
    },
    {
      method: 'GET',
      path: '/v1/documents/:id',
      async handle(request) {
        const { text: _, ...summary } = await engine.getDocument(referenceOf(request))
        return summary
      },
    },
    {
      method: 'DELETE',
      path: '/v1/documents/:id',
      handle: async (request) => ({ removed: await engine.removeDocument(referenceOf(request)) }),
    },
    {
      method: 'GET',
      path: '/v1/documents/:id/content',
      async handle(request) {
        const { id, uri, title, text } = await engine.getDocument(referenceOf(request))
        return { id, uri, title, text }
      },
    },
  ]
}

function stateRoutes({ engine, isClosing, onError }: RouteDependencies): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/status',
      async handle(request) {
        parseRequest(noQuery, request.query, 'query string')
        // Where the index and its folders lie on this machine is not for clients.
        const { db: _, collections, ...status } = await engine.status()
        return { ...status, collections: collections.map(({ root: _, ...collection }) => collection) }
      },
    },
    {
      method: 'GET',
      path: '/v1/models',
      async handle(request, { signal }) {
        const { method } = parseRequest(modelsQuery, request.query, 'query string')
        const models = await engine.models({ signal })
        return { models: models.filter(({ methods }) => method === undefined || methods.includes(method)) }
      },
    },
    { method: 'GET', path: '/healthz', handle: async () => ({ status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      async handle(_, call) {
        if (isClosing()) throw new GemdexError('UNAVAILABLE', 'The service is closing')
        try {
          await engine.listDocuments({ limit: 1 })
        } catch (error) {
          onError(error, call)
          throw new GemdexError('UNAVAILABLE', 'The index cannot be read', { cause: error })
        }
        return { status: 'ready' }
      },
    },
  ]
}
