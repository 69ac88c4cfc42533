import type { IncomingMessage } from 'node:http'
import { GemdexError } from '../errors.js'
import type { Logger } from '../logger.js'
import type { Call } from './call.js'
import { describeError } from './http-error.js'
import { lingerOnClose } from './linger.js'
import { hasLongBody } from './read-body.js'
import { sendJson } from './send-json.js'

/** Notes an error in the log of its call, and whole where the answer hides what it is. */
export function noteError(logger: Logger, thrown: unknown, call: Call): void {
  const { body, masked } = describeError(thrown, call)
  call.errorCode = body.error.code
  if (masked) logger.error({ requestId: call.requestId, route: call.route, err: thrown }, 'request failed')
}

/** Ends a call with what went wrong. */
export function answerError(
  thrown: unknown,
  request: IncomingMessage,
  call: Call,
  onError: (thrown: unknown, call: Call) => void,
): void {
  const { response } = call
  // A cancelled call tells why it was: the client left, or the service closes.
  const cancelled = call.signal.aborted && thrown instanceof GemdexError && thrown.code === 'CANCELLED'
  const error = cancelled ? call.signal.reason : fromRouter(thrown)
  onError(error, call)
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  // The rest of a long body is not waited for.
  if (hasLongBody(request) && !request.complete) endAfter(request, call)
  const { status, headers, body } = describeError(error, call)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  sendJson(response, status, body)
}

/** Ends the connection after the answer. */
export function endAfter(request: IncomingMessage, { response }: Call): void {
  response.setHeader('connection', 'close')
  lingerOnClose(request)
}

/** The router itself throws only for a path parameter with broken percent-encoding. */
function fromRouter(thrown: unknown): unknown {
  if (!(thrown instanceof URIError)) return thrown
  return new GemdexError('BAD_INPUT', 'The path has a broken percent-encoding', {
    field: 'id',
    cause: thrown,
  })
}
