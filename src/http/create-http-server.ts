import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import { createLogger, type Logger } from '../logger.js'
import { createMetrics, type Metrics } from '../metrics.js'
import type { Lanes } from './admit-engine.js'
import { answerClientErrors } from './answer-client-errors.js'
import { createArrivals } from './arrivals.js'
import { type App, type AppDependencies, createApp } from './create-app.js'
import { createDrain, type DrainTimes, defaultDrainTimes } from './drain.js'
import { createGate } from './gate.js'
import { allowHosts, isLoopback, refuseUnsafeHost } from './guards.js'
import { createLane, type LaneSize } from './lane.js'
import {
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  STALLED_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
  UPLOAD_TIMEOUT_MS,
} from './limits.js'
import type { McpEndpoint } from './mcp-endpoint.js'
import { measureService } from './measure-service.js'
import { createThrottle } from './throttle.js'
import { requestWith, warmUp } from './warm-up.js'

export type HttpServerOptions = {
  readonly engine: SearchEngine
  readonly logger: Logger
  readonly metrics?: Metrics
  readonly mcp?: McpEndpoint
  /** Names besides the loopback ones that requests may address the service by. */
  readonly allowedHosts?: readonly string[]
  /** Web pages of other origins that may use it. */
  readonly corsOrigins?: readonly string[]
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[]
  /** Requests a minute that each key may make. Default 1,000. */
  readonly keyRpm?: number
  readonly version?: string
  readonly drainTimes?: Partial<DrainTimes>
  /** Whether queries are embedded in this process, so that searches are bounded by its processors alone. */
  readonly embedsHere?: boolean
  /** The same of answers: whether they are found in this process, without a model. */
  readonly answersHere?: boolean
  readonly laneSizes?: Partial<LaneSizes>
  /** Whether it answers requests of its own before it listens, so that the first ones of others take no longer than later ones. */
  readonly warmsUp?: boolean
}

export type LaneSizes = Readonly<Record<keyof Lanes | 'uploads', LaneSize>>

type WorkDone = Pick<HttpServerOptions, 'embedsHere' | 'answersHere'>

/**
 * What waits for a model elsewhere takes no processor meanwhile, so many are served at once. Searches and answers that are all
 * work end no sooner for having more beside them than there are processors. Writing is one transaction after another anyway; a
 * file that is received may take 50 MB; a survey of the whole index takes a core.
 */
export function defaultLaneSizes({ embedsHere, answersHere }: WorkDone): LaneSizes {
  const atOnce = (isDoneHere = false) => (isDoneHere ? availableParallelism() : 64)
  return {
    reading: { atOnce: atOnce(embedsHere), waiting: 64 },
    answering: { atOnce: atOnce(answersHere), waiting: 64 },
    writing: { atOnce: 8, waiting: 64 },
    surveying: { atOnce: 1, waiting: 8 },
    uploads: { atOnce: 2, waiting: 64 },
  }
}

export const KEY_RPM = 1_000

export type RunningHttpServer = {
  readonly url: string
  /**
   * Stops accepting, lets requests finish, ends streams with an `error` event and idle connections; resolves when nothing
   * uses the engine any more, 9 s later at most. The engine itself stays open. May be called again.
   */
  close(): Promise<void>
}

export type HttpServer = {
  /**
   * Throws BAD_CONFIG for an address that others may reach while no key is needed, or that cannot be had. Port 0 takes any
   * free one.
   */
  listen(host: string, port: number): Promise<RunningHttpServer>
}

