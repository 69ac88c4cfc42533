import type { IncomingMessage, RequestListener } from 'node:http'
import cors from 'cors'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { type EngineView, restrictEngine } from '../access/restrict-engine.js'
import { ALL_RIGHTS } from '../access/rights.js'
import type { Operation } from '../api/operation.js'
import { parseRequest } from '../api/parse-request.js'
import { noQuery } from '../api/schemas/service.js'
import type { SearchEngine } from '../engine.js'
import type { Logger } from '../logger.js'
import type { Rights } from '../types.js'
import { admitEngine, type Lanes } from './admit-engine.js'
import { answerError, endAfter, noteError } from './answer-error.js'
import type { Arrivals } from './arrivals.js'
import { beginCall, type Call } from './call.js'
import type { Drain } from './drain.js'
import type { Gate } from './gate.js'
import { type AllowedHosts, faultOf } from './guards.js'
import { HttpError } from './http-error.js'
import type { Lane } from './lane.js'
import { createRequestLog, logWhenOver } from './log-request.js'
import { type MessageClasses, messageClasses } from './message-classes.js'
import { bringsBody, hasBody, hasLongBody, mayHaveLargeBody, readJsonBody } from './read-body.js'
import { createReception, isWork } from './reception.js'
import type { Input, Route, Services } from './route.js'
import { allRoutes } from './routes/routes.js'
import { securityHeaders } from './security-headers.js'
import { sendJson } from './send-json.js'
import { createTurnAway } from './turn-away.js'

export type AppDependencies = Omit<Services, 'onError' | 'isClosing'> & {
  readonly logger: Logger
  readonly hosts: AllowedHosts
  readonly drain: Drain
  readonly gate: Gate
  readonly lanes: Lanes
  readonly arrivals: Arrivals
  /** Web pages that may use the service besides its own. */
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
}

/** What an error calls the query string when none of its parameters is at fault. */
const QUERY = 'query string'

export type App = {
  readonly listener: RequestListener
  /** What its server is to make requests and answers of. */
  readonly classes: MessageClasses
}

/**
 * What answers requests: headers and guards of every request, a refusal at once of what there is no room for, then the routes.
 * Express is for the routes alone.
 */
export function createApp(dependencies: AppDependencies): App {
  const { logger, hosts, drain, metrics, corsOrigins, lanes, arrivals } = dependencies
  const onError = (thrown: unknown, call: Call) => noteError(logger, thrown, call)
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', 'simple').set('env', 'production')
  app.set('trust proxy', [...dependencies.trustedProxies])
  if (corsOrigins.length > 0) app.use(allowPages(corsOrigins))
  const engineOf = engineFinder(dependencies.engine, lanes)
  mountAll(app, { ...dependencies, isClosing: drain.isClosing, onError, engineOf })
  app.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) =>
    answerError(thrown, request, callOf(response), onError),
  )
  const headers = securityHeaders()
  const reception = createReception(lanes, arrivals)
  const log = createRequestLog({ logger, metrics }, arrivals)
  const turnAway = createTurnAway({ headers, log, isClosing: drain.isClosing })
  const listener: RequestListener = (request, response) => {
    const fault = faultOf(request, hosts)
    const admission = reception.admissionOf(request)
    if (fault === undefined && admission?.lane.isFull && !hasLongBody(request)) {
      arrivals.count()
      turnAway(request, response, admission)
      return
    }
    const call = beginCall(request, response)
    drain.add(call)
    logWhenOver(call, log)
    response.setHeader('x-request-id', call.requestId)
    for (const [name, value] of headers) response.setHeader(name, value)
    const fail = (thrown: unknown) => answerError(thrown, request, call, onError)
    const goOn = () => app(request, Object.assign(response, { locals: { call } }))
    try {
      setHeaders(request, call)
      if (fault !== undefined) throw fault
      const received = reception.receive(request, call, admission)
      if (received === undefined) goOn()
      else
        received
          .then(() => call.signal.throwIfAborted())
          .then(goOn)
          .catch(fail)
    } catch (thrown) {
      fail(thrown)
    }
  }
  return { listener, classes: messageClasses(app) }
}

/** The engine as somebody's rights show it, admitted through lanes: one for everybody while no key is needed. */
function engineFinder(engine: SearchEngine, lanes: Lanes): (rights: Rights) => EngineView {
  const of = (rights: Rights) => admitEngine(restrictEngine(engine, rights), lanes)
  const open = of(ALL_RIGHTS)
  return (rights) => (rights === ALL_RIGHTS ? open : of(rights))
}

