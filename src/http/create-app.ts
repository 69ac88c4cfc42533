import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import { beginCall, type Call } from './call.js'
import type { Drain } from './drain.js'
import type { AllowedHosts } from './guards.js'
import { describeError, HttpError } from './http-error.js'
import { MAX_URL_CHARS } from './limits.js'
import { lingerOnClose } from './linger.js'
import { mayHaveLargeBody } from './read-json-body.js'
import type { Route, Services } from './route.js'
import { routes } from './routes.js'

export type AppDependencies = {
  readonly engine: SearchEngine
  readonly logger: Logger
  readonly hosts: AllowedHosts
  readonly drain: Drain
  readonly version?: string
}

/** The Express application: headers and guards of every request, then the routes, then the one handler of errors. */
export function createApp(dependencies: AppDependencies): Express {
  const { engine, logger, hosts, drain, version } = dependencies
  const onError = (thrown: unknown, call: Call) => noteError(logger, thrown, call)
  const services = {
    engine,
    isClosing: drain.isClosing,
    onError,
    ...(version === undefined ? {} : { version }),
  }
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', 'simple').set('env', 'production')
  app.use((request, response, next) => {
    const call = beginCall(request, response)
    response.locals.call = call
    drain.add(call)
    logWhenOver(logger, request, call)
    setHeaders(request, response, call)
    guard(request, hosts)
    next()
  })
  for (const path of new Set(routes.map((route) => route.path))) mount(app, path, services, drain)
  app.use(() => {
    throw new HttpError(404, 'NOT_FOUND', 'There is no such route', { hint: 'GET / lists the routes.' })
  })
  app.use((thrown: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError(thrown, response, onError),
  )
  return app
}

function mount(app: Express, path: string, services: Services, drain: Drain): void {
  const mounted = app.route(path)
  const here = routes.filter((route) => route.path === path)
  for (const { method, handle } of here) {
    const name = method.toLowerCase() as Lowercase<Route['method']>
    mounted[name](async (request, response) => {
      const call = callOf(response)
      call.route = path
      const value = await drain.during(call, () => handle(request, call, services))
      if (value !== undefined && !response.destroyed) response.json(value)
    })
  }
  const methods = here.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')
  mounted.all((request, response) => {
    callOf(response).route = path
    throw new HttpError(405, 'BAD_INPUT', `${request.method} is not a method of this route`, {
      hint: `It has ${methods}.`,
      field: 'method',
      headers: { allow: methods },
    })
  })
}

function callOf(response: Response): Call {
  return response.locals.call
}

function setHeaders(request: Request, response: Response, call: Call): void {
  response.setHeader('x-request-id', call.requestId)
  response.setHeader('x-content-type-options', 'nosniff')
  if (/^\/v1(?:\/|\?|$)/i.test(request.url)) response.setHeader('cache-control', 'no-store')
  // What is left of a large body is not read, so nothing can follow it on this connection.
  if (mayHaveLargeBody(request)) {
    response.setHeader('connection', 'close')
    lingerOnClose(request)
  }
}

/** Refuses what no route should see: foreign hosts and pages (DNS rebinding), over-long and absolute targets. */
function guard(request: IncomingMessage, hosts: AllowedHosts): void {
  const [host, another] = request.headersDistinct.host ?? []
  if (host === undefined || another !== undefined || !hosts.allowsHost(host)) {
    throw new GemdexError('FORBIDDEN', 'The Host header does not name this service', {
      hint: 'Address it as localhost or 127.0.0.1, or let its operator allow the name.',
    })
  }
  const origin = request.headers.origin
  if (origin !== undefined && !hosts.allowsOrigin(origin))
    throw new GemdexError('FORBIDDEN', 'Pages of other origins may not use this service')
  const url = request.url ?? ''
  if (url.length > MAX_URL_CHARS)
    throw new HttpError(414, 'BAD_INPUT', `The URL is longer than ${MAX_URL_CHARS} characters`, {
      field: 'url',
    })
  if (!url.startsWith('/'))
    throw new GemdexError('BAD_INPUT', 'The request target must be a path', { field: 'url' })
}

function answerError(
  thrown: unknown,
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
  const { status, headers, body } = describeError(error, call.requestId)
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
  const { body, masked } = describeError(thrown, call.requestId)
  call.errorCode = body.error.code
  if (masked) logger.error({ requestId: call.requestId, route: call.route, err: thrown }, 'request failed')
}

/** One line for each request: no query, no body, no id of a document. */
function logWhenOver(logger: Logger, request: IncomingMessage, call: Call): void {
  const started = performance.now()
  const { response } = call
  response.on('close', () => {
    const reason: unknown = call.signal.reason
    const code = call.errorCode ?? (reason instanceof GemdexError ? reason.code : undefined)
    logger.info(
      {
        method: request.method,
        route: call.route ?? null,
        status: statusOf(response),
        ms: Math.round((performance.now() - started) * 10) / 10,
        requestId: call.requestId,
        ...(code === undefined ? {} : { code }),
      },
      'request',
    )
  })
}

function statusOf(response: ServerResponse): number {
  return response.writableFinished ? response.statusCode : 499
}
