import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GemdexError } from '../errors.js'
import { limitArrival } from './limit-arrival.js'

/** One request under way. */
export type Call = {
  readonly requestId: string
  readonly response: ServerResponse
  /** Aborts when the client leaves or the service gives up on the call; `reason` is the GemdexError to answer with. */
  readonly signal: AbortSignal
  readonly abort: (reason: GemdexError) => void
  /** Lifts the limit on the time that the request may take to arrive. */
  readonly mayTakeLonger: () => void
  /** Pattern of the route that took it. */
  route?: string
  /** Id of the key it came with. */
  keyId?: string
  /** Code of the error it ended with. */
  errorCode?: string
  /** Whether its answer is a stream of events, which a closing service cuts short. */
  streaming: boolean
  /** Whether its errors have the fields of the OpenAI protocol too. */
  isOpenAi: boolean
}

/** Begins a call and watches for its client to leave. */
export function beginCall(request: IncomingMessage, response: ServerResponse): Call {
  const controller = new AbortController()
  const abort = (reason: GemdexError) => controller.abort(reason)
  response.on('close', () => {
    if (!response.writableFinished) abort(new GemdexError('CANCELLED', 'The client left'))
  })
  const requestId = takeRequestId(request.headers['x-request-id'])
  return {
    requestId,
    response,
    signal: controller.signal,
    abort,
    mayTakeLonger: limitArrival(request),
    streaming: false,
    isOpenAi: false,
  }
}

/** The client's own id when it is harmless in logs and headers, else a new one. */
export function takeRequestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID()
}
