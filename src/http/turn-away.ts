import type { IncomingMessage, ServerResponse } from 'node:http'
import { takeRequestId } from './call.js'
import { describeError } from './http-error.js'
import type { Admission } from './lane-of.js'
import { limitArrival } from './limit-arrival.js'
import type { RequestLog } from './log-request.js'

export type TurnAwayOptions = {
  /** Those of every answer. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly log: RequestLog
  /** Whether the connection is to be closed after the answer. */
  readonly isClosing: () => boolean
}

/**
 * Answers who finds no room, and makes no call of it: in a burst the others wait meanwhile. The rest of its request is read, so it
 * must not have a long body.
 */
export type TurnAway = (request: IncomingMessage, response: ServerResponse, admission: Admission) => void

export function createTurnAway({ headers, log, isClosing }: TurnAwayOptions): TurnAway {
  const ofAll = [
    ...headers.flat(),
    ...['cache-control', 'no-store', 'content-type', 'application/json; charset=utf-8'],
  ]
  return (request, response, { lane, path, isOpenAi }) => {
    const started = performance.now()
    const requestId = takeRequestId(request.headers['x-request-id'])
    const { status, headers, body } = describeError(lane.refuse(), { requestId, isOpenAi })
    const text = JSON.stringify(body)
    // One list, which Node writes as it is: headers that are set one by one are kept, checked and copied.
    const named = { 'x-request-id': requestId, 'content-length': String(Buffer.byteLength(text)), ...headers }
    const ending = isClosing() ? ['connection', 'close'] : []
    response.writeHead(status, [...ofAll, ...Object.entries(named).flat(), ...ending])
    response.end(text)
    limitArrival(request)
    log({
      method: request.method,
      route: path,
      status,
      ms: performance.now() - started,
      requestId,
      code: body.error.code,
    })
  }
}
