import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import { answerClientErrors } from './answer-client-errors.js'
import { createApp } from './create-app.js'
import { createDrain, type DrainTimes, defaultDrainTimes } from './drain.js'
import { allowHosts, refuseUnsafeHost } from './guards.js'
import {
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
} from './limits.js'

export type HttpServerOptions = {
  readonly engine: SearchEngine
  readonly logger: Logger
  /** Names besides the loopback ones that requests may address the service by. */
  readonly allowedHosts: readonly string[]
  readonly version?: string
  readonly drainTimes?: Partial<DrainTimes>
}

export type RunningHttpServer = {
  readonly url: string
  /**
   * Stops accepting, lets requests finish, ends streams with an `error` event and idle connections; resolves when nothing
   * uses the engine any more, 11 s later at most. The engine itself stays open. May be called again.
   */
  close(): Promise<void>
}

export type HttpServer = {
  /** Throws BAD_CONFIG for an address that is not this machine's own, or cannot be had. Port 0 takes any free one. */
  listen(host: string, port: number): Promise<RunningHttpServer>
}

/** The HTTP face of an engine. Throws BAD_CONFIG for an allowed host that is no plain name. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { engine, logger, version } = options
  const drain = createDrain({ ...defaultDrainTimes, ...options.drainTimes })
  const app = createApp({
    engine,
    logger,
    hosts: allowHosts(options.allowedHosts),
    drain,
    ...(version === undefined ? {} : { version }),
  })
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // A missing Host is refused with the others, in the shape that errors have here.
      requireHostHeader: false,
    },
    app,
  )
  // An expectation that is not known may be passed over (RFC 9110, section 10.1.1); Node's own answer has no body.
  server.on('checkExpectation', app)
  answerClientErrors(server, logger)
  drain.watch(server)
  let closed: Promise<void> | undefined
  return {
    async listen(host, port) {
      refuseUnsafeHost(host)
      await bind(server, host, port)
      const { address, family, port: bound } = server.address() as AddressInfo
      return {
        url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
        close() {
          closed ??= drain.close(server)
          return closed
        },
      }
    },
  }
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
