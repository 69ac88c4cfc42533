import type { Request } from 'express'
import type { EngineView } from '../access/restrict-engine.js'
import type { GivenAnswerOf, Operation, RequestOf } from '../api/operation.js'
import type { SearchEngine } from '../engine.js'
import type { Metrics } from '../metrics.js'
import type { Rights } from '../types.js'
import type { Call } from './call.js'
import type { Lane } from './lane.js'
import type { McpEndpoint } from './mcp-endpoint.js'

/** What the handlers work with. */
export type Services = {
  readonly engine: SearchEngine
  readonly version?: string
  readonly isClosing: () => boolean
  /** Told of errors that no answer's status shows, or whose answer hides what they are. */
  readonly onError: (thrown: unknown, call: Call) => void
  readonly metrics: Metrics
  /** Files that are being received. */
  readonly uploads: Lane
  readonly mcp?: McpEndpoint
}

/** One request, let in. */
export type Context = {
  readonly request: Request
  readonly call: Call
  readonly rights: Rights
  /** The engine as these rights show it. */
  readonly engine: EngineView
  readonly services: Services
}

export type Route = {
  readonly operation: Operation
  readonly handle: (input: Input, context: Context) => Promise<unknown>
}

/** A request's parts, as the operation's schemas give them. */
export type Input = { readonly params: unknown; readonly query: unknown; readonly body: unknown }

/**
 * How an operation is carried out: `handle` gets what the schemas let through, and gives what is answered; undefined when it has
 * answered by itself.
 */
export function route<Given extends Operation>(
  operation: Given,
  handle: (input: RequestOf<Given>, context: Context) => Promise<GivenAnswerOf<Given> | undefined>,
): Route {
  // What `handle` gets has been parsed by the very schemas that its type is made of.
  return { operation, handle: (input, context) => handle(input as RequestOf<Given>, context) }
}
