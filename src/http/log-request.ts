import type { IncomingMessage, ServerResponse } from 'node:http'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import type { Metrics } from '../metrics.js'
import type { Call } from './call.js'

/** One line, and one count, for each request: no query, no body, no id of a document, no key. */
export function logWhenOver(
  request: IncomingMessage,
  call: Call,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
): void {
  const started = performance.now()
  const { response } = call
  response.on('close', () => {
    const reason: unknown = call.signal.reason
    const code = call.errorCode ?? (reason instanceof GemdexError ? reason.code : undefined)
    const status = statusOf(response)
    const ms = performance.now() - started
    logger.info(
      {
        method: request.method,
        route: call.route ?? null,
        status,
        ms: Math.round(ms * 10) / 10,
        requestId: call.requestId,
        ...(call.keyId === undefined ? {} : { key: call.keyId }),
        ...(code === undefined ? {} : { code }),
      },
      'request',
    )
    // Of what no route took, neither path nor method is ours: each value would be kept for ever.
    const method = call.route === undefined ? 'none' : (request.method ?? 'none')
    metrics.served({ method, route: call.route ?? 'none', status, ms })
  })
}

function statusOf(response: ServerResponse): number {
  return response.writableFinished ? response.statusCode : 499
}
