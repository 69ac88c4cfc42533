import type { Request } from 'express'
import { parseRequest } from '../api/parse-request.js'
import { noQuery } from '../api/schemas.js'
import type { SearchEngine } from '../engine.js'
import type { Call } from './call.js'

/** What an error calls the query string when none of its parameters is at fault. */
export const QUERY = 'query string'

/** What the handlers work with. */
export type Services = {
  readonly engine: SearchEngine
  readonly version?: string
  readonly isClosing: () => boolean
  /** Told of errors that no answer's status shows, or whose answer hides what they are. */
  readonly onError: (thrown: unknown, call: Call) => void
}

export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Gives what is sent as JSON with status 200; undefined when it has answered by itself. */
  readonly handle: (request: Request, call: Call, services: Services) => Promise<unknown>
}

/** For routes that take none. */
export function refuseQuery(request: Request): void {
  parseRequest(noQuery, request.query, QUERY)
}
