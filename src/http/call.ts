import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GemdexError } from '../errors.js'

/** One request under way. */
export type Call = {
  readonly requestId: string
  readonly response: ServerResponse
  /** Aborts when the client leaves or the service gives up on the call; `reason` is the GemdexError to answer with. */
  readonly signal: AbortSignal
  readonly abort: (reason: GemdexError) => void
  /** Pattern of the route that took it. */
  route?: string
  /** Code of the error it ended with. */
  errorCode?: string
  /** Whether its answer is a stream of events, which a closing service cuts short. */
  streaming: boolean
}

/** Begins a call and watches for its client to leave. */
export function beginCall(request: IncomingMessage, response: ServerResponse): Call {
  const controller = new AbortController()
  const abort = (reason: GemdexError) => controller.abort(reason)
  response.on('close', () => {
    if (!response.writableFinished) abort(new GemdexError('CANCELLED', 'The client left'))
  })
  const requestId = takeRequestId(request.headers['x-request-id'])
  return { requestId, response, signal: controller.signal, abort, streaming: false }
}

/** The client's own id when it is harmless in logs and headers, else a new one. */
export function takeRequestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID()
}