type Mounting = AppDependencies & Services & { readonly engineOf: (rights: Rights) => EngineView }

function mountAll(app: Express, dependencies: Mounting): void {
  const routes = allRoutes()
  for (const path of new Set(routes.map(({ operation }) => operation.path)))
    mount(app, path, routes, dependencies)
  app.use(() => {
    throw new HttpError(404, 'NOT_FOUND', 'There is no such route', { hint: 'GET / lists the routes.' })
  })
}

function mount(app: Express, path: string, routes: readonly Route[], dependencies: Mounting): void {
  const mounted = app.route(path)
  const here = routes.filter(({ operation }) => operation.path === path)
  for (const { operation, handle } of here) {
    const name = operation.method.toLowerCase() as Lowercase<Operation['method']>
    mounted[name](async (request, response) => {
      const call = callOf(response)
      call.route = path
      call.isOpenAi = operation.isOpenAi ?? false
      const value = await dependencies.drain.during(call, async () => {
        const rights = await rightsOf(request, operation, call, dependencies.gate)
        const engine = dependencies.engineOf(rights)
        const leave = await enterWithBody(request, operation, call, dependencies.uploads)
        try {
          const input = await readInput(request, operation)
          return await handle(input, { request, call, rights, engine, services: dependencies })
        } finally {
          leave()
        }
      })
      if (value !== undefined && !response.destroyed) sendJson(response, operation.status ?? 200, value)
    })
  }
  const methods = here
    .map(({ operation: { method } }) => (method === 'GET' ? 'GET, HEAD' : method))
    .join(', ')
  mounted.all((request, response) => {
    callOf(response).route = path
    throw new HttpError(405, 'BAD_INPUT', `${request.method} is not a method of this route`, {
      hint: `It has ${methods}.`,
      field: 'method',
      headers: { allow: methods },
    })
  })
}

/** Before anything of the request is looked at. */
async function rightsOf(request: Request, { access }: Operation, call: Call, gate: Gate): Promise<Rights> {
  if (access === 'open') return ALL_RIGHTS
  const rights = await gate.admit(request, access)
  if (rights.owner !== null) call.keyId = rights.owner
  return rights
}

/** Large bodies are held while they are worked on: few at once. */
async function enterWithBody(
  request: Request,
  { maxBodyBytes }: Operation,
  call: Call,
  uploads: Lane,
): Promise<() => void> {
  if (maxBodyBytes === undefined || !mayHaveLargeBody(request)) return () => {}
  const leave = await uploads.enter(call.signal)
  call.mayTakeLonger()
  return leave
}

/** The parts of a request as the operation's schemas let them through. */
async function readInput(request: Request, operation: Operation): Promise<Input> {
  const { method, access, params, query, body, mayLackBody, maxBodyBytes } = operation
  if (method === 'DELETE' && access !== 'open' && (await bringsBody(request))) throw bodyOfRemoval(operation)
  const read = async () => (mayLackBody && !hasBody(request) ? {} : readJsonBody(request, maxBodyBytes))
  return {
    params: params === undefined ? undefined : parseRequest(params, request.params, 'path'),
    // Most addresses have none, and probes of all kinds add something to those of what is open.
    query:
      query === undefined && (access === 'open' || !request.url.includes('?'))
        ? undefined
        : parseRequest(query ?? noQuery, request.query, QUERY),
    body: body === undefined ? undefined : parseRequest(body, await read(), 'body'),
  }
}

/** Taken no notice of, it would leave out what somebody thinks they have said, such as which part is to be removed. */
function bodyOfRemoval({ path }: Operation): HttpError {
  return new HttpError(400, 'BAD_INPUT', `DELETE ${path} takes no body`, {
    hint: 'What it is to be told belongs to the query of the address.',
    field: 'body',
  })
}

function callOf(response: Response): Call {
  return response.locals.call
}

function allowPages(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'x-api-key',
      'x-request-id',
      'mcp-session-id',
      'mcp-protocol-version',
      'last-event-id',
    ],
    exposedHeaders: ['x-request-id', 'retry-after', 'mcp-session-id'],
    maxAge: 600,
  })
}

function setHeaders(request: IncomingMessage, call: Call): void {
  if (isWork(request)) call.response.setHeader('cache-control', 'no-store')
  // What is left of a large body is not read, so nothing can follow it on this connection.
  if (mayHaveLargeBody(request)) endAfter(request, call)
}
