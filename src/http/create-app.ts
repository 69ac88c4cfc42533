import cors from 'cors'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import helmet from 'helmet'
import { restrictEngine } from '../access/restrict-engine.js'
import { ALL_RIGHTS } from '../access/rights.js'
import type { Operation } from '../api/operation.js'
import { parseRequest } from '../api/parse-request.js'
import { noQuery } from '../api/schemas/service.js'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import type { Rights } from '../types.js'
import { admitEngine, type Lanes } from './admit-engine.js'
import { beginCall, type Call } from './call.js'
import type { Drain } from './drain.js'
import type { Gate } from './gate.js'
import { type AllowedHosts, guardRequest } from './guards.js'
import { describeError, HttpError } from './http-error.js'
import type { Lane } from './lane.js'
import { lingerOnClose } from './linger.js'
import { logWhenOver } from './log-request.js'
import { hasBody, mayHaveLargeBody, readJsonBody } from './read-body.js'
import type { Input, Route, Services } from './route.js'
import { allRoutes } from './routes/routes.js'

export type AppDependencies = Omit<Services, 'onError' | 'isClosing'> & {
  readonly logger: Logger
  readonly hosts: AllowedHosts
  readonly drain: Drain
  readonly gate: Gate
  readonly lanes: Lanes
  /** Web pages that may use the service besides its own. */
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
}

/** What an error calls the query string when none of its parameters is at fault. */
const QUERY = 'query string'

/** The Express application: headers and guards of every request, then the routes, then the one handler of errors. */
export function createApp(dependencies: AppDependencies): Express {
  const { logger, hosts, drain, metrics, corsOrigins } = dependencies
  const onError = (thrown: unknown, call: Call) => noteError(logger, thrown, call)
  const services: Services = { ...dependencies, isClosing: drain.isClosing, onError }
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', 'simple').set('env', 'production')
  app.set('trust proxy', [...dependencies.trustedProxies])
  app.use((request, response, next) => {
    const call = beginCall(request, response)
    response.locals.call = call
    drain.add(call)
    logWhenOver(request, call, { logger, metrics })
    response.setHeader('x-request-id', call.requestId)
    next()
  })
  app.use(securityHeaders())
  app.use((request, response, next) => {
    setHeaders(request, response)
    guardRequest(request, hosts)
    next()
  })
  if (corsOrigins.length > 0) app.use(allowPages(corsOrigins))
  const routes = allRoutes()
  for (const path of new Set(routes.map(({ operation }) => operation.path)))
    mount(app, path, routes, { ...dependencies, ...services })
  app.use(() => {
    throw new HttpError(404, 'NOT_FOUND', 'There is no such route', { hint: 'GET / lists the routes.' })
  })
  app.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) =>
    answerError(thrown, request, response, onError),
  )
  return app
}

function mount(
  app: Express,
  path: string,
  routes: readonly Route[],
  dependencies: AppDependencies & Services,
): void {
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
        const engine = admitEngine(restrictEngine(dependencies.engine, rights), dependencies.lanes)
        const leave = await enterWithBody(request, operation, call, dependencies.uploads)
        try {
          const input = await readInput(request, operation)
          return await handle(input, { request, call, rights, engine, services: dependencies })
        } finally {
          leave()
        }
      })
      if (value !== undefined && !response.destroyed) response.status(operation.status ?? 200).json(value)
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
  const { access, params, query, body, mayLackBody, maxBodyBytes } = operation
  const read = async () => (mayLackBody && !hasBody(request) ? {} : readJsonBody(request, maxBodyBytes))
  return {
    params: params === undefined ? undefined : parseRequest(params, request.params, 'path'),
    // Probes of all kinds add something to the addresses of what is open.
    query:
      query === undefined && access === 'open'
        ? undefined
        : parseRequest(query ?? noQuery, request.query, QUERY),
    body: body === undefined ? undefined : parseRequest(body, await read(), 'body'),
  }
}

function callOf(response: Response): Call {
  return response.locals.call
}

function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Whether a name is served over HTTPS alone is for the proxy to say that does.
    strictTransportSecurity: false,
  })
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

function setHeaders(request: Request, response: Response): void {
  if (/^\/(?:v1|mcp)(?:\/|\?|$)/i.test(request.url)) response.setHeader('cache-control', 'no-store')
  // What is left of a large body is not read, so nothing can follow it on this connection.
  if (mayHaveLargeBody(request)) endAfter(request, response)
}

/** Ends the connection after the answer. */
function endAfter(request: Request, response: Response): void {
  response.setHeader('connection', 'close')
  lingerOnClose(request)
}

function answerError(
  thrown: unknown,
  request: Request,
  response: Response,
  onError: (thrown: unknown, call: Call) => void,
): void {
  const call = callOf(response)
  // A cancelled call tells why it was: the client left, or the service closes.
  const cancelled = call.signal.aborted && thrown instanceof GemdexError && thrown.code === 'CANCELLED'
  const error = cancelled ? call.signal.reason : fromRouter(thrown)
  onError(error, call)
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  // The rest of a body is not waited for.
  if (hasBody(request) && !request.complete) endAfter(request, response)
  const { status, headers, body } = describeError(error, call)
  response.status(status).set(headers).json(body)
}

/** The router itself throws only for a path parameter with broken percent-encoding. */
function fromRouter(thrown: unknown): unknown {
  if (!(thrown instanceof URIError)) return thrown
  return new GemdexError('BAD_INPUT', 'The path has a broken percent-encoding', {
    field: 'id',
    cause: thrown,
  })
}

function noteError(logger: Logger, thrown: unknown, call: Call): void {
  const { body, masked } = describeError(thrown, call)
  call.errorCode = body.error.code
  if (masked) logger.error({ requestId: call.requestId, route: call.route, err: thrown }, 'request failed')
}