/** The HTTP face of an engine. Throws BAD_CONFIG for an allowed host that is no plain name. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { engine, logger, version, mcp, corsOrigins = [], metrics = createMetrics() } = options
  const arrivals = createArrivals()
  const drain = createDrain({ ...defaultDrainTimes, ...options.drainTimes }, arrivals)
  const hosts = allowHosts(options.allowedHosts ?? [], corsOrigins)
  const throttle = createThrottle(options.keyRpm ?? KEY_RPM)
  const sizes = { ...defaultLaneSizes(options), ...options.laneSizes }
  const lanes = {
    reading: createLane('requests', sizes.reading),
    answering: createLane('answers', sizes.answering),
    writing: createLane('changes', sizes.writing),
    surveying: createLane('surveys', sizes.surveying),
  }
  const uploads = createLane('files', sizes.uploads)
  measureService(metrics, { engine, lanes: { ...lanes, uploads }, ...(mcp === undefined ? {} : { mcp }) })
  let closed: Promise<void> | undefined
  return {
    async listen(host, port) {
      refuseUnsafeHost(host, await engine.keys.isInUse())
      const facts = {
        engine,
        metrics,
        hosts,
        uploads,
        corsOrigins,
        trustedProxies: options.trustedProxies ?? [],
        gate: createGate({ keys: engine.keys, throttle, mayBeOpen: isLoopback(host.toLowerCase()) }),
        ...(version === undefined ? {} : { version }),
        ...(mcp === undefined ? {} : { mcp }),
      }
      if (options.warmsUp) await warmUpAs(facts)
      const server = openServer(createApp({ ...facts, logger, drain, lanes, arrivals }), logger)
      drain.watch(server)
      arrivals.watch(server)
      await bind(server, host, port)
      return {
        url: urlOf(server.address() as AddressInfo),
        close() {
          closed ??= drain.close(server).then(() => mcp?.close())
          return closed
        },
      }
    },
  }
}

/**
 * V8 compiles a function when it first runs, and well only when it has run for some time: the first requests of a service would take
 * several times as long as later ones, and a burst of them would wait for one another.
 */
async function warmUpAs(
  facts: Omit<AppDependencies, 'logger' | 'drain' | 'lanes' | 'arrivals'>,
): Promise<void> {
  // Nobody is to see these requests.
  const logger = createLogger('silent', { write: () => undefined })
  const metrics = { ...facts.metrics, served: () => undefined }
  const lane = (atOnce: number, waiting = 0) => createLane('requests', { atOnce, waiting })
  // Some are let in, some wait until there are too many of them, the others find no room.
  const lanes = { reading: lane(0), answering: lane(10, 16), writing: lane(0), surveying: lane(0) }
  const arrivals = createArrivals()
  const drain = createDrain(defaultDrainTimes, arrivals)
  const server = openServer(createApp({ ...facts, logger, metrics, drain, lanes, arrivals }), logger)
  arrivals.watch(server)
  drain.watch(server)
  await warmUp(server, [requestWith('/v1/search', {}), requestWith('/v1/ask', {})])
}

function openServer({ listener, classes }: App, logger: Logger): Server {
  const server = createServer(
    {
      ...classes,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // Only a file may take so long; see limitArrival.
      requestTimeout: UPLOAD_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // A missing Host is refused with the others, in the shape that errors have here.
      requireHostHeader: false,
    },
    listener,
  )
  // An expectation that is not known may be passed over (RFC 9110, section 10.1.1); Node's own answer has no body.
  server.on('checkExpectation', listener)
  // Nothing went either way for long. A model may think for long too; a client that has something to take may not.
  server.setTimeout(STALLED_MS, (socket) => {
    if (socket.writableLength > 0) socket.destroy()
  })
  answerClientErrors(server, logger)
  return server
}

/** Where the service is reached from this machine; a wildcard is no address that one can go to. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (address === '::') return `http://[::1]:${port}`
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

const bindFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'needs more rights than this program has',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not an address of this machine',
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const why = bindFaults[error.code ?? ''] ?? `cannot be listened on (${error.code})`
      reject(
        new GemdexError('BAD_CONFIG', `${host}:${port} ${why}`, {
          hint: 'Choose another port with --port.',
          field: 'port',
          cause: error,
        }),
      )
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}
