import type { ServerResponse } from 'node:http'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import type { Metrics } from '../metrics.js'
import type { Arrivals } from './arrivals.js'
import type { Call } from './call.js'

/** Lines wait no longer than this for what came together. */
const MOST_MS = 250

/** A request that is over. */
export type Served = {
  readonly method: string | undefined
  /** Pattern of the route that took it. */
  readonly route: string | undefined
  readonly status: number
  readonly ms: number
  readonly requestId: string
  /** Id of the key it came with. */
  readonly key?: string | undefined
  /** Code of the error it ended with. */
  readonly code?: string | undefined
}

export type RequestLog = (served: Served) => void

/**
 * One line, and one count, for each request: no query, no body, no id of a document, no key. In a burst they are written when all that
 * came together are read: a line costs a call of the system.
 */
export function createRequestLog(
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  arrivals: Arrivals,
): RequestLog {
  let held: Served[] = []

  function write({ method, route, status, ms, requestId, key, code }: Served): void {
    logger.info(
      {
        method,
        route: route ?? null,
        status,
        ms: Math.round(ms * 10) / 10,
        requestId,
        ...(key === undefined ? {} : { key }),
        ...(code === undefined ? {} : { code }),
      },
      'request',
    )
    // Of what no route took, neither path nor method is ours: each value would be kept for ever.
    const label = route === undefined ? 'none' : (method ?? 'none')
    metrics.served({ method: label, route: route ?? 'none', status, ms })
  }

  function writeHeld(): void {
    const lines = held
    held = []
    lines.forEach(write)
  }

  return (served) => {
    if (arrivals.areOver) return write(served)
    if (held.push(served) === 1) void arrivals.settled(MOST_MS).then(writeHeld)
  }
}

/** Logs a call when it is over. */
export function logWhenOver(call: Call, log: RequestLog): void {
  const started = performance.now()
  const { response } = call
  response.on('close', () => {
    const reason: unknown = call.signal.reason
    log({
      method: response.req.method,
      route: call.route,
      status: statusOf(response),
      ms: performance.now() - started,
      requestId: call.requestId,
      key: call.keyId,
      code: call.errorCode ?? (reason instanceof GemdexError ? reason.code : undefined),
    })
  })
}

function statusOf(response: ServerResponse): number {
  return response.writableFinished ? response.statusCode : 499
}
